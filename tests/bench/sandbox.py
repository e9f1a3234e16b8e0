"""The sandbox without server and database (the example `sandbox_bench`), and interpreters against it."""

import json
import os
import subprocess

from load import BenchError

_TIMED = "import runpy,sys,time; b=time.perf_counter(); runpy.run_path(sys.argv[1]); print(time.perf_counter()-b)"


class Bench:
    """Runs the built benchmark program."""

    def __init__(self, program):
        self.program = program
        self.runtime = os.environ.get("ASSAY_RUNTIME_DIR")
        if not self.runtime or not self.program.exists():
            raise BenchError("the benchmark is not set up; run `make bench`")

    def measure(self, what, runs, *words):
        """What `runs` runs of a program or a bundle's solution cost; with "shared", tests beside the submission."""
        done = subprocess.run([self.program, self.runtime, what, str(runs), *words], capture_output=True, text=True)
        if done.returncode != 0:
            raise BenchError(f"sandbox_bench {what}: {done.stderr.strip()}")
        return json.loads(done.stdout)


def isolation(bench, bundle, runs, rounds):
    """A bundle's tests in a sandbox of their own and beside the submission, in turns: the quicker round of each."""
    apart, beside = [], []
    for _ in range(rounds):
        apart.append(bench.measure(bundle, runs))
        beside.append(bench.measure(bundle, runs, "shared"))
    return [min(rows, key=lambda row: row["whole_ms"]["p50"]) for rows in (apart, beside)]


def slowdown(bench, python, programs, rounds):
    """Programs that only compute: milliseconds in the sandbox and in the interpreter, both at their best."""
    found = {}
    for path in programs:
        if path.stem == "hello":
            continue
        natives, inside = [], []
        for _ in range(rounds):
            for _ in range(2):
                done = subprocess.run([python, "-c", _TIMED, path], capture_output=True, text=True, check=True)
                natives.append(float(done.stdout.split()[-1]) * 1e3)
            inside.append(bench.measure(path, 2)["whole_ms"]["min"])
        found[path.stem] = {"sandbox_ms": min(inside), "native_ms": min(natives), "ratio": min(inside) / min(natives)}
    return found
