"""A result nested a hundred thousand levels deep."""

def ordered(values):
    for _ in range(100_000): values = [values]
    return values
