"""Files that tests and submission write are seen by both, though each side has files of its own.

A side that wrote to files tells the other before it hands over the turn. What the tests wrote the submission gets;
what the submission wrote the tests get only where that can mislead nobody: no source file, and no file of the exercise.
"""

from _assay.pristine import names as __builtins__

import builtins
import io
import os

_open, _isdir, _getcwd, _makedirs = io.open, os.path.isdir, os.getcwd, os.makedirs
_MOST_FILES, _MOST_BYTES = 50, 4 << 20
_ROOTS = ("/tmp/", "/work/")
written = {}  # absolute path -> content when last told, of files that were opened for writing here
received = set()  # those that the other side wrote
changed = False  # whether there may be something to tell


def _path(file):
    path = os.fspath(file)
    path = path if type(path) is str else os.fsdecode(path)
    return os.path.normpath(os.path.join(_getcwd(), path))


def _opened(file, mode="r", *args, **kwargs):
    """``open``, which notes what is opened for writing."""
    global changed
    made = _open(file, mode, *args, **kwargs)
    if type(mode) is str and not {"w", "a", "x", "+"}.isdisjoint(mode) and type(file) is not int:
        path = _path(file)
        if path.startswith(_ROOTS) and len(written) < _MOST_FILES:
            written.setdefault(path, None)
            changed = True
    return made


_opened.__name__ = _opened.__qualname__ = "open"
_opened.__module__ = "_io"


def install():
    """Replaces `open` on this side, before anybody has taken it."""
    io.open = builtins.open = _opened


def news():
    """[path, content] of what was written since this was last asked; content is None where the file is gone."""
    found = []
    for path, before in list(written.items()):
        try:
            with _open(path, "rb") as file:
                now = file.read(_MOST_BYTES)
        except OSError:
            now = None
        if now != before:
            written[path] = now
            found.append([path, None if now is None else now.decode("latin-1")])
    return found


def receive(entries, may):
    """Writes what the other side wrote, where it may."""
    for path, content in entries:
        if type(path) is not str or os.path.normpath(path) != path or not path.startswith(_ROOTS) or not may(path):
            continue
        try:
            if content is None:
                os.remove(path)
                continue
            _makedirs(os.path.dirname(path), exist_ok=True)
            with _open(path, "wb") as file:
                file.write(content.encode("latin-1"))
        except (OSError, AttributeError, ValueError):
            continue
        received.add(path)
        if path in written:
            written[path] = content.encode("latin-1")


def may_have(path):
    """Whether the tests' side takes this file from the submission: never one that code is loaded from, or of the exercise."""
    if path.endswith((".py", ".pyc", ".pyi", ".so", ".pth", ".zip")) or path.startswith("/work/tests/"):
        return False
    return path in written or path in received or not os.path.lexists(path)
