"""Prints the results for people."""

_NAMES = {
    "assay": "(a) server, Prefer: wait",
    "native": "(b) python3 -m unittest",
    "bubblewrap": "(c) the same in bubblewrap",
}


def quantiles(values):
    """The fastest, the median and the 95th of a hundred."""
    values = sorted(values)
    at = lambda share: values[round((len(values) - 1) * share)]  # noqa: E731
    return {"min": at(0), "p50": at(0.5), "p95": at(0.95)}


def _table(title, head, rows):
    rows = [head] + [[cell if isinstance(cell, str) else f"{cell:.2f}" for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    print(f"\n{title}")
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  " + "  ".join(cells).rstrip())


def show(results):
    """All tables, then what was aimed at."""
    latency, rates, machine = results["latency_ms"], results["throughput"], results["machine"]
    native = latency["native"]["p50"]
    rows = [
        [_NAMES[name], row["min"], row["p50"], row["p95"], f"1/{native / row['p50']:.1f}"]
        for name, row in latency.items()
    ]
    _table("Ten tests, one submission after the other (ms)", ["", "min", "p50", "p95", "of (b)"], rows)
    rows = [[str(row["clients"]), *_rate(row["assay"], row["native"])] for row in rates]
    head = ["clients", "(a)", "(b)", "(a)/(b)", "cpu ms each: server", "client", "(b)"]
    _table("Graded a second", head, rows)
    rows = [[name, row["p50"], row["p95"]] for name, row in results["stages_ms"].items()]
    _table("From socket to stored report (ms)", ["stage", "p50", "p95"], rows)
    rows = [[name, row["p50"], row.get("p95", "")] for name, row in results["parts_ms"].items()]
    _table("What does less (ms)", ["", "p50", "p95"], rows)
    _sandbox(results["sandbox"])
    rows = [[name, row["native_ms"], row["sandbox_ms"], row["ratio"]] for name, row in results["slowdown"].items()]
    _table("Programs that only compute (ms, best)", ["", "native", "sandbox", "ratio"], rows)
    memory = results["server_memory_bytes"]
    print(f"\nserver memory: {memory['resident'] / 1e6:.0f} MB resident, {memory['anonymous'] / 1e6:.0f} MB of it no file's")
    others = machine["processors_used_by_others"]
    print(f"meanwhile others kept {others:.2f} of {machine['processors']} processors busy", end="")
    print(": too much for figures to be kept" if others > 0.1 else "")
    _aims(results, native)


def _rate(assay, native):
    ratio = f"{assay['per_second'] / native['per_second']:.1f}"
    costs = assay["server_cpu_ms"], assay["client_cpu_ms"], native["cpu_ms"]
    return [assay["per_second"], native["per_second"], ratio, *costs]


def _instructions(row):
    own, grader = row["instructions"] / 1e6, row["grader_instructions"] / 1e6
    return f"{own:.1f} M + {grader:.1f} M" if grader else f"{own:.1f} M"


def _sandbox(alone):
    rows = []
    for name, row in alone.items():
        times = [row["whole_ms"]["p50"], row["whole_ms"]["p95"]]
        times += [row[part]["p50"] for part in ("instantiate_ms", "load_ms", "run_ms")]
        memory = f"{row['memory_bytes'] >> 20} MiB"
        if row["private_bytes"]:
            memory += f", {row['private_bytes'] / 1e6:.1f} MB of it the process's own"
        rows.append([name, *times, f"{row['page_faults']['min']:.0f}", _instructions(row), memory])
    head = ["", "whole", "p95", "(instantiate, ahead)", "load", "run", "page faults", "instructions", "memory"]
    _table("The sandbox alone (ms, p50)", head, rows)


def _aims(results, native):
    server, alone = results["latency_ms"]["assay"]["p50"], results["sandbox"]
    names = ("hello world", "ten tests", "ten tests, shared")
    hello, tests, shared = (alone[name]["whole_ms"]["p50"] for name in names)
    best = max(row["assay"]["per_second"] for row in results["throughput"]) / results["machine"]["processors"]
    aims = [
        ("p50 of (a) at most an eighth of (b)", f"1/{native / server:.1f}", server * 8 <= native),
        ("hello world in the sandbox under 3 ms", f"{hello:.2f} ms", hello < 3),
        ("ten tests in the sandbox under 5 ms", f"{tests:.2f} ms", tests < 5),
        ("tests apart at most twice as long as shared", f"{tests / shared:.2f}", tests <= 2 * shared),
        ("100 graded a second on each core", f"{best:.0f}", best >= 100),
    ]
    _table("Aims", ["", "measured", ""], [[aim, value, "met" if met else "not met"] for aim, value, met in aims])
