"""Each call spoils the next."""

import sys, builtins
def answer():
    sys.setrecursionlimit(50)
    builtins.list = builtins.dict = builtins.str = None
    return 0
def count(text): return 0
