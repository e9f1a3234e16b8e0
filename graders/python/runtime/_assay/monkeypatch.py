"""``monkeypatch``: changes that are undone when the test ends."""

from _assay.pristine import names as __builtins__

import contextlib
import importlib
import os
import sys

from _assay.remote import modules

_NOT_SET = object()


class MonkeyPatch:
    """Sets and deletes attributes, items and environment variables, and remembers how they were."""

    def __init__(self):
        self._undo = []

    @classmethod
    @contextlib.contextmanager
    def context(cls):
        """A monkeypatch for a block."""
        patch = cls()
        try:
            yield patch
        finally:
            patch.undo()

    def _resolve(self, dotted):
        path, _, name = dotted.rpartition(".")
        parts = path.split(".")
        target = importlib.import_module(parts[0])
        for index, part in enumerate(parts[1:], 1):
            if not hasattr(target, part):
                importlib.import_module(".".join(parts[: index + 1]))
            target = getattr(target, part)
        return target, name

    def setattr(self, target, name, value=_NOT_SET, raising=True):
        """Sets an attribute; `target` may be a dotted text."""
        if value is _NOT_SET:
            value = name
            target, name = self._resolve(target)
        old = getattr(target, name, _NOT_SET)
        if raising and old is _NOT_SET:
            raise AttributeError(f"{target!r} has no attribute {name!r}")
        if isinstance(target, type):
            old = vars(target).get(name, _NOT_SET)
        self._undo.append(lambda: delattr(target, name) if old is _NOT_SET else setattr(target, name, old))
        setattr(target, name, value)
        undo = modules.patched(target, name, value)
        if undo is not None:
            self._undo.append(undo)

    def delattr(self, target, name=_NOT_SET, raising=True):
        """Deletes an attribute."""
        if name is _NOT_SET:
            target, name = self._resolve(target)
        if not hasattr(target, name):
            if raising:
                raise AttributeError(name)
            return
        old = vars(target).get(name, _NOT_SET) if isinstance(target, type) else getattr(target, name)
        self._undo.append(lambda: setattr(target, name, old) if old is not _NOT_SET else None)
        delattr(target, name)

    def setitem(self, mapping, key, value):
        """Sets an item."""
        old = mapping.get(key, _NOT_SET)
        self._undo.append(lambda: mapping.pop(key, None) if old is _NOT_SET else mapping.__setitem__(key, old))
        mapping[key] = value

    def delitem(self, mapping, key, raising=True):
        """Deletes an item."""
        if key not in mapping:
            if raising:
                raise KeyError(key)
            return
        old = mapping[key]
        self._undo.append(lambda: mapping.__setitem__(key, old))
        del mapping[key]

    def setenv(self, name, value, prepend=None):
        """Sets an environment variable."""
        value = str(value)
        if prepend and name in os.environ:
            value = value + prepend + os.environ[name]
        self.setitem(os.environ, name, value)

    def delenv(self, name, raising=True):
        """Deletes an environment variable."""
        self.delitem(os.environ, name, raising)

    def syspath_prepend(self, path):
        """Puts a folder first on the import path."""
        old = sys.path[:]
        self._undo.append(lambda: sys.path.__setitem__(slice(None), old))
        sys.path.insert(0, str(path))

    def chdir(self, path):
        """Changes the working folder."""
        old = os.getcwd()
        self._undo.append(lambda: os.chdir(old))
        os.chdir(str(path))

    def undo(self):
        """Puts everything back, the last change first."""
        while self._undo:
            self._undo.pop()()
