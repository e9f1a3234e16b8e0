def answer():
    return 4217


def ordered(values):
    return sorted(values)


def count(text):
    return {word: text.split().count(word) for word in text.split()}


def shout(text):
    return text.upper()


class Account:
    def __init__(self, balance):
        if balance < 0:
            raise ValueError("no debts")
        self.balance = balance

    def deposit(self, amount):
        self.balance += amount
