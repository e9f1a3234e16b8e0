import test_work
