# verdict: failed
# test_main: failed
# output: the value is 5


def first():
    return 1


def main():
    print('the value is', 5)
    return 5


def last():
    return 3
