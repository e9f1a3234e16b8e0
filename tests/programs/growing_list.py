# verdict: memory_limit
# test_main: memory_limit
# message: memory


def first():
    return 1


def main():
    things = []
    while True:
        things.append('x' * 100_000)


def last():
    return 3
