"""A loop that catches whatever should end it."""

def answer():
    while True:
        try:
            while True: pass
        except BaseException: pass
