# verdict: failed
# test_main: error
# message: no need


def first():
    return 1


def main():
    import unittest
    raise unittest.SkipTest('no need')


def last():
    return 3
