"""Integers and lists: turns the beginning of every permutation until the first number is 1."""


def fannkuch(n):
    """The most turns that any permutation of n numbers needs."""
    most = 0
    counts = [0] * n
    numbers = list(range(1, n + 1))
    i = 0
    while i < n:
        if counts[i] < i:
            other = 0 if i % 2 == 0 else counts[i]
            numbers[other], numbers[i] = numbers[i], numbers[other]
            turned = numbers[:]
            turns = 0
            while (first := turned[0]) != 1:
                turned[:first] = turned[first - 1 :: -1]
                turns += 1
            most = max(most, turns)
            counts[i] += 1
            i = 0
        else:
            counts[i] = 0
            i += 1
    return most


print(fannkuch(9))
