"""Samples run at build time: what a typical job touches for the first time is then already in the image.

The samples cannot be files (nothing is writable while the image is made), so they go through the same functions
as a job does, with sources given as text.
"""

from _assay.pristine import names as __builtins__

import ast
import inspect
import io
import sys
import traceback

from _assay import collect, diagnostics, events, loading, places, session

_LEARNER = b'''"""A sample."""
import dataclasses, enum, random, re, typing

@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0

class Color(enum.Enum):
    RED = 1

class Pair(typing.NamedTuple):
    a: int
    b: str

def double(n: int) -> int:
    return n * 2

def wrong(n):
    return [str(i) for i in range(n)] + sorted({n: n}, key=lambda k: -k)

def broken(n):
    return n.missing
'''

_TESTS = b'''
import io, unittest
from unittest import mock
import pytest
import warmup_sample
from warmup_sample import double, wrong, broken, Point

class SampleTest(unittest.TestCase):
    def setUp(self): self.n = 3
    def test_passes(self): self.assertEqual(double(2), 4)
    def test_fails(self): self.assertEqual(wrong(2), 5)
    def test_true(self): self.assertTrue(double(0))
    def test_is(self): self.assertIs(double(2), None, msg="a message")
    def test_errs(self): self.assertIn(broken(1), [2])
    def test_long(self): self.assertEqual([1, 2] * 20, wrong(30))
    def test_text(self): self.assertEqual("a" * 50, "b" * 50)
    def test_raises(self):
        with self.assertRaises(ValueError): double(1)
    def test_regex(self):
        with self.assertRaisesRegex(AttributeError, "missing"): broken(1)
    def test_subtests(self):
        for n in (1, 2):
            with self.subTest(n=n): self.assertEqual(double(n), 2)
    @mock.patch("builtins.input", return_value="x")
    def test_mock(self, fake):
        with mock.patch("sys.stdout", new_callable=io.StringIO): print(input())

def test_plain(): assert double(2) == 5
def test_called(): assert not wrong(1), "message"
@pytest.mark.parametrize("n,e", [(1, 2), (2, 5)])
def test_cases(n, e): assert double(n) == e
@pytest.fixture
def three(): return 3
class TestFixture:
    def test_it(self, three, capsys, monkeypatch):
        assert three == pytest.approx(3.0)
'''


def _load(name, path, source):
    spec = loading.make_spec(name, path, source)
    module = type(sys)(name)
    module.__spec__, module.__file__ = spec, path
    sys.modules[name] = module
    places.sources[path] = source
    spec.loader.exec_module(module)
    return module


class _Silent:
    """In the place of the host, which is not there yet."""

    start = finish = staticmethod(lambda *_: None)


def run_samples(run):
    """Runs the samples without telling the host, then forgets them."""
    places.submission.add("/work/warmup_sample.py")
    real, events._progress = events._progress, _Silent
    state = session.Session([])
    old_streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    try:
        learner = _load("warmup_sample", "/work/warmup_sample.py", _LEARNER)
        module = _load("warmup_test", "/work/tests/warmup_test.py", _TESTS)
        items = collect.items_of_module(module, state.fixtures)
        for index, item in enumerate(items):
            item.file = "warmup_test.py"
            events.start(item.name)
            following = items[index + 1] if index + 1 < len(items) else None
            events.end(item.name, state._run_one(item, following))
        _try_bad_sources()
        inspect.signature(learner.double)
        repr(learner.Point(1) < learner.Point(2))
        ast.unparse(ast.parse(_LEARNER))
    finally:
        events._progress = real
        sys.stdout, sys.stderr = old_streams
        for name in ("warmup_sample", "warmup_test"):
            sys.modules.pop(name, None)
        places.submission.clear()
        places.sources.clear()


def _try_bad_sources():
    for source in (b"def f()\n    pass\n", b"1 / 0\n", b"from warmup_sample import nothing\n", b"import no_such\n"):
        try:
            _load("warmup_bad", "/work/warmup_bad.py", source)
        except Exception as problem:
            diagnostics.describe(problem, "warmup_bad.py")
            "".join(traceback.format_exception(problem))
        sys.modules.pop("warmup_bad", None)
