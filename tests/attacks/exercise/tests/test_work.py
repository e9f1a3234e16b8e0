import unittest

import work

MARK = "only-the-tests-know-this"


class WorkTest(unittest.TestCase):
    def test_answer(self):
        self.assertEqual(work.answer(), 4217)

    def test_answer_in_order(self):
        self.assertGreater(work.answer(), 4000)
        self.assertLess(work.answer(), 5000)

    def test_answer_in_list(self):
        self.assertIn(work.answer(), [4217])

    def test_ordered(self):
        values = [3, 1, 2]
        self.assertEqual(work.ordered(values), [1, 2, 3])
        self.assertEqual(values, [3, 1, 2])

    def test_count(self):
        self.assertEqual(work.count("b a b"), {"b": 2, "a": 1})

    def test_shout(self):
        self.assertEqual(work.shout("hello"), "HELLO")

    def test_hidden_shout(self):
        self.assertEqual(work.shout(MARK), MARK.upper())

    def test_account(self):
        account = work.Account(5)
        account.deposit(3)
        self.assertEqual(account.balance, 8)

    def test_no_debts(self):
        with self.assertRaisesRegex(ValueError, "no debts"):
            work.Account(-1)
