"""The entry of every run: puts the instance in order and hands the job to its kind."""

from _assay.pristine import names as __builtins__

import json
import os
import random
import sys
import tempfile

from _assay import compiled, events, places, pristine, program, session

_loads = json.loads
_listdir = os.listdir
_KINDS = {"unittest": session.run, "program": program.run, "compile": compiled.compile_tests}
# Modules that Python itself has loaded before any program starts: a learner's file of that name never replaces them.
_ALWAYS_LOADED = frozenset(
    "abc codecs encodings genericpath io os posixpath site stat sys builtins time types _io marshal posix zipimport "
    "importlib warnings collections functools".split()
)


def _forget_shadowed():
    """A file of the exercise or the learner comes before a standard module of the same name, as in any Python."""
    for entry in _listdir(places.WORK):
        name = entry[:-3] if entry.endswith(".py") else entry
        if name in sys.modules and name not in _ALWAYS_LOADED:
            if name == entry and not os.path.exists(f"{places.WORK}/{name}/__init__.py"):
                continue
            prefix = name + "."
            for loaded in [key for key in sys.modules if key == name or key.startswith(prefix)]:
                del sys.modules[loaded]


def run(text):
    """Runs one job (JSON) and answers with its result (JSON)."""
    job = _loads(text)
    sys.path[:] = [places.WORK, places.TESTS]
    random._inst.seed()
    tempfile._name_sequence = None
    places.submission.update([places.WORK + "/" + file for file in job.get("submission_files", ())])
    _forget_shadowed()
    result = _KINDS[job["kind"]](job)
    pristine.restore_streams()
    return events.dumps(result)
