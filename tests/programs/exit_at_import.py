# verdict: error
# message: exit
import sys

sys.exit(3)



def first():
    return 1


def main():
    return 2


def last():
    return 3
