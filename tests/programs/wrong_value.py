# verdict: failed
# test_main: failed
# message: answer.main() returned 5, expected 2


def first():
    return 1


def main():
    return 5


def last():
    return 3
