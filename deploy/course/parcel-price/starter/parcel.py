def parcel_price(weight, express=False):
    """Return the price of a parcel that weighs `weight` grams."""
    pass
