"""Changes the argument that the test keeps."""

def ordered(values):
    values.sort()
    return values
def count(text): return {"b": 2}
