# verdict: error
# message: ended the whole program
import os

os._exit(0)



def first():
    return 1


def main():
    return 2


def last():
    return 3
