"""The module learners' and authors' files get from ``import pytest``."""

from _assay.pristine import names as __builtins__

import importlib
import re
import sys
import types
import warnings

from _assay import outcomes
from _assay.approx import approx
from _assay.fixtures import FixtureDefinition
from _assay.marks import MarkGenerator
from _assay.monkeypatch import MonkeyPatch
from _assay.parametrize import Param


def fixture(function=None, *, scope="function", params=None, autouse=False, ids=None, name=None):
    """Makes a function a fixture."""
    if function is not None:
        return FixtureDefinition(function, scope, params, autouse, ids, name)
    return lambda inner: FixtureDefinition(inner, scope, params, autouse, ids, name)


def param(*values, id=None, marks=()):
    """One case of parametrize, with an id or marks."""
    return Param(values, id, marks)


def fail(reason="", pytrace=True, msg=None):
    """Fails the test."""
    raise outcomes.Failed(msg if msg is not None else reason, pytrace)


def skip(reason="", *, allow_module_level=False, msg=None):
    """Skips the test, or (at module level) the file."""
    raise outcomes.Skipped(msg if msg is not None else reason, allow_module_level=allow_module_level)


def xfail(reason=""):
    """Ends the test as failing for a known reason."""
    raise outcomes.XFailed(reason)


def exit(reason="", returncode=None):
    """Ends the test."""
    raise outcomes.Failed(f"pytest.exit: {reason}")


def importorskip(modname, minversion=None, reason=None, *, exc_type=None):
    """The module, or a skipped test."""
    try:
        return importlib.import_module(modname)
    except ImportError as problem:
        raise outcomes.Skipped(reason or f"could not import {modname!r}: {problem}") from None


skip.Exception, fail.Exception, xfail.Exception = outcomes.Skipped, outcomes.Failed, outcomes.XFailed


class ExceptionInfo:
    """What ``pytest.raises`` caught."""

    def __init__(self):
        self._value = None

    @property
    def value(self):
        """The exception."""
        if self._value is None:
            raise AssertionError(".value can only be used after the block has ended")
        return self._value

    type = property(lambda self: type(self.value))
    tb = property(lambda self: self.value.__traceback__)
    typename = property(lambda self: type(self.value).__name__)

    def match(self, pattern):
        """Asserts that the exception's text matches."""
        text = str(self.value)
        if not re.search(pattern, text):
            raise AssertionError(f"the exception says {text!r}, expected a text matching {pattern!r}")
        return True

    def errisinstance(self, kind):
        """Whether the exception is of that class."""
        return isinstance(self.value, kind)

    def exconly(self, tryshort=False):
        """Class and text."""
        return f"{self.typename}: {self.value}"

    def __repr__(self):
        return f"<ExceptionInfo {self._value!r}>"


def _name(kind):
    return " or ".join([item.__name__ for item in kind]) if isinstance(kind, tuple) else kind.__name__


class _Raises:
    def __init__(self, expected, match=None, check=None):
        self.expected, self.match_expr, self.check = expected, match, check

    def matches(self, problem):
        return isinstance(problem, self.expected)

    def __enter__(self):
        self.info = ExceptionInfo()
        return self.info

    def __exit__(self, exc_type, problem, tb):
        if problem is None:
            raise outcomes.Failed(f"{_name(self.expected)} was expected, but nothing was raised")
        if not isinstance(problem, self.expected):
            return False
        self.info._value = problem
        if self.match_expr is not None:
            self.info.match(self.match_expr)
        if self.check is not None and not self.check(problem):
            raise AssertionError(f"{problem!r} was raised, but it is not the expected one")
        return True


def raises(expected_exception=BaseException, *args, match=None, check=None, **kwargs):
    """Asserts that a block, or a call, raises."""
    kinds = expected_exception if isinstance(expected_exception, tuple) else (expected_exception,)
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            raise TypeError(f"expected exception must be a BaseException type, not {type(kind).__name__}")
    context = _Raises(expected_exception, match, check)
    if not args:
        return context
    with context as info:
        args[0](*args[1:], **kwargs)
    return info


class WarningsRecorder(warnings.catch_warnings):
    """Records warnings."""

    def __init__(self):
        super().__init__(record=True)
        self.list = []

    def __enter__(self):
        self.list = super().__enter__()
        warnings.simplefilter("always")
        return self

    def __getitem__(self, index):
        return self.list[index]

    def __iter__(self):
        return iter(self.list)

    def __len__(self):
        return len(self.list)

    def pop(self, cls=Warning):
        """Takes out the first warning of a class."""
        for index, item in enumerate(self.list):
            if issubclass(item.category, cls):
                return self.list.pop(index)
        raise AssertionError(f"{cls!r} not found in warning list")

    def clear(self):
        """Forgets all."""
        self.list.clear()


class _Warns(WarningsRecorder):
    def __init__(self, expected, match):
        super().__init__()
        self.expected, self.match = expected, match

    def __exit__(self, kind, problem, tb):
        super().__exit__(kind, problem, tb)
        if problem is not None:
            return
        found = [item for item in self.list if issubclass(item.category, self.expected)]
        if not found:
            raise outcomes.Failed(f"{_name(self.expected)} was expected, but there was no such warning")
        if self.match is not None and not any([re.search(self.match, str(item.message)) for item in found]):
            raise outcomes.Failed(f"no warning matches {self.match!r}")


def warns(expected_warning=Warning, *args, match=None, **kwargs):
    """Asserts that a block, or a call, warns."""
    context = _Warns(expected_warning, match)
    if not args:
        return context
    with context:
        return args[0](*args[1:], **kwargs)


def deprecated_call(*args, match=None, **kwargs):
    """Asserts a deprecation warning."""
    return warns((DeprecationWarning, PendingDeprecationWarning), *args, match=match, **kwargs)


def main(*args, **kwargs):
    """Does nothing: the tests are run by the grader."""
    return 0


def module():
    """The module `pytest`."""
    made = types.ModuleType("pytest", "The part of pytest that exercises use, built into the grader.")
    for item in (fixture, param, fail, skip, xfail, exit, importorskip, raises, warns, deprecated_call, main):
        setattr(made, item.__name__, item)
    made.approx, made.MonkeyPatch, made.ExceptionInfo = approx, MonkeyPatch, ExceptionInfo
    made.mark, made.__version__ = MarkGenerator(), "9.2.0"
    made.WarningsRecorder = WarningsRecorder
    made.FixtureRequest = sys.modules["_assay.requests"].Request
    made.UsageError = type("UsageError", (Exception,), {})
    made.PytestWarning = type("PytestWarning", (UserWarning,), {})
    made.CaptureFixture = sys.modules["_assay.builtin_fixtures"].Capture
    made.LogCaptureFixture = sys.modules["_assay.builtin_fixtures"].LogCapture
    return made
