"""Mirrors the learner's classes: their bases as far as they are known here, a stand-in for each of their methods."""

from _assay.pristine import names as __builtins__

import operator
import types

from _assay.remote.bases import LIBRARY
from _assay.remote.proxies import (
    _IMMUTABLE, ErrorProxy, Info, Proxy, ProxyMeta, info_of, is_named, is_proxy, number_of, plain_of,
)  # fmt: skip
from _assay.remote.space import WHOLE

_get = object.__getattribute__
_class_get = type.__getattribute__
_LOCAL = frozenset("__class__ __dict__ __weakref__ __new__ __slots__ __module__ __qualname__ __doc__ __eq__ __ne__ "
                   "__hash__ __getattr__ __setattr__ __delattr__ __getattribute__ __dir__ __init_subclass__ "
                   "__subclasshook__ __class_getitem__ __reduce__ __reduce_ex__ __getstate__ __annotations__ __del__ "
                   "__instancecheck__ __subclasscheck__ __static_attributes__ __firstlineno__ __set_name__ "
                   "__sizeof__ __copy__ __deepcopy__ __await__ __annotate__ __annotate_func__ "
                   "__annotations_cache__".split())  # fmt: skip
_ORDER = frozenset("__lt__ __le__ __gt__ __ge__".split())
_JUDGES = _ORDER | frozenset(
    f"__{side}{name}__" for side in ("", "r") for name in
    "add sub mul truediv floordiv mod divmod pow matmul and or xor lshift rshift".split()
)  # fmt: skip


def _await(self):
    return info_of(type(self)).space.ask("await", [number_of(self)])
    yield


def _stub(name):
    def method(self, *args, **kwargs):
        cls = type(self)
        space = _class_get(cls, "_assay_info").space
        own = _class_get(cls, "__dict__").get(name) is method
        if own and not kwargs and WHOLE.issuperset(map(type, args)):
            return space.quick(_get(self, "_assay_number"), name, args)
        positional, named = space.arguments(args, kwargs)
        if not own:
            defining = [kind for kind in cls.__mro__ if name in _class_get(kind, "__dict__")]
            if _class_get(defining[0], "__dict__")[name] is not method:  # reached by super() or by the class
                base = next(kind for kind in defining if _class_get(kind, "__dict__")[name] is method)
                return space.ask("base", [info_of(base).number, name, number_of(self), positional, named])
        return space.ask("method", [_get(self, "_assay_number"), name, positional, named])

    method.__name__ = method.__qualname__ = name
    return method


def _operator(name):
    def method(self, *args):
        cls = type(self)
        space = info_of(cls).space
        if args and not is_named(cls) and any([not is_proxy(arg) for arg in args]):
            if name == "__contains__":
                return any([item is args[0] or item == args[0] for item in self])
            if name in _JUDGES:
                mine = plain_of(self)
                if mine is not NotImplemented:
                    return getattr(operator, name, lambda *_: NotImplemented)(mine, *args)
                raise TypeError(
                    f"the submission gave an object of its class {cls.__name__}, which the tests do not know: "
                    f"it is not compared with {type(args[0]).__name__} by its own {name}"
                )
        return space.special(self, name, args)

    method.__name__ = name
    return method


_stubs = {}


def stub(name, cls_level=False):
    """The function that stands for a method of this name."""
    made = _stubs.get(name)
    if made is None or name == "__init__":
        special = name.startswith("__") and name.endswith("__") and name not in ("__init__", "__post_init__", "__call__")
        made = _operator(name) if special else _stub(name)
        if not special:
            return made
        _stubs[name] = made
    return made


def make_class(space, number, words, bases, members):
    """Mirrors a class of the learner's."""
    name, module, qualified, doc, *abstract = words
    mirrored, real, plain = [], None, None
    for base in bases:
        if type(base) is ProxyMeta:
            mirrored.append(base)
            plain = plain or info_of(base).plain
            real = real or info_of(base).real
        elif isinstance(base, type) and issubclass(base, BaseException):
            mirrored.append(base)
        elif base in (list, dict, set, bytearray) or base in _IMMUTABLE:
            plain = base
            if base in _IMMUTABLE:
                mirrored.append(base)
            else:
                real = base
        elif base is not object and isinstance(base, type):
            real = base
            plain = plain or plain_kind(base)
            if plain in _IMMUTABLE:
                mirrored.append(plain)
    is_error = any([issubclass(base, BaseException) for base in mirrored])
    if not any([type(base) is ProxyMeta for base in mirrored]):
        mirrored.insert(0, ErrorProxy if is_error else Proxy)
    info = Info(space, number, plain, real if not is_error else None)
    info.hashes = "__hash__" in members or any([info_of(b).hashes for b in mirrored if type(b) is ProxyMeta])
    kept = {"__module__": module, "__qualname__": qualified, "__doc__": doc}
    for key, kind in members.items():
        if key == "__await__":
            kept[key] = _await
        elif kind == "f" and key not in _LOCAL and not (is_error and key in ("__init__", "__str__", "__repr__")):
            kept[key] = stub(key)
    if real is not None and not is_error:
        for key, value in standard_stubs(real).items():
            kept.setdefault(key, value)
    made = ProxyMeta(name, tuple(mirrored), kept, info=info)
    if abstract:
        type.__setattr__(made, "__abstractmethods__", frozenset(abstract))
    return made


def plain_kind(real):
    """The plain class that a standard class derives from, or None."""
    return next((kind for kind in (*_IMMUTABLE, list, dict, set, bytearray, *LIBRARY) if issubclass(real, kind)), None)


def _coroutine_send(self, value):
    raise StopIteration(info_of(type(self)).space.ask("await", [number_of(self)]))


def _coroutine_throw(self, *problem):
    self.close()
    raise problem[1] if len(problem) > 1 and problem[1] is not None else problem[0]


def _remote(name):
    return property(lambda self: info_of(type(self)).space.ask("get", [number_of(self), name]))


def standard_stubs(real):
    """Stand-ins for the methods of a standard class."""
    found = {}
    for key in dir(real):
        if key in _LOCAL or hasattr(object, key) and getattr(real, key) is getattr(object, key):
            continue
        if key in ("__repr__", "__str__", "__format__", "__init__"):
            continue
        if callable(getattr(real, key, None)) and not isinstance(getattr(real, key), type):
            found[key] = stub(key)
    if "__await__" in dir(real):
        found["__await__"] = _await
    if real is types.CoroutineType:
        found["send"], found["throw"] = _coroutine_send, _coroutine_throw
    if real in (types.FunctionType, types.MethodType):
        found["__doc__"], found["__module__"] = _remote("__doc__"), _remote("__module__")
    return found
