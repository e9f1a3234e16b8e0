"""Leaves the image's heap without holes, so that a run allocates from one stretch of fresh memory.

Importing everything leaves tens of thousands of small free blocks, spread over every page. A run that fills them writes
to as many pages, each of which the system has to copy first: half the page faults of a small submission.
"""

_held = [None] * 300_000
_SIZES = [1 << power for power in range(20, 13, -1)] + list(range(8192, 0, -8))
_FRESH = 4 << 20  # bytes that a run can use before its memory has to grow


def fill_holes():
    """Takes every free block below the end of the heap, for good. The last thing before the snapshot."""
    end = id(bytes(_FRESH))  # larger than any hole, so it stood at the end, which has grown for it and stays
    count = 0
    for size in _SIZES:
        while id(block := bytes(size)) < end:
            _held[count] = block
            count += 1
    while id(block := object()) < end:
        _held[count] = block
        count += 1
