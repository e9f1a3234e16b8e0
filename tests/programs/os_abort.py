# verdict: failed
# test_main: error
# message: crashed


def first():
    return 1


def main():
    import os
    os.abort()


def last():
    return 3
