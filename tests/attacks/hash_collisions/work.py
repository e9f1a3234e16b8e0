"""Many objects of one hash."""

class Same:
    def __hash__(self): return 1
    def __eq__(self, other): return self is other
def count(text): return {Same(): i for i in range(300)}
def answer(): return {Same() for _ in range(300)}
