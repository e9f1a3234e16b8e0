# verdict: error
# message: indent
def first():
return 1
