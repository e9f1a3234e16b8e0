"""Results without end."""

import itertools
def ordered(values): return itertools.count()
def count(text): return iter(int, 1)
class Account:
    def __init__(self, balance): self.balance = itertools.repeat(1)
    def deposit(self, amount): return self.balance
