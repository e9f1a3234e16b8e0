"""Prints without end."""

def answer():
    while True: print("x" * 1000)
