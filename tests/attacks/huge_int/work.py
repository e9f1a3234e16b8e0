"""A number of a billion digits."""

def answer(): return 10 ** (10 ** 9)
def shout(text): return 1 << (8 * 60_000_000)
