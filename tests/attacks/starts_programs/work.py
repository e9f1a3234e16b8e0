"""The learner's program starts programs itself, as only graders may."""

from wit_world.imports import learner, types
learner.start([types.File("work.py", b"def answer(): return 4217")])
