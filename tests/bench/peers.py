"""The peers: a fresh interpreter for every attempt, alone or in bubblewrap."""

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

from load import BenchError


def _seconds(command, **options):
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, **options)
    seconds = time.perf_counter() - began
    if done.returncode != 0:
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
    """`python3 -m unittest` in a folder with the solution and the tests."""

    def __init__(self, python, exercise, folder):
        self.folder = folder
        folder.mkdir(parents=True)
        for part in ("solution", "tests"):
            for path in (Path(exercise) / part).glob("*.py"):
                shutil.copy(path, folder)
        (tests,) = folder.glob("test_*.py")
        # -B: a submission is new every time, so nothing of it is compiled already.
        self.command = [str(python), "-B", "-m", "unittest", tests.stem]

    def run(self):
        """Seconds of one attempt."""
        return _seconds(self.command, cwd=self.folder)


class Boxed:
    """The same with no network and a read-only view of the machine."""

    def __init__(self, program, native):
        box = [program, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
        box += ["--ro-bind", str(native.folder), "/mnt", "--chdir", "/mnt", "--unshare-all", "--die-with-parent"]
        self.command = box + native.command

    @classmethod
    def find(cls, native):
        """The peer, or None where bubblewrap is not installed or may not be used."""
        program = shutil.which("bwrap")
        if program is None:
            return None
        boxed = cls(program, native)
        try:
            boxed.run()
        except BenchError as problem:
            print(f"bubblewrap cannot be used here: {problem}")
            return None
        return boxed

    def run(self):
        """Seconds of one attempt."""
        return _seconds(self.command)


def rate(peer, clients, seconds):
    """Attempts a second with so many at once."""
    done = []
    end = time.perf_counter() + seconds

    def work():
        while time.perf_counter() < end:
            peer.run()
            done.append(1)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done) / (time.perf_counter() - began)
