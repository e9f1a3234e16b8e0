"""Calls without end, with the limit raised."""

import sys
sys.setrecursionlimit(10 ** 9)
def answer(): return answer()
