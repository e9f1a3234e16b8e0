# verdict: memory_limit
# test_main: memory_limit


def first():
    return 1


def main():
    things = []
    while True:
        things = [things]


def last():
    return 3
