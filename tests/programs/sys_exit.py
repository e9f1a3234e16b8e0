# verdict: failed
# test_main: error
# message: sys.exit


def first():
    return 1


def main():
    import sys
    sys.exit(0)


def last():
    return 3
