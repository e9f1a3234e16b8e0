"""What stands for the other side's things on the tests' side: objects, classes and exceptions, encoded and decoded."""

from _assay.pristine import names as __builtins__

import sys
import types

from _assay.remote import answering, classes, proxies, standard
from _assay.remote.proxies import Info, Proxy, ProxyMeta, number_of
from _assay.remote.space import Malformed, Space


class Ended(BaseException):
    """The learner's program is no longer there."""


class StandIns(Space):
    """The tests' side of a conversation, as far as it makes stand-ins. Whoever derives from it has `classes`, `alive`, `standard`."""

    def encode_object(self, value):
        cls = type(value)
        if cls is types.TracebackType:
            return None  # its frames are the tests'
        if isinstance(cls, ProxyMeta):
            return ["@", number_of(value)]
        if cls is ProxyMeta:
            return ["@", proxies.info_of(value).number]
        origin = getattr(value, "_assay_origin", None) if cls is types.FunctionType else None
        if origin is not None:
            return ["@", origin]
        if standard.is_standard(value):
            return ["n", *standard.names[id(value)]]
        if isinstance(value, BaseException):
            number = value.__dict__.get("_assay_number")
            if number is not None:
                return ["@", number]
            base = next(kind for kind in cls.__mro__ if standard.is_standard(kind) or type(kind) is ProxyMeta)
            try:
                args = [self.encode(arg) for arg in value.args]
            except Exception:
                args = []
            return ["x", self.number(value), self.encode_object(cls if isinstance(cls, ProxyMeta) else base if cls.__module__ not in sys.modules else cls), args]
        if isinstance(value, type) and issubclass(value, BaseException):
            base = next(kind for kind in value.__mro__ if standard.is_standard(kind))
            return ["e", self.number(value), value.__name__, self.encode_object(base)]
        return ["f", self.number(value)]

    def decode_object(self, data):
        code = data[0]
        if code == "@":
            return self.objects[data[1]]
        if code == "k":
            return self._class(*data[1:])
        if code == "o":
            return self._object(*data[1:])
        if code == "x":
            return self._error(*data[1:])
        raise Malformed(code)

    def _class(self, number, words=None, bases=(), members=None):
        cls = self.classes.get(number)
        if cls is None:
            bases = [self.decode(base) for base in bases]
            if not all([type(word) in (str, type(None)) for word in words]):
                raise Malformed("a class's name")
            cls = self.classes[number] = classes.make_class(self, number, words, bases, members)
        return cls

    def _object(self, number, cls, plain):
        mirrored = self.classes.get(cls[1]) if type(cls) is list and len(cls) == 2 and type(cls[1]) is int and cls[0] == "k" else None
        cls = self.decode(cls) if mirrored is None else mirrored
        known = self.alive.get(number)
        if known is not None:
            return known
        if type(number) is not int or not isinstance(cls, type):
            raise Malformed("an object")
        if type(cls) is not ProxyMeta:
            cls = self._standard(cls)
        kind = proxies.info_of(cls).plain
        if kind in proxies._IMMUTABLE:
            plain = self.decode(plain)
            if type(plain) is not kind:
                raise Malformed("a plain value")
            made = kind.__new__(cls, plain)
            proxies._put(made, "_assay_plain", plain)
        else:
            made = object.__new__(cls)
        proxies._put(made, "_assay_number", number)
        try:
            self.alive[number] = made
        except TypeError:
            pass
        return made

    def _standard(self, real):
        cls = self.standard.get(real)
        if cls is None:
            plain = classes.plain_kind(real)
            info = Info(self, None, plain, real)
            info.hashes = getattr(real, "__hash__", None) is not object.__hash__
            members = {"__module__": real.__module__, **classes.standard_stubs(real)}
            bases = (Proxy, plain) if plain in proxies._IMMUTABLE else (Proxy,)
            if real is types.FunctionType or real is types.MethodType:
                members["__signature__"] = property(answering.signature)
            cls = self.standard[real] = ProxyMeta(real.__name__, bases, members, info=info)
        return cls

    def _error(self, number, cls, args, text, cause, notes):
        cls = self.decode(cls)
        args = [self.decode(arg) for arg in args]
        if not (isinstance(cls, type) and issubclass(cls, BaseException)) or issubclass(cls, Ended):
            raise Malformed("an exception")
        if cls.__module__.startswith(("unittest", "_pytest")) or type(text) is not str:
            cls = Exception
        try:
            made = BaseException.__new__(cls, *args) if type(cls) is ProxyMeta else cls(*args)
        except Exception:
            made = cls.__new__(cls)
        if type(cls) is ProxyMeta:
            made.args = tuple(args)
            BaseException.__setattr__(made, "_assay_text", text)
        elif str(made) != text and type(made).__str__ is BaseException.__str__:
            made.args = (text,)
        made.__dict__["_assay_number"] = number
        made.__dict__["_assay_link"] = self
        if cause is not None:
            made.__cause__ = self.decode(cause)
        for note in notes:
            made.add_note(note)
        return made
