# verdict: failed
# test_main: error
# message: KeyError


def first():
    return 1


def main():
    return {}['missing']


def last():
    return 3
