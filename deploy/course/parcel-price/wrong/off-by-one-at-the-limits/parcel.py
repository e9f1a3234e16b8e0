# expect: failed: ParcelPriceTest.test_exactly_500_grams_is_still_light
def parcel_price(weight, express=False):
    if weight <= 0 or weight > 10000:
        raise ValueError("not taken")
    if weight < 500:
        price = 3.0
    elif weight < 2000:
        price = 5.5
    else:
        price = 9.0
    if express:
        price *= 1.5
    return price
