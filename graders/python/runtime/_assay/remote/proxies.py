"""Stand-ins, in the tests' interpreter, for the learner's objects and classes.

A stand-in's class mirrors the learner's: its name, its bases as far as they are known here, its methods. Whether a value
equals a plain one is decided here, never by the learner's code.
"""

from _assay.pristine import names as __builtins__

import collections
import types
from unittest import mock

from _assay.remote.space import PLAIN

_IMMUTABLE = (int, float, complex, str, bytes, tuple, frozenset)
_get = object.__getattribute__
_put = object.__setattr__
_class_get = type.__getattribute__

class Info:
    """What is known of a stand-in's class."""

    def __init__(self, space, number=None, plain=None, real=None):
        self.space, self.number, self.plain, self.real = space, number, plain, real
        self.named = False
        self.hashes = False


def number_of(value):
    """The number of the learner's object behind a stand-in."""
    return _get(value, "_assay_number")


def info_of(cls):
    """What is known of a stand-in's class."""
    return type.__getattribute__(cls, "_assay_info")


def is_proxy(value):
    """Whether a value is a stand-in for an object."""
    return isinstance(type(value), ProxyMeta)


def is_named(cls):
    """Whether the tests have named the class or one it derives from, so that its operators are what is tested."""
    return any([info_of(base).named for base in type.__getattribute__(cls, "__mro__") if type(base) is ProxyMeta])


class ProxyMeta(type):
    """The class of all mirrored classes."""

    def __new__(meta, name, bases, members, info=None):
        if info is not None:
            return type.__new__(meta, name, bases, {**members, "_assay_info": info})
        return _derive(meta, name, bases, members)

    def __init__(cls, name, bases, members, info=None):
        pass

    def __call__(cls, *args, **kwargs):
        info = info_of(cls)
        return info.space.call(info.number, args, kwargs)

    def __getattr__(cls, name):
        if name.startswith("_assay") or info_of(cls).number is None:
            raise AttributeError(name)
        info = info_of(cls)
        return info.space.named(info.space.ask("get", [info.number, name]))

    def __setattr__(cls, name, value):
        info = info_of(cls)
        kept = type.__getattribute__(cls, "__dict__").get(name)
        if kept is not None:
            if type(kept) is types.FunctionType and not (name.startswith("__") and name.endswith("__")):  # it may be put back later
                kept._assay_origin = info.space.ask("raw", [info.number, name], raw=True)[1]
            type.__delattr__(cls, name)
        if isinstance(value, mock.PropertyMock):
            made = info.space.encode(value)
            info.space.ask("set property", [info.number, name, [made, made]])
        elif type(value) is property:
            parts = [None if part is None else info.space.encode(part) for part in (value.fget, value.fset)]
            info.space.ask("set property", [info.number, name, parts])
        else:
            info.space.ask("set", [info.number, name, info.space.encode(value)])

    def __delattr__(cls, name):
        info = info_of(cls)
        info.space.ask("del", [info.number, name])

    def __dir__(cls):
        info = info_of(cls)
        return info.space.ask("dir", [info.number])

    def __iter__(cls):
        info = info_of(cls)
        return iter(info.space.ask("class iter", [info.number]))

    def __len__(cls):
        info = info_of(cls)
        return info.space.ask("class len", [info.number])

    def __bool__(cls):
        return True

    def __getitem__(cls, key):
        info = info_of(cls)
        return info.space.ask("class item", [info.number, info.space.encode(key)])

    def __contains__(cls, value):
        info = info_of(cls)
        return info.space.ask("class in", [info.number, info.space.encode(value)])

    def __instancecheck__(cls, value):
        if type.__instancecheck__(cls, value):
            return True
        info = info_of(cls)
        if not is_proxy(value) or info.number is None:
            return False
        return info.space.ask("isinstance", [number_of(value), info.number]) is True


