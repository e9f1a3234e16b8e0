# expect: failed: an account keeps its history
class Overdrawn(Exception):
    pass


class Account:
    def __init__(self, owner):
        if not owner:
            raise ValueError("an account has an owner")
        self.owner, self.balance, self.history = owner, 0, []

    def deposit(self, amount):
        self.balance += amount
        return self.balance

    def withdraw(self, amount):
        if amount > self.balance:
            raise Overdrawn(f"there are only {self.balance}")
        self.balance -= amount
        self.history.append(("withdraw", amount))
        return self.balance


def interest(amount, rate, years=1):
    return amount * (1 + rate) ** years - amount


def statement(lines):
    for line in lines:
        print(line)
    return {"lines": len(lines), "last": lines[-1]}


def ask():
    return input()
