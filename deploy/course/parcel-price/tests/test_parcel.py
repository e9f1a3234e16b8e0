import unittest

from parcel import parcel_price


class ParcelPriceTest(unittest.TestCase):
    def test_a_light_parcel(self):
        self.assertEqual(parcel_price(300), 3.0)

    def test_a_middling_parcel(self):
        self.assertEqual(parcel_price(1200), 5.5)

    def test_a_heavy_parcel(self):
        self.assertEqual(parcel_price(2500), 9.0)

    def test_exactly_500_grams_is_still_light(self):
        self.assertEqual(parcel_price(500), 3.0)

    def test_express_costs_half_as_much_again(self):
        for weight, price in [(300, 4.5), (1200, 8.25), (2500, 13.5)]:
            with self.subTest(weight=weight):
                self.assertEqual(parcel_price(weight, express=True), price)

    def test_a_parcel_that_weighs_nothing_is_not_taken(self):
        with self.assertRaises(ValueError):
            parcel_price(0)

    def test_edge_limits_of_every_row(self):
        for weight, price in [(1, 3.0), (501, 5.5), (2000, 5.5), (2001, 9.0), (10000, 9.0)]:
            with self.subTest(weight=weight):
                self.assertEqual(parcel_price(weight), price)

    def test_edge_too_heavy_is_not_taken(self):
        with self.assertRaises(ValueError):
            parcel_price(10001)

    def test_edge_less_than_nothing_is_not_taken(self):
        with self.assertRaises(ValueError):
            parcel_price(-5, express=True)


if __name__ == "__main__":
    unittest.main()
