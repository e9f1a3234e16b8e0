# verdict: failed
# test_main: error
# message: input


def first():
    return 1


def main():
    return int(input('number? '))


def last():
    return 3
