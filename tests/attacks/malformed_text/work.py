"""What is sent is no message."""

from wit_world.imports import peer
while True: peer.exchange(b"\xff\x00 this is no message")
