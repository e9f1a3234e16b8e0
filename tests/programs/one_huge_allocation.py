# verdict: memory_limit
# test_main: memory_limit


def first():
    return 1


def main():
    return len(bytearray(10 ** 9))


def last():
    return 3
