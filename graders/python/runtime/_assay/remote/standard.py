"""Every class of the standard library by name, as both sides have it in their image."""

from _assay.pristine import names as __builtins__

import dataclasses
import inspect
import sys

by_name = {}  # (module, qualified name) -> class or well-known object
names = {}  # id -> (module, qualified name)


def _add(key, value):
    if id(value) not in names and key not in by_name:
        by_name[key] = value
        names[id(value)] = key


def collect():
    """Lists what is loaded now: called once, while the image is made."""
    pending, seen = [object], set()
    while pending:
        cls = pending.pop()
        if cls in seen:
            continue
        seen.add(cls)
        pending.extend(type.__subclasses__(cls))
        module = cls.__module__
        if isinstance(module, str) and not module.startswith(("_assay", "assay_entry", "wit_world", "componentize")):
            # `_pydecimal` and its like call their classes by the names of others.
            named = getattr(sys.modules.get(module), cls.__qualname__, cls)
            if named is cls:
                _add((module, cls.__qualname__), cls)
    for name in ("_FIELD", "_FIELD_CLASSVAR", "_FIELD_INITVAR", "MISSING", "KW_ONLY"):
        _add(("dataclasses", name), getattr(dataclasses, name))
    _add(("inspect", "_empty"), inspect._empty)
    import builtins

    for name, value in vars(builtins).items():
        if callable(value) and not name.startswith("_"):
            _add(("builtins", name), value)
    for name, module in sys.modules.items():
        if name.partition(".")[0] in sys.stdlib_module_names and name != "__main__":
            _add(("=", name), module)
    for name in ("math", "operator", "random", "string", "json", "time", "copy", "itertools", "functools", "re", "os", "sys"):
        module = sys.modules[name]
        for attribute, value in vars(module).items():
            if not attribute.startswith("_") and callable(value):
                _add((name, attribute), value)


def is_standard(value):
    """Whether it is listed."""
    return id(value) in names and by_name[names[id(value)]] is value
