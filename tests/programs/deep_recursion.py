# verdict: passed


def first():
    return 1


def main():
    import sys
    sys.setrecursionlimit(100_000)


    def depth(n):
        return 0 if n == 0 else 1 + depth(n - 1)


    return 2 if depth(20_000) == 20_000 else 0


def last():
    return 3
