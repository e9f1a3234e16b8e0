import unittest

from inventory import Inventory


class InventoryTest(unittest.TestCase):
    def setUp(self):
        self.inventory = Inventory()
        self.inventory.add("pencil", 40, 0.5)
        self.inventory.add("eraser", 3, 1.25)
        self.inventory.add("ruler", 12, 2)

    def test_pieces_of_an_article(self):
        self.assertEqual(self.inventory.pieces("pencil"), 40)

    def test_an_unknown_article_has_no_pieces(self):
        self.assertEqual(self.inventory.pieces("stapler"), 0)

    def test_pieces_add_up(self):
        self.inventory.add("pencil", 10, 0.5)
        self.assertEqual(self.inventory.pieces("pencil"), 50)

    def test_the_new_price_counts(self):
        self.inventory.add("eraser", 1, 2)
        self.assertAlmostEqual(self.inventory.value(), 40 * 0.5 + 4 * 2 + 12 * 2)

    def test_no_pieces_and_prices_below_zero_are_refused(self):
        for pieces, price in [(0, 1), (-3, 1), (1, -0.01)]:
            with self.subTest(pieces=pieces, price=price), self.assertRaises(ValueError):
                self.inventory.add("pen", pieces, price)

    def test_removed_pieces_are_gone(self):
        self.inventory.remove("ruler", 5)
        self.assertEqual(self.inventory.pieces("ruler"), 7)

    def test_an_article_of_which_nothing_is_left_is_gone(self):
        self.inventory.remove("eraser", 3)
        self.assertNotIn("eraser", self.inventory.low(100))
        with self.assertRaises(KeyError):
            self.inventory.remove("eraser", 1)

    def test_more_than_there_is_cannot_be_removed(self):
        with self.assertRaisesRegex(ValueError, "only 12"):
            self.inventory.remove("ruler", 13)
        self.assertEqual(self.inventory.pieces("ruler"), 12)

    def test_value_of_everything(self):
        self.assertAlmostEqual(self.inventory.value(), 47.75)
        self.assertEqual(Inventory().value(), 0)

    def test_low_articles_in_alphabetical_order(self):
        self.assertListEqual(self.inventory.low(13), ["eraser", "ruler"])
        self.assertListEqual(self.inventory.low(3), [])


if __name__ == "__main__":
    unittest.main()
