# expect: failed: ParcelPriceTest.test_edge_too_heavy_is_not_taken
def parcel_price(weight, express=False):
    if weight <= 0:
        raise ValueError("not taken")
    if weight <= 500:
        price = 3.0
    elif weight <= 2000:
        price = 5.5
    else:
        price = 9.0
    if express:
        price = price * 1.5
    return price
