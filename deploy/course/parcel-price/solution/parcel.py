PRICES = [(500, 3.0), (2000, 5.5), (10000, 9.0)]


def parcel_price(weight, express=False):
    """Return the price of a parcel that weighs `weight` grams."""
    if weight <= 0:
        raise ValueError("a parcel weighs between 1 and 10000 grams")
    for heaviest, price in PRICES:
        if weight <= heaviest:
            return price * 1.5 if express else price
    raise ValueError("a parcel weighs between 1 and 10000 grams")
