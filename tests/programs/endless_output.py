# verdict: output_limit
# test_main: output_limit
# message: printed more
# output: hello


def first():
    return 1


def main():
    while True:
        print('hello')


def last():
    return 3
