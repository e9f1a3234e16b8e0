# verdict: failed
# test_main: error
# message: recursion


def first():
    return 1


def main():
    return main()


def last():
    return 3
