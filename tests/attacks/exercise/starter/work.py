def answer():
    return 0


def ordered(values):
    return values


def count(text):
    return {word: text.split().count(word) for word in text.split()}


def shout(text):
    return text


class Account:
    def __init__(self, balance):
        if balance < 0:
            raise ValueError("no debts")
        self.balance = balance

    def deposit(self, amount):
        self.balance += amount
