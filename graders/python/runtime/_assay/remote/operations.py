"""What the tests' side may ask of the learner's: one operation each, all on objects that the tests know by number."""

from _assay.pristine import names as __builtins__

import asyncio
import copy
import importlib
import inspect
import os
import random
import sys
import types

from _assay import diagnostics, failures
from _assay.remote import files
from _assay.remote.bases import BASES, plain
from _assay.remote.space import Space


class Operations(Space):
    """The operations of the learner's side of a conversation."""

    def _import(self, name):
        try:
            return importlib.import_module(name)
        except BaseException as problem:
            try:
                problem._assay_diagnostic = diagnostics.describe(problem, name.replace(".", "/") + ".py")
            except Exception:
                pass
            raise

    def _diagnostic(self, number):
        return dict(getattr(self.objects[number], "_assay_diagnostic", None) or {})

    def _call(self, number, args, kwargs):
        target = self.objects[number]
        return target(*[self.decode(arg) for arg in args], **{name: self.decode(v) for name, v in kwargs.items()})

    def _method(self, number, name, args, kwargs):
        target = getattr(self.objects[number], name)
        return target(*[self.decode(arg) for arg in args], **{key: self.decode(v) for key, v in kwargs.items()})

    def _base(self, cls, name, number, args, kwargs):
        raw = type.__getattribute__(self.objects[cls], "__dict__")[name]
        target = raw.__get__(self.objects[number], type(self.objects[number]))
        return target(*[self.decode(arg) for arg in args], **{key: self.decode(v) for key, v in kwargs.items()})

    def _special(self, number, name, args):
        value = self.objects[number]
        method = getattr(type(value), name)
        return method(value, *[self.decode(arg) for arg in args])

    def _set_property(self, number, name, data):
        """Sets an attribute of a class that is computed by the tests: a property, or what mock has for one."""
        getter, setter = [None if part is None else self.decode(part) for part in data]
        read = (lambda owner: getter(owner)) if setter is not getter else (lambda owner: getter())
        write = None
        if setter is not None:
            write = (lambda owner, value: setter(owner, value)) if setter is not getter else (lambda owner, value: setter(value))
        setattr(self.objects[number], name, property(read, write))

    def _await(self, number):
        async def wait(value):
            return await value

        return asyncio.run(wait(self.objects[number]))

    def _signature(self, number):
        made = inspect.signature(self.objects[number])
        parameters = [(part.name, int(part.kind), part.default, part.annotation) for part in made.parameters.values()]
        return tuple(parameters), made.return_annotation

    def _subclass(self, name, bases, members):
        space = {}
        for key, (kind, data) in members.items():
            value = self.decode(data)
            if kind == "f":
                value = _as_function(key, value)
            elif kind == "c":
                value = classmethod(_as_function(key, value))
            elif kind == "s":
                value = staticmethod(value)
            elif kind == "p":
                value = property(_as_function(key, value))
            space[key] = value
        space["__module__"] = "tests"
        return types.new_class(name, tuple([self.decode(base) for base in bases]), {}, lambda made: made.update(space))

    def _patch(self, module, path, data):
        """Sets an attribute of a standard module, as a test did on its side; answers nothing."""
        target = sys.modules.get(module) or importlib.import_module(module)
        *outer, name = path
        for part in outer:
            target = getattr(target, part)
        if data is None:
            setattr(target, name, self.kept.pop((module, *path)))
        else:
            self.kept.setdefault((module, *path), getattr(target, name))
            setattr(target, name, self.decode(data))

    kept = {}


def _set_environment(pairs):
    wanted = {key.encode("latin-1"): value.encode("latin-1") for key, value in pairs}
    for key in [key for key in os.environ._data if key not in wanted]:
        del os.environ[os.fsdecode(key)]
    for key, value in wanted.items():
        if os.environ._data.get(key) != value:
            os.environ[os.fsdecode(key)] = os.fsdecode(value)


def _as_function(name, foreign):
    def method(*args, **kwargs):
        return foreign(*args, **kwargs)

    method.__name__ = method.__qualname__ = name
    return method


OPS = {
    "import": Operations._import,
    "diagnostic": Operations._diagnostic,
    "get": lambda self, number, name: getattr(self.objects[number], name),
    "set": lambda self, number, name, data: setattr(self.objects[number], name, self.decode(data)),
    "del": lambda self, number, name: delattr(self.objects[number], name),
    "dir": lambda self, number: [name for name in dir(self.objects[number]) if type(name) is str],
    "raw": lambda self, number, name: type.__getattribute__(self.objects[number], "__dict__")[name],
    "quick": lambda self, number, name, *args: (self.objects[number] if name is None else getattr(self.objects[number], name))(*args),
    "call": Operations._call, "method": Operations._method, "base": Operations._base, "special": Operations._special,
    "await": Operations._await, "signature": Operations._signature, "subclass": Operations._subclass, "patch": Operations._patch,
    "forget": lambda self: self.forget(),
    "environ": lambda self, pairs: _set_environment(pairs),
    "files": lambda self, found: files.receive(found, lambda path: True),
    "set property": Operations._set_property,
    "trace": lambda self, number: failures.shown_places(self.objects[number], self.traces.get(number) or []),
    "seed": lambda self, args, kwargs: random.seed(*[self.decode(arg) for arg in args]),
    "plain": lambda self, number: plain(self.objects[number], BASES),
    "isinstance": lambda self, number, cls: isinstance(self.objects[number], self.objects[cls]),
    "issubclass": lambda self, number, cls: issubclass(self.objects[number], self.objects[cls]),
    "copy": lambda self, number, deep: (copy.deepcopy if deep else copy.copy)(self.objects[number]),
    "class iter": lambda self, number: iter(self.objects[number]),
    "class len": lambda self, number: len(self.objects[number]),
    "class item": lambda self, number, data: self.objects[number][self.decode(data)],
    "class in": lambda self, number, data: self.decode(data) in self.objects[number],
}  # fmt: skip
