# verdict: failed
# test_main: error
# message: main


def first():
    return 1


def last():
    return 3
