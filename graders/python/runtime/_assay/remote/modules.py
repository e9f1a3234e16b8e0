"""Imports of the submission's modules by the tests: they yield stand-ins, and never run the learner's code here."""

from _assay.pristine import names as __builtins__

import builtins
import importlib.abc
import random
import sys
import types
from importlib.machinery import ModuleSpec
from unittest import mock

from _assay import places
from _assay.remote import connection, files, proxies, standard

current = None  # the connection that imports go to
_KEYS = frozenset(("file", "line", "column", "end_column", "kind", "message", "text", "traceback"))


class RemoteModule(types.ModuleType):  # a module of the submission
    __doc__ = property(lambda self: self.__dict__["@space"].ask("get", [self.__dict__["@number"], "__doc__"]))

    def __getattr__(self, name):
        number = self.__dict__.get("@number")
        if number is None:
            raise AttributeError(name)
        space = self.__dict__["@space"]
        if name == "__all__":
            try:
                return space.ask("get", [number, name])
            except AttributeError:
                return [name for name in space.ask("dir", [number]) if not name.startswith("_")]
        if name in ("__path__", "__wrapped__"):
            raise AttributeError(name)
        try:
            return space.named(space.ask("get", [number, name]))
        except AttributeError as problem:
            raise AttributeError(str(problem), name=name, obj=self) from None

    def __setattr__(self, name, value):
        space = self.__dict__.get("@space")
        if space is None or name.startswith("__"):
            types.ModuleType.__setattr__(self, name, value)
        elif type(value) is not RemoteModule:
            space.ask("set", [self.__dict__["@number"], name, space.encode(value)])

    def __delattr__(self, name):
        self.__dict__["@space"].ask("del", [self.__dict__["@number"], name])

    def __dir__(self):
        return self.__dict__["@space"].ask("dir", [self.__dict__["@number"]])


class Loader(importlib.abc.Loader):
    """Loads a module on the learner's side."""

    def create_module(self, spec):
        """An empty stand-in."""
        return RemoteModule(spec.name)

    def exec_module(self, module):
        """Has it loaded there."""
        space = current
        try:
            data = space.ask("import", [module.__name__], raw=True)
        except BaseException as problem:
            number = getattr(problem, "__dict__", {}).get("_assay_number")
            if number is not None:
                _attach(space, problem, number)
            raise
        if type(data) is not list or data[0] != "o":
            space._broken(None)
        module.__dict__.update({"@space": space, "@number": data[1]})


def _attach(space, problem, number):
    """What the learner's side says of why a file could not be loaded; its texts are only shown."""
    raw = space.ask("diagnostic", [number])
    if type(raw) is dict and raw.keys() == _KEYS:
        texts = all([type(raw[key]) in (str, type(None)) for key in ("file", "text", "traceback")])
        numbers = all([type(raw[key]) in (int, type(None)) for key in ("line", "column", "end_column")])
        if texts and numbers and type(raw["kind"]) is str and type(raw["message"]) is str:
            problem.__dict__["_assay_diagnostic"] = raw


class Finder:
    """A meta path finder for the submission's modules."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Finds NAME.py or a package of that name among the submission's files."""
        if current is None:
            return None
        base = places.WORK + "/" + name.replace(".", "/")
        for file in (base + "/__init__.py", base + ".py"):
            if file in places.submission:
                spec = ModuleSpec(name, Loader(), origin=file, is_package=file.endswith("/__init__.py"))
                spec._set_fileattr = True
                return spec
        if any([file.startswith(base + "/") for file in places.submission]):
            return ModuleSpec(name, Loader(), origin=base, is_package=True)
        return None

    @staticmethod
    def invalidate_caches():
        """Nothing is cached."""


def forget():
    """Forgets the modules of a program that has ended."""
    for name in [name for name, module in sys.modules.items() if type(module) is RemoteModule]:
        del sys.modules[name]


def _standard_place(target):
    """(module, path) of a standard module or class that a test patches, or None."""
    if type(target) is types.ModuleType and getattr(target, "__name__", None) in sys.stdlib_module_names:
        return target.__name__, []
    if isinstance(target, type) and standard.is_standard(target):
        module, name = standard.names[id(target)]
        return module, name.split(".")
    return None


_enter, _exit, _seed = mock._patch.__enter__, mock._patch.__exit__, random.seed


def _mirrored(target, attribute):
    place = _standard_place(target) if current is not None and target is not None else None
    if place is None or (place[0], attribute) in connection._MIRRORED or place == ("sys", []):
        return None
    return place[0], [*place[1], attribute]


def patched(target, attribute, value):
    """A fixture has replaced an attribute: of a standard module or class, on the learner's side too. What undoes that there."""
    place = _mirrored(target, attribute)
    if place is None:
        return None
    current.patch(*place, value)
    return lambda: current.patch(*place, None) if current is not None and current.ended is None else None


def _patch_enter(self):
    made = _enter(self)
    place = _mirrored(self.target, self.attribute)
    if place is not None:
        current.patch(*place, getattr(self.target, self.attribute))
    return made


def _patch_exit(self, *exc_info):
    place = _mirrored(self.target, self.attribute)
    result = _exit(self, *exc_info)
    if place is not None and current.ended is None:
        current.patch(*place, None)
    return result


def _seed_both(*args, **kwargs):
    _seed(*args, **kwargs)
    if current is not None and current.ended is None:
        current.ask("seed", list(current.arguments(args, kwargs)))


def _is_subclass(cls, of):
    """`issubclass` that knows which standard class a class of the submission derives from."""
    if _issubclass(cls, of):
        return True
    if type(cls) is not proxies.ProxyMeta:
        return False
    real = [proxies.info_of(base).real for base in type.__getattribute__(cls, "__mro__") if type(base) is proxies.ProxyMeta]
    return any([_issubclass(kind, of) for kind in real if kind is not None])


_issubclass = builtins.issubclass


def install():
    """Makes imports and patches of tests reach the learner's side."""
    sys.meta_path.insert(0, Finder)
    builtins.issubclass = _is_subclass
    mock._patch.__enter__, mock._patch.__exit__ = _patch_enter, _patch_exit
    random.seed = _seed_both
    files.install()
    connection.remember_originals()
