"""Finds and loads modules under /work without scanning folders."""

from _assay.pristine import names as __builtins__

import builtins
import os
import re
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from io import open_code

from _assay import asserts, places

_COOKIE = re.compile(rb"\A(?:[^\n]*\n)?[ \t\f]*#.*?coding[:=]")
_ASSERT = re.compile(rb"^[ \t]*assert\b", re.MULTILINE)
_compile = compile
_exec = exec
_exists = os.path.exists
# Modules that Python itself has loaded before any program starts: a learner's file of that name never replaces them.
_ALWAYS_LOADED = frozenset(
    "abc codecs encodings genericpath io os posixpath site stat sys builtins time types _io marshal posix zipimport "
    "importlib warnings collections functools".split()
)
ready = {}  # path -> code, of files that were compiled ahead


def read(path):
    """The bytes of a file, or None."""
    try:
        with open_code(path) as file:
            return file.read()
    except OSError:
        return None


def _check_text(path, data):
    """Refuses what Python's own loader of files refuses, with a place to point at."""
    at, why = data.find(b"\0"), "the file contains a null byte, which Python source cannot hold"
    if at < 0:
        if data.isascii() or _COOKIE.match(data):
            return
        try:
            data.decode("utf-8")
            return
        except UnicodeDecodeError as problem:
            at, why = problem.start, f"the file is not valid UTF-8 text (byte 0x{data[problem.start]:02x})"
    line = data.count(b"\n", 0, at) + 1
    column = at - (data.rfind(b"\n", 0, at) + 1) + 1
    raise SyntaxError(why, (path, line, column, None, line, column + 1))


def compile_source(path, data):
    """Code of one file; plain asserts of the exercise's own files keep their values for the report."""
    _check_text(path, data)
    if path.startswith(places.WORK) and path not in places.submission and _ASSERT.search(data):
        tree = asserts.rewrite(_compile(data, path, "exec", 0x400, True))  # 0x400: ast.PyCF_ONLY_AST
        return _compile(tree, path, "exec", 0, True)
    return _compile(data, path, "exec", 0, True)


class WorkLoader(SourceFileLoader):
    """Loads a source file; never reads or writes compiled files."""

    data = None

    def get_code(self, fullname):
        """Compiles the source."""
        data = self.data if self.data is not None else self.get_data(self.path)
        places.sources[self.path] = data
        code = ready.get(self.path)
        return compile_source(self.path, data) if code is None else code

    def exec_module(self, module):
        """Runs the module's code."""
        module.__dict__["__builtins__"] = builtins  # the real ones: tests patch them
        _exec(self.get_code(module.__name__), module.__dict__)


def make_spec(name, path, data, package_folder=None):
    """A module spec for a file whose bytes are at hand."""
    loader = WorkLoader(name, path)
    loader.data = data
    spec = ModuleSpec(name, loader, origin=path, is_package=package_folder is not None)
    spec._set_fileattr = True
    if package_folder is not None:
        spec.submodule_search_locations.append(package_folder)
    return spec


class WorkFinder:
    """A meta path finder for folders under /work; leaves every other folder to the ordinary finders."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Tries NAME.py and NAME/__init__.py in each folder under /work."""
        tail = name.rpartition(".")[2]
        for folder in sys.path if path is None else path:
            if type(folder) is not str or not folder.startswith((places.WORK, places.GRADER)):
                continue
            base = folder + "/" + tail
            data = read(base + "/__init__.py")
            if data is not None:
                return make_spec(name, base + "/__init__.py", data, base)
            data = read(base + ".py")
            if data is not None:
                return make_spec(name, base + ".py", data)
        return None

    @staticmethod
    def invalidate_caches():
        """Nothing is cached."""


def load_file(name, path):
    """Loads a file of the exercise as module `name`, whatever else has that name on the path."""
    data = read(path)
    if data is None:
        raise FileNotFoundError(path)
    package = path[: -len("/__init__.py")] if path.endswith("/__init__.py") else None
    spec = make_spec(name, path, data, package)
    module = type(sys)(name)
    module.__spec__, module.__loader__, module.__file__ = spec, spec.loader, path
    module.__package__ = spec.parent
    module.__dict__["__builtins__"] = builtins
    sys.modules[name] = module
    try:
        _exec(spec.loader.get_code(name), module.__dict__)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return sys.modules.get(name, module)


def forget_shadowed(entries):
    """A file of the exercise or the learner comes before a standard module of the same name, as in any Python."""
    for entry in entries:
        name = entry[:-3] if entry.endswith(".py") else entry
        if name in sys.modules and name not in _ALWAYS_LOADED:
            if name == entry and not _exists(f"{places.WORK}/{name}/__init__.py"):
                continue
            prefix = name + "."
            for loaded in [key for key in sys.modules if key == name or key.startswith(prefix)]:
                del sys.modules[loaded]
