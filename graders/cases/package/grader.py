"""Grades by tables of cases: call a function, or construct an object and use it, and expect a value or an exception."""

import assay

from . import running, tables


def grade(job):
    """Runs every case of `tests/*.toml` in the order written."""
    cases = tables.read(job)
    by_name = {case.name: case for case in cases}
    planned = [assay.Planned(case.name, case.points, case.file, case.line) for case in cases]
    for test in job.plan(planned):
        with test:
            running.run(job, test, by_name[test.name])
