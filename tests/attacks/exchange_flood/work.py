"""Calls of the tests' objects without end."""

def ordered(values):
    from wit_world.imports import peer
    while True: peer.exchange(b'["get",[1,"x"],[],[]]')
