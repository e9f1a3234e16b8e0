# verdict: failed
# test_main: failed


def first():
    return 1


def main():
    print('a\x00b')
    return '\ud800\x00'


def last():
    return 3
