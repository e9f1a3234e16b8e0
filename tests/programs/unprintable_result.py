# verdict: failed
# test_main: failed


def first():
    return 1


def main():
    class Odd:
        def __repr__(self):
            raise ValueError('no repr')
    return Odd()


def last():
    return 3
