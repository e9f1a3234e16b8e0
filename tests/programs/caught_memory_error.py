# verdict: passed


def first():
    return 1


def main():
    try:
        bytearray(10 ** 9)
    except MemoryError:
        return 2


def last():
    return 3
