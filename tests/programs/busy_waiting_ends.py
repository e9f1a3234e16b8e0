# verdict: passed


def first():
    return 1


def main():
    import time
    until = time.monotonic() + 0.05
    while time.monotonic() < until:
        pass
    return 2


def last():
    return 3
