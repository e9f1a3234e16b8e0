def is_test(n,v): return False
