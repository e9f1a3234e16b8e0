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
import signal
import sys
import tempfile
import time
from pathlib import Path

import load
import machine
import peers
import sandbox
import tables
from server import Server

HERE = Path(__file__).resolve().parent
EXERCISE = HERE / "exercises" / "ten-tests"
PROGRAMS = HERE / "programs"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent.parent / "target"))


def _quantiles(found):
    return {name: tables.quantiles(values) for name, values in found.items() if values}


def one_by_one(server, native, boxed, rounds):
    """Sequential latencies in milliseconds, interleaved; then where the server's go."""
    client = load.Client(server, EXERCISE)
    found = {"assay": [], "native": [], "bubblewrap": []}
    stages = []
    for _ in range(100):
        submission, _ = client.submit()
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
    parts = load.parts(client, submission, rounds * 3)
    client.close()
    return _quantiles(found), _quantiles(load.by_stage(stages)), _quantiles(parts)


def throughput(server, native, seconds):
    """Graded submissions a second, by clients at once."""
    return [
        {
            "clients": clients,
            "assay": load.rate(server, EXERCISE, clients, seconds),
            "native": peers.rate(native, clients, seconds),
        }
        for clients in (1, 2, 4, 16)
    ]


def measure(quick, folder):
    """Runs everything: the results."""
    rounds, seconds, runs = (20, 2, 100) if quick else (60, 6, 300)
    python = peers.fastest_python()
    native = peers.Native(python, EXERCISE, folder / "native")
    boxed, why_not = peers.Boxed.find(native)
    print(f"peer: {python}" + (why_not and f"; {why_not}"), flush=True)
    bench = sandbox.Bench(TARGET / "release" / "examples" / "sandbox_bench")
    meanwhile = machine.Meanwhile()
    with Server(TARGET / "release" / "assay", folder / "data") as server:
        server.push(EXERCISE)
        meanwhile.begin(server.process.pid)
        latency, stages, parts = one_by_one(server, native, boxed, rounds)
        rates = throughput(server, native, seconds)
        meanwhile.end()
        memory = server.memory()
    parts["one write to disk"] = {"p50": machine.flush_ms(folder)}
    meanwhile.begin()
    alone = {"hello world": bench.measure(PROGRAMS / "hello.py", runs)}
    alone["ten tests"], alone["ten tests, shared"] = sandbox.isolation(bench, EXERCISE, runs, 1 if quick else 3)
    slowdown = sandbox.slowdown(bench, python, sorted(PROGRAMS.glob("*.py")), 1 if quick else 3)
    meanwhile.end()
    return {
        "machine": {
            "processors": machine.processors(),
            "system": platform.platform(),
            "peer": str(python),
            "processors_used_by_others": meanwhile.average(),
        },
        "latency_ms": latency,
        "stages_ms": stages,
        "parts_ms": parts,
        "throughput": rates,
        "server_memory_bytes": memory,
        "sandbox": alone,
        "slowdown": slowdown,
    }


def main():
    """Runs everything, prints it and writes it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        results = measure(quick, Path(folder))
    tables.show(results)
    out = TARGET / "bench.json"
    out.write_text(json.dumps(results, indent=2) + "\n")
    print(f"\nwritten to {out}")


if __name__ == "__main__":
    # However it ends, the server is stopped and the folders are removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main()
    except (load.BenchError, OSError) as problem:
        sys.exit(f"bench: {problem}")
    except KeyboardInterrupt:
        sys.exit("bench: interrupted")
