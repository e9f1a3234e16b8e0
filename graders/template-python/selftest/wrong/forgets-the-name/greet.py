# expect: failed: greets Ada
print("Hello!")
