"""Finds the tests in a loaded test file, in the order they are written, and names them."""

from _assay.pristine import names as __builtins__

import os
import sys

from _assay import places, pytest_items, unittest_items
from _assay.failures import Outcome


class SkippedFile:
    """Stands for a test file that skipped itself while it was loaded."""

    cls = module = line = None

    def __init__(self, file, reason):
        self.name, self.reason = file[:-3].replace("/", "."), reason

    def run(self, session):
        """Reports the skip."""
        return Outcome("skipped", self.reason)


def module_names(test_files):
    """(file, module name) of each test file; folders without ``__init__.py`` are put on the path."""
    tails = [file.rpartition("/")[2] for file in test_files]
    named = []
    for file, tail in zip(test_files, tails):
        folder = file.rpartition("/")[0]
        base = file[:-3]
        if os.path.exists(places.TESTS + "/__init__.py") and "/" not in file:
            named.append((file, "tests." + base))
            continue
        if folder and not os.path.exists(f"{places.TESTS}/{folder}/__init__.py"):
            for root in (places.WORK, places.TESTS):
                if f"{root}/{folder}" not in sys.path:
                    sys.path.append(f"{root}/{folder}")
            named.append((file, tail[:-3] if tails.count(tail) == 1 else base.replace("/", ".")))
        else:
            named.append((file, base.replace("/", ".")))
    return named


def items_of_module(module, fixtures):
    """Every test of a module: unittest classes, pytest classes and functions, or what ``load_tests`` says."""
    load_tests = getattr(module, "load_tests", None)
    found, seen = [], set()
    fixtures.add_module(module)
    if callable(load_tests):
        loader = unittest_items.Loader()
        suite = load_tests(loader, loader.loadTestsFromModule(module), None)
        found.extend(unittest_items.items_of_suite(suite, module))
    for name, value in list(vars(module).items()):
        if unittest_items.is_test_class(value):
            if load_tests is None and value not in seen:
                seen.add(value)
                found.extend(unittest_items.items_of_class(value, module))
        elif pytest_items.is_test(name, value):
            found.extend(pytest_items.items_of(name, value, module, fixtures))
    return found


def make_names_unique(items):
    """Gives tests whose name occurs in several files the module path as a prefix; numbers what is still equal."""
    files = {}
    for item in items:
        files.setdefault(item.name, set()).add(item.file)
    for item in items:
        if len(files[item.name]) > 1:
            item.name = item.file[:-3].replace("/", ".") + "." + item.name
    count = {}
    for item in items:
        seen = count[item.name] = count.get(item.name, 0) + 1
        if seen > 1:
            item.name = f"{item.name}#{seen}"
