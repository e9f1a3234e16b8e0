"""The learner's code skips the tests."""

import unittest
def answer(): raise unittest.SkipTest("no need")
ordered = count = shout = lambda value: answer()
