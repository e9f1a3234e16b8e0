"""The fixtures every pytest-style test may ask for: tmp_path, monkeypatch, capsys, caplog, recwarn and others."""

from _assay.pristine import names as __builtins__

import collections
import io
import logging
import os
import pathlib
import re
import sys

from _assay.fixtures import FixtureDefinition, set_builtin
from _assay.monkeypatch import MonkeyPatch

_CaptureResult = collections.namedtuple("CaptureResult", "out err")
_made = []


def _fixture(function=None, **options):
    if function is None:
        return lambda inner: FixtureDefinition(inner, **options)
    return FixtureDefinition(function)


class TempPathFactory:
    """``tmp_path_factory``."""

    def mktemp(self, basename, numbered=True):
        """A new folder."""
        while True:
            _made.append(basename)
            path = pathlib.Path(f"/tmp/pytest-{len(_made)}-{re.sub(r'[^A-Za-z0-9_.-]', '_', basename)[:30]}")
            if not path.exists():
                path.mkdir(parents=True)
                return path

    def getbasetemp(self):
        """The folder of all."""
        return pathlib.Path("/tmp")


class LocalPath(pathlib.PosixPath):
    """``tmpdir``: the old kind of path, as far as tests use it."""

    @property
    def strpath(self):
        """The path as text."""
        return str(self)

    def join(self, *parts):
        """A path below this one."""
        return LocalPath(os.path.join(str(self), *map(str, parts)))

    def write(self, data, mode="w", ensure=False):
        """Writes the file."""
        with open(str(self), mode) as file:
            file.write(data)

    def read(self, mode="r"):
        """Reads the file."""
        with open(str(self), mode) as file:
            return file.read()

    def ensure(self, *parts, dir=False):
        """Makes the file or folder."""
        path = self.join(*parts)
        (path if dir else path.parent).mkdir(parents=True, exist_ok=True)
        if not dir:
            path.touch()
        return path

    def check(self, **_):
        """Whether it exists."""
        return self.exists()


class Capture:
    """``capsys``: collects what is printed."""

    def __init__(self):
        self._old = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        self._mine = sys.stdout, sys.stderr

    def readouterr(self):
        """What was printed since the last call."""
        texts = [stream.getvalue() for stream in self._mine]
        for stream in self._mine:
            stream.seek(0)
            stream.truncate()
        return _CaptureResult(*texts)

    def disabled(self):
        """A block whose prints are not collected."""
        return _Disabled(self)

    def close(self):
        """Gives the streams back, and prints to them what nobody read."""
        left = self.readouterr()
        sys.stdout, sys.stderr = self._old
        sys.stdout.write(left.out)
        sys.stderr.write(left.err)


class _Disabled:
    def __init__(self, capture):
        self.capture = capture

    def __enter__(self):
        sys.stdout, sys.stderr = self.capture._old

    def __exit__(self, *_):
        sys.stdout, sys.stderr = self.capture._mine


class LogCapture(logging.Handler):
    """``caplog``: collects log records."""

    def __init__(self):
        super().__init__()
        self.records, self._levels = [], []
        self.setFormatter(logging.Formatter("%(levelname)-8s %(name)s:%(filename)s:%(lineno)d %(message)s"))

    @property
    def handler(self):
        """The handler itself."""
        return self

    def emit(self, record):
        """Keeps a record."""
        record.message = record.getMessage()
        self.records.append(record)

    messages = property(lambda self: [record.getMessage() for record in self.records])
    text = property(lambda self: "".join([self.format(record) + "\n" for record in self.records]))
    record_tuples = property(lambda self: [(r.name, r.levelno, r.getMessage()) for r in self.records])

    def clear(self):
        """Forgets all records."""
        self.records.clear()

    def set_level(self, level, logger=None):
        """Sets a logger's level until the test ends."""
        target = logging.getLogger(logger)
        self._levels.append((target, target.level))
        target.setLevel(level)

    def at_level(self, level, logger=None):
        """Sets a logger's level for a block."""
        return _AtLevel(logging.getLogger(logger), level)

    def restore(self):
        """Puts all levels back."""
        while self._levels:
            target, level = self._levels.pop()
            target.setLevel(level)


class _AtLevel:
    def __init__(self, logger, level):
        self.logger, self.level = logger, level

    def __enter__(self):
        self.old = self.logger.level
        self.logger.setLevel(self.level)

    def __exit__(self, *_):
        self.logger.setLevel(self.old)


@_fixture(scope="session")
def tmp_path_factory():
    return TempPathFactory()


@_fixture
def tmp_path(request):
    return TempPathFactory().mktemp(request.node.name)


@_fixture
def tmpdir(tmp_path):
    return LocalPath(str(tmp_path))


@_fixture
def monkeypatch():
    patch = MonkeyPatch()
    yield patch
    patch.undo()


@_fixture
def capsys():
    capture = Capture()
    yield capture
    capture.close()


@_fixture
def capfd(capsys):
    return capsys


@_fixture
def caplog():
    capture, root = LogCapture(), logging.getLogger()
    root.addHandler(capture)
    yield capture
    root.removeHandler(capture)
    capture.restore()


@_fixture
def recwarn():
    from _assay.pytest_api import WarningsRecorder

    with WarningsRecorder() as recorder:
        yield recorder


@_fixture(scope="session")
def pytestconfig():
    from _assay.requests import _Config

    return _Config()


set_builtin(globals())
