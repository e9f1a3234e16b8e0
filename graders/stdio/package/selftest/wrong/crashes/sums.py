# expect: failed: no numbers
print(1 / 0)
