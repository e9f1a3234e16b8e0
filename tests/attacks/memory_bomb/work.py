"""Uses all memory there is."""

def answer():
    kept = []
    while True: kept.append(bytearray(1 << 20))
