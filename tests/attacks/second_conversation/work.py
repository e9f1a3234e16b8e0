"""Messages sent straight to the tests' side."""

from wit_world.imports import peer
def answer():
    peer.exchange(b'["ok",1,[],[]]')
    peer.exchange(b'["ok",1,[],[]]')
    return 0
