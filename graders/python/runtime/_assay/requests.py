"""``request``: what a fixture knows of the test that asked for it, and the way to ask for another fixture."""

from _assay.pristine import names as __builtins__

from _assay import fixtures, marks
from _assay.outcomes import Failed


class Node:
    """``request.node``, as far as tests use it."""

    def __init__(self, item, marked):
        self.name = item.name.rpartition(".")[2] if "[" not in item.name else item.name
        self.nodeid, self.item, self._marked = f"{item.file}::{item.name}", item, marked
        self.originalname = self.name.partition("[")[0]
        self.cls, self.module, self.keywords = item.cls, item.module, {mark.name: mark for mark in marked}

    def get_closest_marker(self, name, default=None):
        """The nearest mark of that name."""
        return marks.find(self._marked, name) or default

    def iter_markers(self, name=None):
        """All marks, the nearest first."""
        return iter([mark for mark in self._marked if name is None or mark.name == name])


class Request:
    """One test's request for fixtures."""

    def __init__(self, store, item, owners, instance, params, marked=(), direct=None):
        self.store, self.item, self.owners, self.instance = store, item, owners, instance
        self.params, self.direct = params, direct or {}
        self.module, self.cls = item.module, item.cls
        self.function = getattr(item, "function", None)
        self.node = Node(item, list(marked))
        self.fixturenames = []
        self.definition, self.fixturename, self.scope = None, None, "function"
        self._using = {}

    @property
    def config(self):
        """A configuration without options."""
        return _Config()

    @property
    def param(self):
        """The parameter of the fixture that asks."""
        if self.fixturename in self.params:
            return self.params[self.fixturename]
        raise AttributeError("this fixture has no parameter")

    def addfinalizer(self, finalizer):
        """Calls `finalizer` when the fixture's scope ends."""
        self.store.finalizers[self.scope].append(finalizer)

    def getfixturevalue(self, name):
        """The value of a fixture, made now if it is not alive."""
        if name == "request":
            return self
        if name in self.direct:
            return self.direct[name]
        definitions = self.store.definitions(name, self.owners)
        level = len(definitions) - 1
        if self.definition in definitions and self.fixturename == name:
            level = definitions.index(self.definition) - 1  # a fixture that overrides and uses its own name
        if level < 0:
            raise Failed(f"fixture {name!r} not found")
        return self._value(definitions[level], name)

    def _value(self, definition, name):
        owner = {"function": self.item, "class": self.cls or self.item, "module": self.module}.get(definition.scope)
        index = self.params.get(name)
        key = (definition, owner)
        held = self.store.alive.get(key)
        if held is not None and (held[1] is index or definition.params is None):
            return held[0]
        inner = Request(self.store, self.item, self.owners, self.instance, self.params, self.node._marked, self.direct)
        inner.definition, inner.fixturename, inner.scope = definition, name, definition.scope
        inner.node = self.node
        value = self._make(definition, inner)
        self.store.alive[key] = (value, index)
        return value

    def _make(self, definition, inner):
        names = definition.arguments
        function = definition.function
        positional = ()
        if names and names[0] in ("self", "cls") and self.cls is not None:
            positional = (self.instance if self.instance is not None else self.cls,)
            names = names[1:]
        values = {name: inner.getfixturevalue(name) for name in names}
        made = function(*positional, **values)
        if fixtures.is_generator(made):
            generator = made
            made = next(generator)
            self.store.finalizers[definition.scope].append(fixtures.finish(generator))
        return made


class _Config:
    """``request.config``: nothing is configured here."""

    def getoption(self, name, default=None, skip=False):
        """The default."""
        return default

    getini = getoption
