# verdict: error
# message: expected
def first()
    return 1
