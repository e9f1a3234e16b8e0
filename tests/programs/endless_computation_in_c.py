# verdict: timeout
# test_main: timeout


def first():
    return 1


def main():
    return 10 ** (10 ** 9) % 7


def last():
    return 3
