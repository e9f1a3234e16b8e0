# verdict: timeout
# test_main: timeout
# message: ran too long


def first():
    return 1


def main():
    while True:
        pass


def last():
    return 3
