import unittest

import pytest
from leap import leap_year


class LeapTest(unittest.TestCase):
    def test_every_fourth_year(self):
        self.assertIs(leap_year(2024), True)

    def test_other_years(self):
        for year in (2021, 2022, 2023):
            with self.subTest(year=year):
                self.assertIs(leap_year(year), False)

    def test_centuries(self):
        self.assertEqual([leap_year(year) for year in (1800, 1900, 2000)], [False, False, True])


def test_years_before_the_calendar_are_refused():
    with pytest.raises(ValueError, match="Gregorian"):
        leap_year(1500)
