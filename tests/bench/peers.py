"""The peers: a fresh interpreter for every attempt, alone or in bubblewrap."""

import itertools
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import machine
from load import BenchError, together


def _seconds(command, expected=b"", **options):
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, **options)
    seconds = time.perf_counter() - began
    if done.returncode != 0 or expected not in done.stderr:
        raise BenchError(f"{' '.join(map(str, command))} failed: {done.stderr.decode()[-500:]}")
    return seconds


def fastest_python():
    """The interpreter of this machine that starts the quickest."""
    folders = os.environ.get("PATH", "").split(os.pathsep) + ["/usr/bin"]
    found = {Path(folder, "python3").resolve() for folder in folders if Path(folder, "python3").exists()}
    found.add(Path(sys.executable).resolve())

    def quickest(python):
        try:
            return min(_seconds([python, "-c", "import unittest"]) for _ in range(8))
        except (BenchError, OSError):  # a wrapper, or something else of that name
            return float("inf")

    return min(sorted(found), key=quickest)


class Native:
    """`python3 -m unittest` in a folder with the solution and the tests, the solution with another comment every time."""

    def __init__(self, python, exercise, folder):
        self.exercise, self.folder, self.python = Path(exercise), folder, str(python)
        folder.mkdir(parents=True)
        for path in (self.exercise / "tests").glob("*.py"):
            shutil.copy(path, folder)
        # The tests are compiled ahead, as they are in the server. A submission is new every time, so -B.
        _seconds([self.python, "-m", "compileall", "-q", folder])
        (tests,) = folder.glob("test_*.py")
        self.command = [self.python, "-B", "-m", "unittest", tests.stem]
        (solution,) = (self.exercise / "solution").glob("*.py")
        self.source, self.target = solution.read_text(), folder / solution.name
        self._numbers = itertools.count()
        self._hand_in()

    def another(self):
        """The same in a folder of its own, for attempts at the same time."""
        return Native(self.python, self.exercise, self.folder.with_name(f"{self.folder.name}-{next(self._numbers)}"))

    def run(self):
        """Seconds of one attempt."""
        self._hand_in()
        return self.check(self.command, cwd=self.folder)

    def check(self, command, **options):
        """Seconds of a command that must run the ten tests."""
        return _seconds(command, b"Ran 10 tests", **options)

    def _hand_in(self):
        self.target.write_text(f"{self.source}\n# submission {next(self._numbers)}\n")


class Boxed:
    """The same with no network and a read-only view of the machine."""

    def __init__(self, program, native):
        self.native = native
        box = [program, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
        box += ["--ro-bind", str(native.folder), "/mnt", "--chdir", "/mnt", "--unshare-all", "--die-with-parent"]
        self.command = box + native.command

    @classmethod
    def find(cls, native):
        """The peer; else None, and why."""
        program = shutil.which("bwrap")
        if program is None:
            return None, "bubblewrap is not installed"
        boxed = cls(program, native)
        try:
            boxed.run()
        except BenchError as problem:
            return None, f"bubblewrap cannot be used here: {problem}"
        return boxed, ""

    def run(self):
        """Seconds of one attempt."""
        return self.native.check(self.command)


def rate(native, clients, seconds):
    """So many at once: attempts a second, and the processor time of each."""
    peers = [native.another() for _ in range(clients)]
    before = machine.own_cpu()
    done, took = together([peer.run for peer in peers], seconds)
    return {"per_second": done / took, "cpu_ms": (machine.own_cpu() - before) * 1e3 / done}
