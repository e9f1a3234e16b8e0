# expect: failed: LeapTest.test_other_years
def leap_year(year):
    return True
