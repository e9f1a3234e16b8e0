"""Objects: many accounts, methods, properties, comparison and sorting."""

from dataclasses import dataclass, field


@dataclass
class Account:
    """An account with its history."""

    owner: int
    balance: int = 0
    history: list = field(default_factory=list)

    def book(self, amount):
        """Adds or takes money; refuses to go below zero."""
        if self.balance + amount < 0:
            return False
        self.balance += amount
        self.history.append(amount)
        return True

    @property
    def turnover(self):
        """All that was moved."""
        return sum(abs(amount) for amount in self.history)

    def __lt__(self, other):
        return (self.balance, self.owner) < (other.balance, other.owner)


class Bank:
    """Accounts and what happens between them."""

    def __init__(self, accounts):
        self.accounts = [Account(owner, 1000) for owner in range(accounts)]
        self.refused = 0

    def transfer(self, source, target, amount):
        """Moves money from one account to another."""
        if self.accounts[source].book(-amount):
            self.accounts[target].book(amount)
        else:
            self.refused += 1


bank = Bank(500)
state = 1
for _ in range(400_000):
    state = (state * 69069 + 1) % 4294967296
    bank.transfer(state % 500, (state >> 9) % 500, state % 97)
ranking = sorted(bank.accounts)
print(bank.refused, ranking[0].owner, ranking[-1].owner, sum(account.turnover for account in bank.accounts))
