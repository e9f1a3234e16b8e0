# expect: error
def parcel_price(weight, express=False)
    if weight <= 500:
        return 3.0
    if weight <= 2000:
        return 5.5
    return 9.0
