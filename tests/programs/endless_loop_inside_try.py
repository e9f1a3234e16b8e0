# verdict: timeout
# test_main: timeout
# message: ran too long


def first():
    return 1


def main():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def last():
    return 3
