# verdict: failed
# test_main: error


def first():
    return 1


def main():
    import sys
    sys.setrecursionlimit(10 ** 9)
    return main() + 1


def last():
    return 3
