# expect: failed: prints the right number of lines
print("one")
print("two")
