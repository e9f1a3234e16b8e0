# verdict: failed
# test_main: error
# message: ended the whole program


def first():
    return 1


def main():
    import os
    os._exit(0)


def last():
    return 3
