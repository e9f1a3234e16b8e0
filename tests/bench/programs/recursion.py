"""Recursion and generators: places queens, then counts ways."""


def queens(n, row=0, columns=0, rising=0, falling=0):
    """The number of ways to place n queens."""
    if row == n:
        return 1
    free = ~(columns | rising | falling) & ((1 << n) - 1)
    ways = 0
    while free:
        place = free & -free
        free ^= place
        ways += queens(n, row + 1, columns | place, (rising | place) << 1, (falling | place) >> 1)
    return ways


def subsets(numbers):
    """Every subset, one by one."""
    if not numbers:
        yield []
        return
    for rest in subsets(numbers[1:]):
        yield rest
        yield [numbers[0], *rest]


def fib(n):
    """The Fibonacci numbers, the slow way."""
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(queens(11), sum(sum(subset) for subset in subsets(list(range(18)))), fib(31))
