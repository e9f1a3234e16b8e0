"""Test files compiled ahead: one job compiles those of an exercise, later runs load the code.

A third of a small run is compiling its test file, which is the same for every submission. The job that compiles sees no
learner's file, and a run reads all code before it loads any, so nobody who is graded can touch it.
"""

from _assay.pristine import names as __builtins__

import marshal
from binascii import b2a_base64

from _assay import diagnostics, loading, places


def compile_files(job):
    """Compiles the files of a job, by their paths; one that cannot be compiled is left out and described."""
    code, problems = {}, []
    for path in job["files"]:
        try:
            data = marshal.dumps(loading.compile_source(path, loading.read(path)))
        except Exception as problem:
            problems.append(diagnostics.describe(problem, path))
            continue
        code[path] = b2a_base64(data, newline=False).decode()
    return {"ok": True, "code": code, "problems": problems}


def read(test_files):
    """Reads the code that a run was given."""
    for file in test_files:
        data = loading.read(f"{places.CODE}{places.TESTS}/{file}")
        if data is not None:
            loading.ready[f"{places.TESTS}/{file}"] = marshal.loads(data)
