"""What the learner's side may do to objects of the tests: call them, iterate, use their public attributes, nothing else."""

from _assay.pristine import names as __builtins__

import asyncio
import inspect
import types

from _assay.remote import proxies, telling
from _assay.remote.proxies import number_of
from _assay.remote.space import Malformed

_SPECIALS = frozenset(
    f"__{name}__" for name in
    "iter next len getitem setitem delitem contains enter exit eq ne lt le gt ge add radd sub rsub mul rmul truediv "
    "bool str repr hash int float index".split()
)  # fmt: skip
_CLOSED = (types.FunctionType, types.MethodType, types.ModuleType, type, types.FrameType, types.CodeType, types.BuiltinFunctionType, types.TracebackType)


def do(link, kind, data):
    """Does what the learner's side asks of an object that it was handed; raises Malformed for anything else."""
    if kind in telling.HEARD and type(data) is list:
        return telling.HEARD[kind](link, *data)
    if type(data) is not list or type(data[0]) is not int or data[0] not in link.objects:
        raise Malformed("a request")
    value = link.objects[data[0]]
    if kind == "call":
        args = [link._checked(arg) for arg in data[1]]
        return value(*args, **{str(name): link._checked(arg) for name, arg in data[2].items()})
    name = data[1]
    if kind == "special" and name == "__await__":
        return _wait_for(value)
    if kind == "special" and name in _SPECIALS:
        owner = next((kind for kind in type(value).__mro__ if name in vars(kind)), None)
        if owner is None or isinstance(value, _CLOSED) and name not in ("__eq__", "__ne__", "__hash__"):
            if name == "__bool__":
                return bool(value)
            raise TypeError(f"this object of the tests has no {name}")
        method = vars(owner)[name]
        if hasattr(type(method), "__get__"):  # a mock that stands in a class is called without the object
            method = method.__get__(value, type(value))
        return method(*[link._checked(arg) for arg in data[2]])
    if kind in ("get", "set") and type(name) is str:
        if isinstance(value, types.FunctionType) and name in ("__name__", "__doc__") and kind == "get":
            return value.__doc__ if name == "__doc__" else value.__name__
        if name.startswith("_") or isinstance(value, _CLOSED):
            raise AttributeError(f"this object of the tests has no attribute {name!r}")
        if kind == "get":
            return getattr(value, name)
        return setattr(value, name, link._checked(data[2]))
    raise Malformed("a request")


def signature(self):
    """The signature of a function of the learner's, for ``inspect``."""
    parameters, returned = proxies.info_of(type(self)).space.ask("signature", [number_of(self)])
    made = [inspect.Parameter(name, kind, default=default, annotation=hint) for name, kind, default, hint in parameters]
    return inspect.Signature(made, return_annotation=returned)


def _wait_for(value):
    async def wait():
        return await value

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(wait())
    finally:
        loop.close()
