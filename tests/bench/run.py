#!/usr/bin/env python3
"""Measures the server and its peers on this machine, side by side in one run: `make bench` (`--quick`: fewer rounds).

The same exercise and solution are graded (a) by the real server with its database, over HTTP with `Prefer: wait`, (b) by a
fresh `python3 -m unittest`, (c) by the same in bubblewrap where that is installed. Rounds go a, b, c, a, b, c …, so that
whatever else the machine does hits all alike. Every answer is checked. Prints tables, and writes bench.json into the
target folder.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import load
import peers
import sandbox
import tables
from server import Server

HERE = Path(__file__).resolve().parent
EXERCISE = HERE / "exercises" / "ten-tests"
PROGRAMS = HERE / "programs"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent.parent / "target"))


def one_by_one(server, native, boxed, rounds):
    """Sequential latencies in milliseconds, interleaved."""
    client = load.Client(server, EXERCISE)
    found = {"assay": [], "native": [], "bubblewrap": []}
    stages = []
    for _ in range(30):
        client.submit()
    for _ in range(rounds):
        # A few of the quick one for each of the slow ones, as it also has the quicker noise.
        for _ in range(5):
            began = time.time()
            submission, seconds = client.submit()
            found["assay"].append(seconds * 1e3)
            stages.append(load.stages(submission, began, seconds))
        found["native"].append(native.run() * 1e3)
        if boxed:
            found["bubblewrap"].append(boxed.run() * 1e3)
    client.close()
    return {name: tables.quantiles(values) for name, values in found.items() if values}, load.summary(stages)


def throughput(server, native, seconds):
    """Graded submissions a second, by clients at once."""
    found = []
    for clients in (1, 2, 4, 16):
        found.append(
            {
                "clients": clients,
                "assay": load.rate(server, EXERCISE, clients, seconds),
                "native": peers.rate(native, clients, seconds),
            }
        )
    return found


def main():
    """Runs everything and writes the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    quick = parser.parse_args().quick
    rounds, seconds, runs = (20, 2, 100) if quick else (60, 6, 300)
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        python = peers.fastest_python()
        native = peers.Native(python, EXERCISE, Path(folder) / "native")
        boxed = peers.Boxed.find(native)
        print(f"peer: {python}" + ("" if boxed else "; bubblewrap is not installed"), flush=True)
        with Server(TARGET / "release" / "assay", Path(folder) / "data") as server:
            server.push(EXERCISE)
            latency, stages = one_by_one(server, native, boxed, rounds)
            rates = throughput(server, native, seconds)
            memory = server.memory()
        bench = sandbox.Bench(TARGET / "release" / "examples" / "sandbox_bench")
        alone = {"hello world": bench.measure(PROGRAMS / "hello.py", runs), "ten tests": bench.measure(EXERCISE, runs)}
        slowdown = sandbox.slowdown(bench, python, sorted(PROGRAMS.glob("*.py")), 3 if quick else 7)
    results = {
        "machine": {"processors": os.cpu_count(), "system": platform.platform(), "peer": str(python)},
        "latency_ms": latency,
        "stages_ms": stages,
        "per_second": rates,
        "server_memory_bytes": memory,
        "sandbox": alone,
        "slowdown": slowdown,
    }
    tables.show(results)
    out = TARGET / "bench.json"
    out.write_text(json.dumps(results, indent=2) + "\n")
    print(f"\nwritten to {out}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (load.BenchError, OSError) as problem:
        sys.exit(f"bench: {problem}")
    except KeyboardInterrupt:
        sys.exit("bench: interrupted")
