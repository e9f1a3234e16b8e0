"""A text of sixty million characters."""

def shout(text): return "A" * 60_000_000
def count(text): return {"a" * 9_000_000: 1}
