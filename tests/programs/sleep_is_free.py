# verdict: passed


def first():
    return 1


def main():
    import time
    before = time.monotonic()
    time.sleep(3600)
    return 2 if time.monotonic() - before >= 3600 else 0


def last():
    return 3
