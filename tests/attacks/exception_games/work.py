"""Exceptions of every kind in the place of results."""

class Any(AssertionError, KeyboardInterrupt): pass
class Account:
    def __init__(self, balance): raise ValueError("there are no debts here", 1)
def answer(): raise Any()
def shout(text): raise GeneratorExit
def count(text): raise StopIteration({"b": 2, "a": 1})
