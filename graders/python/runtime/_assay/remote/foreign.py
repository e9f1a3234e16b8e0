"""Stand-ins, in the learner's interpreter, for objects of the tests: they know nothing, and ask for everything."""

from _assay.pristine import names as __builtins__


class Foreign:  # stands for an object of the tests
    __doc__ = property(lambda self: self._space.ask("get", [self._number, "__doc__"]))
    __slots__ = ("_space", "_number", "__weakref__")

    def __init__(self, space, number):
        object.__setattr__(self, "_space", space)
        object.__setattr__(self, "_number", number)

    def __getattr__(self, name):
        return self._space.ask("get", [self._number, name])

    def __setattr__(self, name, value):
        self._space.ask("set", [self._number, name, self._space.encode(value)])

    def __call__(self, *args, **kwargs):
        space = self._space
        return space.ask("call", [self._number, *space.arguments(args, kwargs)])

    async def _wait(self):
        return self._space.ask("special", [self._number, "__await__", []])

    def __await__(self):
        return self._wait().__await__()


def _special(name):
    def method(self, *args):
        return self._space.ask("special", [self._number, name, [self._space.encode(arg) for arg in args]])

    method.__name__ = name
    return method


for _name in (
    "iter next len getitem setitem delitem contains enter exit eq ne lt le gt ge add radd sub rsub mul rmul truediv bool "
    "str repr hash int float index"
).split():
    setattr(Foreign, f"__{_name}__", _special(f"__{_name}__"))
