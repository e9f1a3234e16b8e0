"""Prints the results for people."""


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
    latency, alone, rates = results["latency_ms"], results["sandbox"], results["per_second"]
    native = latency["native"]["p50"]
    names = {"assay": "(a) server, Prefer: wait", "native": "(b) python3 -m unittest", "bubblewrap": "(c) the same in bubblewrap"}
    rows = [[names[name], row["p50"], row["p95"], f"1/{native / row['p50']:.1f}"] for name, row in latency.items()]
    _table("Ten tests, one submission after the other (ms)", ["", "p50", "p95", "of (b)"], rows)
    rows = [[str(row["clients"]), row["assay"], row["native"], f"{row['assay'] / row['native']:.1f}"] for row in rates]
    _table("Graded a second", ["clients", "(a)", "(b)", "(a)/(b)"], rows)
    rows = [[name, value] for name, value in results["stages_ms"].items()]
    _table("From socket to stored report (ms, medians)", ["stage", ""], rows)
    rows = []
    for name, row in alone.items():
        parts = [row[part]["p50"] for part in ("whole_ms", "instantiate_ms", "load_ms", "run_ms")]
        memory = f"{row['memory_bytes'] >> 20} MiB"
        if row["private_bytes"]:
            memory += f", {row['private_bytes'] / 1e6:.1f} MB of it copied"
        rows.append([name, *parts, f"{row['page_faults']['min']:.0f}", memory])
    head = ["", "whole", "(instantiate, ahead)", "load", "run", "page faults", "memory"]
    _table("The sandbox alone (ms, p50)", head, rows)
    rows = [[name, row["native_ms"], row["sandbox_ms"], f"{row['ratio']:.2f}"] for name, row in results["slowdown"].items()]
    _table("Programs that only compute (ms, best)", ["", "native", "sandbox", "ratio"], rows)
    memory = results["server_memory_bytes"]
    print(f"\nserver memory: {memory['resident'] / 1e6:.0f} MB resident, {memory['anonymous'] / 1e6:.0f} MB of it no file's")
    _aims(results, native, alone, rates)


def _aims(results, native, alone, rates):
    cores = results["machine"]["processors"]
    best = max(row["assay"] for row in rates) / cores
    aims = [
        ("p50 of (a) at most an eighth of (b)", f"1/{native / results['latency_ms']['assay']['p50']:.1f}",
         results["latency_ms"]["assay"]["p50"] * 8 <= native),
        ("hello world in the sandbox under 3 ms", f"{alone['hello world']['whole_ms']['p50']:.2f} ms",
         alone["hello world"]["whole_ms"]["p50"] < 3),
        ("ten tests in the sandbox under 5 ms", f"{alone['ten tests']['whole_ms']['p50']:.2f} ms",
         alone["ten tests"]["whole_ms"]["p50"] < 5),
        ("100 graded a second on each core", f"{best:.0f}", best >= 100),
    ]  # fmt: skip
    _table("Aims", ["", "measured", ""], [[aim, value, "met" if met else "not met"] for aim, value, met in aims])
