"""Keeps ``sys.setrecursionlimit`` within what the sandbox can hold.

A Python call takes about half a kilobyte of the heap and none of the machine's stack, so deep recursion is a matter of memory.
A limit above `HIGHEST` counts as `HIGHEST`: endless recursion then ends as a RecursionError.
"""

from _assay.pristine import names as __builtins__

import sys

HIGHEST = 40_000
_set = sys.setrecursionlimit


def setrecursionlimit(limit, /):
    """Set the maximum depth of the Python interpreter stack to n."""
    _set(min(limit, HIGHEST) if isinstance(limit, int) else limit)


def install():
    """Replaces the function."""
    sys.setrecursionlimit = setrecursionlimit
