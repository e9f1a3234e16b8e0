def leap_year(year):
    if year < 1582:
        raise ValueError("before the Gregorian calendar")
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
