import unittest

import answer


class AnswerTest(unittest.TestCase):
    def test_first(self):
        self.assertEqual(answer.first(), 1)

    def test_main(self):
        self.assertEqual(answer.main(), 2)

    def test_last(self):
        self.assertEqual(answer.last(), 3)
