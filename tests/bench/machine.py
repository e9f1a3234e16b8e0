"""What the machine does meanwhile: processor time of processes, and of everything else; how long a disk takes."""

import os
import statistics
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processors():
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def _stat(path):
    # The name in brackets may hold anything, so what counts is what follows the last bracket.
    return path.read_text().rpartition(")")[2].split()


def tree_cpu(root):
    """Processor seconds that a process, its children and theirs have used."""
    parents, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = _stat(path)
        except OSError:  # it ended in this moment
            continue
        pid = int(path.parent.name)
        parents[pid] = int(fields[1])
        used[pid] = sum(map(int, fields[11:15])) / _TICKS
    kept = {root}
    while more := {pid for pid, parent in parents.items() if parent in kept} - kept:
        kept |= more
    return sum(used.get(pid, 0) for pid in kept)


def own_cpu():
    """Processor seconds of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _busy():
    user, nice, system, _, _, *interrupts = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:8])
    return (user + nice + system + sum(interrupts)) / _TICKS


class Meanwhile:
    """How many processors others kept busy between `begin` and `end`."""

    def __init__(self):
        self.seconds, self.others = 0.0, 0.0

    def begin(self, *roots):
        """Begins to watch; `roots` are the processes whose trees are ours."""
        self._roots = roots
        self._at = time.perf_counter(), _busy() - self._ours()

    def end(self):
        """Adds what happened since `begin`."""
        began, before = self._at
        self.seconds += time.perf_counter() - began
        self.others += _busy() - self._ours() - before

    def _ours(self):
        return own_cpu() + sum(map(tree_cpu, self._roots))

    def average(self):
        """Processors that others used, on average."""
        return max(0.0, self.others / self.seconds)


def flush_ms(folder, times=100):
    """The median of writing a block of the size of a database page and waiting for the disk."""
    found = []
    path = Path(folder) / "flush"
    with path.open("wb", buffering=0) as file:
        file.write(bytes(8192 * times))
        os.fsync(file)
        for number in range(times):
            began = time.perf_counter()
            os.pwrite(file.fileno(), os.urandom(8192), 8192 * number)
            os.fdatasync(file)
            found.append(time.perf_counter() - began)
    path.unlink()
    return statistics.median(found) * 1e3
