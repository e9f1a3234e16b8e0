# expect: failed: ParcelPriceTest.test_a_light_parcel
def parcel_price(weight, express=False):
    if weight <= 0 or weight > 10000:
        raise ValueError("not taken")
    if weight <= 500:
        price = 3.0
    if weight <= 2000:
        price = 5.5
    if weight <= 10000:
        price = 9.0
    if express:
        price = price * 1.5
    return price
