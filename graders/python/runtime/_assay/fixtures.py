"""pytest fixtures: definition, look-up by name, scopes, and tear-down in reverse order."""

from _assay.pristine import names as __builtins__

import os
from types import GeneratorType

from _assay import loading, places
from _assay.outcomes import Failed

_ORDER = {"session": 0, "package": 1, "module": 2, "class": 3, "function": 4}


class FixtureDefinition:
    """What ``@pytest.fixture`` makes of a function."""

    def __init__(self, function, scope="function", params=None, autouse=False, ids=None, name=None):
        self.function = getattr(function, "__func__", function)
        self.scope = scope if isinstance(scope, str) else "function"
        self.params = None if params is None else list(params)
        self.autouse, self.ids = autouse, ids
        self.name = name or function.__name__
        self.__name__, self.__doc__, self.__wrapped__ = function.__name__, function.__doc__, function
        self.arguments = argument_names(self.function)

    def __call__(self, *args, **kwargs):
        raise Failed(f"the fixture {self.name!r} is not meant to be called: name it as a parameter of the test")


def argument_names(function):
    """Names of the parameters without a default."""
    function = getattr(function, "__func__", function)
    if hasattr(function, "patchings"):  # unittest.mock.patch passes these itself
        import unittest.mock as mock

        given = len([item for item in function.patchings if item.attribute_name is None and item.new is mock.DEFAULT])
    else:
        given = 0
    for _ in range(20):
        inner = getattr(function, "__wrapped__", None)
        if inner is None:
            break
        function = inner
    code = getattr(function, "__code__", None)
    if code is None:
        return ()
    defaults = len(function.__defaults__ or ())
    keyword_only = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    required = [name for name in keyword_only if name not in (function.__kwdefaults__ or {})]
    names = code.co_varnames[: code.co_argcount - defaults]
    if names and names[0] in ("self", "cls"):
        return (*names[: 1], *names[1 + given :], *required)
    return (*names[given:], *required)


class _Builtin(dict):
    """The built-in fixtures by name; a dict that can itself be a key."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__


_BUILTIN = _Builtin()


def set_builtin(members):
    """Names the built-in fixtures (called once, by `builtin_fixtures`)."""
    _BUILTIN.update({item.name: item for item in members.values() if type(item) is FixtureDefinition})


class Fixtures:
    """All fixtures of a run, and the values that are alive."""

    def __init__(self):
        self.by_owner = {}  # module or class -> {name: definition}
        self.conftests = {}  # folder -> conftest module
        self.alive = {}  # (definition, scope owner, parameter) -> value
        self.has_autouse = False
        self._owners, self._autouse = {}, {}
        self.finalizers = {"session": [], "package": [], "module": [], "class": [], "function": []}

    def add_conftests(self, file):
        """Loads the conftest.py of every folder from the tests' root down to the file's."""
        parts = file.split("/")[:-1]
        for depth in range(len(parts) + 1):
            folder = "/".join(parts[:depth])
            if folder in self.conftests:
                continue
            self.conftests[folder] = None
            path = places.TESTS + "/" + (folder + "/" if folder else "") + "conftest.py"
            if os.path.exists(path):
                name = (folder.replace("/", ".") + "." if folder else "") + "conftest"
                module = loading.load_file(name, path)
                self.conftests[folder] = module
                self.add_module(module)

    def add_module(self, module):
        """Notes the fixtures defined in, or imported into, a module."""
        self._note(module, vars(module))

    def _note(self, owner, members):
        if owner not in self.by_owner:
            found = [value for value in members.values() if type(value) is FixtureDefinition]
            self.by_owner[owner] = {item.name: item for item in found}
            self.has_autouse = self.has_autouse or any([item.autouse for item in found])
        return self.by_owner[owner]

    def owners(self, module, cls, file):
        """Where fixtures are looked up, the farthest first."""
        if (module, cls) in self._owners:
            return self._owners[module, cls]
        self.by_owner[_BUILTIN] = _BUILTIN
        found = [_BUILTIN]
        parts = file.split("/")[:-1]
        for depth in range(len(parts) + 1):
            conftest = self.conftests.get("/".join(parts[:depth]))
            if conftest is not None:
                found.append(conftest)
        found.append(module)
        if cls is not None:
            for kind in reversed(cls.__mro__[:-1]):
                self._note(kind, vars(kind))
                found.append(kind)
        self._owners[module, cls] = found = tuple(found)
        return found

    def autouse(self, owners):
        """Names of the fixtures every test of these owners uses, the widest scope first."""
        if not self.has_autouse:
            return []
        if owners in self._autouse:
            return self._autouse[owners]
        found = {}
        for owner in owners:
            for name, item in self.by_owner.get(owner, {}).items():
                if item.autouse:
                    found[name] = _ORDER.get(item.scope, 4)
                else:
                    found.pop(name, None)
        self._autouse[owners] = result = sorted(found, key=found.get)
        return result

    def definitions(self, name, owners):
        """All definitions of a name, the nearest last."""
        return [self.by_owner[owner][name] for owner in owners if name in self.by_owner.get(owner, ())]

    def closure(self, names, owners):
        """Every fixture that the named ones need, in the order they are set up."""
        found, pending = [], list(names)
        while pending:
            name = pending.pop(0)
            if name in found or name in ("request", "self"):
                continue
            found.append(name)
            definitions = self.definitions(name, owners)
            if definitions:
                pending.extend(definitions[-1].arguments)
        return found

    def end_scope(self, scope):
        """Runs a scope's tear-downs in reverse; returns what they raised."""
        problems, pending = [], self.finalizers[scope]
        while pending:
            finalizer = pending.pop()
            try:
                finalizer()
            except BaseException as problem:
                problems.append(problem)
        if self.alive:
            self.alive = {key: value for key, value in self.alive.items() if key[0].scope != scope}
        return problems

    def end_class(self):
        """Ends what the tests of a class shared."""
        return self.end_scope("class")

    def end_module(self):
        """Ends what the tests of a module shared."""
        return self.end_scope("module")

    def end_session(self):
        """Ends what is left."""
        return self.end_scope("package") + self.end_scope("session")

    def enter_unittest(self, item, marked):
        """Sets up the fixtures a unittest method uses (autouse, usefixtures); returns their tear-down."""
        wanted = [name for mark in marked if mark.name == "usefixtures" for name in mark.args]
        if not wanted and (not self.has_autouse or not self.autouse(self._lookup(item))):
            return tuple
        from _assay.requests import Request

        request = Request(self, item, self._lookup(item), item.case, {})
        for name in self.autouse(request.owners) + wanted:
            request.getfixturevalue(name)
        return lambda: self.end_scope("function")

    def _lookup(self, item):
        return self.owners(item.module, item.cls, item.file)


def finish(generator):
    """The tear-down half of a fixture that yields."""

    def finalizer():
        try:
            next(generator)
        except StopIteration:
            return
        raise Failed("a fixture yielded more than once")

    return finalizer


def is_generator(value):
    """Whether a fixture function turned out to yield."""
    return isinstance(value, GeneratorType)
