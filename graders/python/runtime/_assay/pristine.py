"""What the grader needs of the language, held before any learner's code has run."""

import builtins
import io
import sys

# A copy of the built-in names. A module that binds it as `__builtins__` before its first function is
# independent of what later happens to the `builtins` module.
names = dict(vars(builtins))


def _stream(fd, mode):
    """A text stream on a standard descriptor that never closes it; lines reach the host as they are written."""
    raw = io.FileIO(fd, mode, closefd=False)
    if mode == "r":
        raw.name = "<stdin>"
        return io.TextIOWrapper(io.BufferedReader(raw), encoding="utf-8", errors="surrogateescape")
    raw.name = "<stdout>" if fd == 1 else "<stderr>"
    stream = io.TextIOWrapper(
        io.BufferedWriter(raw, 65536), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
    stream.mode = mode
    return stream


stdin = stdout = stderr = None


def open_streams():
    """Makes new standard streams and installs them everywhere Python keeps them."""
    global stdin, stdout, stderr
    stdin, stdout, stderr = _stream(0, "r"), _stream(1, "w"), _stream(2, "w")
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = stdin, stdout, stderr
    sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr


def restore_streams():
    """Puts the standard streams back after a test, whatever the test did to them, and flushes what they hold."""
    global stdout, stderr
    for stream in (sys.stdout, sys.stderr):
        if stream is not stdout and stream is not stderr:
            try:
                stream.flush()
            except BaseException:  # a test's own stream: it may be closed or anything at all
                pass
    if stdout.closed:
        stdout = sys.__stdout__ = _stream(1, "w")
    if stderr.closed:
        stderr = sys.__stderr__ = _stream(2, "w")
    stdout.flush()
    stderr.flush()
    sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
