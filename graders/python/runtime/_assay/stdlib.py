"""Imports the whole usable standard library into the snapshot, and explains what is not in it.

`missing_modules.toml` says which modules cannot be imported here and why. The build fails when that list and
reality differ.
"""

from _assay.pristine import names as __builtins__

import contextlib
import importlib
import io
import os
import pkgutil
import sys
import tomllib
import warnings

_NOT_TRIED = ("__main__", "test", "tests", "idlelib", "turtledemo", "antigravity", "this", "ensurepip")
reasons = {}


def _tried(name):
    return not any(part in _NOT_TRIED for part in name.split("."))


def _walk(failed):
    for name in sorted(sys.stdlib_module_names):
        if not _tried(name) or not _import(name, failed):
            continue
        package = sys.modules.get(name)
        for found in pkgutil.walk_packages(getattr(package, "__path__", ()), name + ".", onerror=lambda _: None):
            if _tried(found.name):
                _import(found.name, failed)


def _import(name, failed):
    try:
        importlib.import_module(name)
        return True
    except Exception as problem:
        failed[name] = f"{type(problem).__name__}: {problem}"
        return False


def import_everything():
    """Walks and imports; raises with the difference when `missing_modules.toml` is out of date."""
    with open(os.path.join(os.path.dirname(__file__), "missing_modules.toml"), "rb") as file:
        for entry in tomllib.load(file)["group"]:
            for name in entry["modules"]:
                reasons[name] = entry["reason"]
    failed = {}
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        _walk(failed)
    unlisted = {name: why for name, why in failed.items() if name not in reasons}
    present = [name for name in reasons if name not in failed and _tried(name)]
    if unlisted or present:
        lines = ["missing_modules.toml is out of date"]
        lines += [f"  cannot be imported, but is not listed: {name} ({why})" for name, why in unlisted.items()]
        lines += [f"  is listed, but can be imported: {name}" for name in present]
        raise RuntimeError("\n".join(lines))


class MissingFinder:
    """The last meta path finder: a standard module that is not here is refused with the reason."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Raises for a listed module; leaves every other to the usual error."""
        listed = name
        while listed and listed not in reasons:
            listed = listed.rpartition(".")[0]
        if listed:
            raise ModuleNotFoundError(f"module {name!r} is not available here: {reasons[listed]}", name=name)
        return None

    @staticmethod
    def invalidate_caches():
        """Nothing is cached."""