def _derive(meta, name, bases, members):
    """A class that a test derives from the learner's: it is made on the learner's side, its methods stay here."""
    space = next(info_of(base).space for base in bases if type(base) is ProxyMeta)
    sent = {}
    for key, value in members.items():
        if key in ("__module__", "__qualname__", "__classcell__", "__static_attributes__", "__firstlineno__", "__doc__", "__annotate_func__", "__annotate__", "__annotations__", "__classdictcell__"):
            continue
        kind = "v"
        if isinstance(value, types.FunctionType):
            kind = "f"
        elif isinstance(value, classmethod):
            kind, value = "c", value.__func__
        elif isinstance(value, staticmethod):
            kind, value = "s", value.__func__
        elif isinstance(value, property):
            kind, value = "p", value.fget
        sent[key] = [kind, space.encode(value)]
    made = space.ask("subclass", [name, [space.encode(base) for base in bases], sent], raw=True)
    number = made[1]
    info = Info(space, number)
    info.named = True
    kept = {key: value for key, value in members.items() if key not in ("__slots__",) and sent.get(key, "f")[0] in "fcsp"}
    cls = type.__new__(meta, name, bases, {**kept, "_assay_info": info})
    for base in type.__getattribute__(cls, "__mro__")[1:]:
        if type(base) is ProxyMeta:
            info.plain = info.plain or info_of(base).plain
            info.hashes = info.hashes or info_of(base).hashes
    space.classes[number] = cls
    return cls


def _is_plain(value):
    return type(value) in PLAIN


def plain_of(self):
    """The plain value behind a stand-in whose class derives from a plain one, or NotImplemented."""
    info = info_of(type(self))
    if info.plain in _IMMUTABLE:
        return _get(self, "_assay_plain")
    if info.plain is None:
        return NotImplemented
    value = info.space.ask("plain", [number_of(self)])
    return value if type(value) in PLAIN else NotImplemented


class Proxy(metaclass=ProxyMeta, info=Info(None)):
    """What all stand-ins have in common."""

    def __getattr__(self, name):
        if name.startswith("_assay"):
            raise AttributeError(name)
        info = info_of(type(self))
        return info.space.ask("get", [number_of(self), name])

    def __setattr__(self, name, value):
        space = info_of(type(self)).space
        space.ask("set", [number_of(self), name, space.encode(value)])

    def __delattr__(self, name):
        info_of(type(self)).space.ask("del", [number_of(self), name])

    def __dir__(self):
        return info_of(type(self)).space.ask("dir", [number_of(self)])

    @property
    def __dict__(self):
        return info_of(type(self)).space.ask("get", [number_of(self), "__dict__"])

    @property
    def __class__(self):
        cls = type(self)
        return info_of(cls).real or cls

    def __eq__(self, other):
        if other is self:
            return True
        info = info_of(type(self))
        if is_proxy(other):
            return info.space.special(self, "__eq__", (other,))
        if info.plain is not None and _is_plain(other):
            mine = plain_of(self)
            return mine if mine is NotImplemented else mine == other
        if info.real is collections.deque and type(other) is collections.deque:
            return list(self) == list(other)
        return NotImplemented

    def __ne__(self, other):
        if is_proxy(other) and other is not self:
            return info_of(type(self)).space.special(self, "__ne__", (other,))
        equal = self == other if other is not self else True
        return equal if equal is NotImplemented else not equal

    def __hash__(self):
        info = info_of(type(self))
        if info.plain in _IMMUTABLE:
            return hash(_get(self, "_assay_plain"))
        if info.hashes:
            return info.space.special(self, "__hash__", ())
        return hash(("learner", number_of(self)))

    def __repr__(self):
        return info_of(type(self)).space.special(self, "__repr__", ())

    def __str__(self):
        return info_of(type(self)).space.special(self, "__str__", ())

    def __format__(self, spec):
        return info_of(type(self)).space.special(self, "__format__", (spec,))

    def __copy__(self):
        return info_of(type(self)).space.ask("copy", [number_of(self), False])

    def __deepcopy__(self, memo):
        return info_of(type(self)).space.ask("copy", [number_of(self), True])

    def __reduce_ex__(self, protocol):
        raise TypeError(f"{type(self).__name__} objects of the submission cannot be pickled by a test; let the code under test do it")


class ErrorProxy(Proxy, info=Info(None)):
    """What stand-ins for exceptions have in common: text and arguments are here, other attributes are asked for."""

    def __getattr__(self, name):
        if name.startswith(("_assay", "__")):
            raise AttributeError(name)
        return info_of(type(self)).space.ask("get", [number_of(self), name])

    __dict__ = BaseException.__dict__["__dict__"] if "__dict__" in BaseException.__dict__ else property(lambda self: {})
    __setattr__ = BaseException.__setattr__
    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__

    def __str__(self):
        return _get(self, "_assay_text")

    def __repr__(self):
        inner = ", ".join([repr(arg) for arg in self.args])
        return f"{type(self).__name__}({inner})"
