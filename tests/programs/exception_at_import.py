# verdict: error
# message: ZeroDivisionError
1 / 0



def first():
    return 1


def main():
    return 2


def last():
    return 3
