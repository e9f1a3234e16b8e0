"""Threads that go on after the call."""

import threading
class Late(list): pass
def ordered(values):
    made = Late()
    threading.Thread(target=lambda: made.extend([1, 2, 3])).start()
    threading.Timer(0.1, lambda: values.clear()).start()
    return made[:2]
