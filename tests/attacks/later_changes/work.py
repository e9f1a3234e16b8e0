"""Changes arguments after returning."""

kept = []
def ordered(values):
    kept.append(values)
    return values
def answer():
    for values in kept: values[:] = [1, 2, 3]
    return 0
