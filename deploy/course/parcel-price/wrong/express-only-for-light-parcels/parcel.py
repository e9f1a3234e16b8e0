# expect: failed: ParcelPriceTest.test_express_costs_half_as_much_again
def parcel_price(weight, express=False):
    if weight <= 0 or weight > 10000:
        raise ValueError("not taken")
    if weight <= 500:
        if express:
            return 4.5
        return 3.0
    elif weight <= 2000:
        return 5.5
    return 9.0
