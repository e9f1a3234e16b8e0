"""One job of kind "program": runs a file of /work as ``__main__``, as ``python3 main.py`` would."""

from _assay.pristine import names as __builtins__

import atexit
import os
import sys

from _assay import diagnostics, loading, places, pristine

_exec = exec


def run(job):
    """Runs the program; an exception that ends it becomes the diagnostic."""
    os.chdir(places.WORK)
    argv = [str(item) for item in job["argv"]]
    sys.argv = argv[:]
    path = places.WORK + "/" + argv[0]
    places.submission.add(path)
    data = loading.read(path)
    if data is None:
        return _failed(FileNotFoundError(f"there is no file {argv[0]}"), argv[0])
    module = type(sys)("__main__")
    module.__file__ = path
    module.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = module
    try:
        places.sources[path] = data
        try:
            _exec(loading.compile_source(path, data), module.__dict__)
        finally:
            atexit._run_exitfuncs()
    except SystemExit as problem:
        pristine.restore_streams()
        if problem.code in (None, 0):
            return {"ok": True}
        if isinstance(problem.code, str):
            pristine.stderr.write(problem.code + "\n")
        code = problem.code if isinstance(problem.code, int) else 1
        return {**_failed(problem, argv[0]), "exit_code": max(-(2**31), min(int(code), 2**31 - 1))}
    except BaseException as problem:
        pristine.restore_streams()
        return _failed(problem, argv[0])
    pristine.restore_streams()
    return {"ok": True}


def _failed(problem, file):
    return {"ok": False, "diagnostic": diagnostics.describe(problem, file)}
