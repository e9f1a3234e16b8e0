"""The entry of every run: puts the instance in order and hands the job to its kind."""

from _assay.pristine import names as __builtins__

import json
import os
import random
import sys
import tempfile

from _assay import compiled, events, places, pristine, program, session
from _assay.remote import modules, serving

_loads = json.loads
_listdir = os.listdir
_KINDS = {"program": program.run, "compile": compiled.compile_tests, "serve": serving.run}
# Modules that Python itself has loaded before any program starts: a learner's file of that name never replaces them.
_ALWAYS_LOADED = frozenset(
    "abc codecs encodings genericpath io os posixpath site stat sys builtins time types _io marshal posix zipimport "
    "importlib warnings collections functools".split()
)


def _forget_shadowed(entries):
    """A file of the exercise or the learner comes before a standard module of the same name, as in any Python."""
    for entry in entries:
        name = entry[:-3] if entry.endswith(".py") else entry
        if name in sys.modules and name not in _ALWAYS_LOADED:
            if name == entry and not os.path.exists(f"{places.WORK}/{name}/__init__.py"):
                continue
            prefix = name + "."
            for loaded in [key for key in sys.modules if key == name or key.startswith(prefix)]:
                del sys.modules[loaded]


def _begin(submission_files):
    sys.path[:] = [places.WORK, places.TESTS]
    random._inst.seed()
    tempfile._name_sequence = None
    places.submission.update([places.WORK + "/" + file for file in submission_files])


def run(text):
    """Runs one job (JSON) and answers with its result (JSON)."""
    job = _loads(text)
    _begin(job.get("submission_files", ()))
    _forget_shadowed(_listdir(places.WORK))
    result = _KINDS[job["kind"]](job)
    pristine.restore_streams()
    return events.dumps(result)


def grade(job):
    """Grades a submission (a record of graders/wit) and tells the host as it goes."""
    settings = _loads(job.settings)
    files = [file.path for file in job.submission]
    _begin(files)
    if settings["isolation"] == "separate":
        # Only what the exercise names may come before a standard module: the tests would trust whatever else did.
        exact = [file for file in files if file in settings["submission_files"]]
        _forget_shadowed({file.partition("/")[0] for file in exact} | set(_listdir(places.TESTS)))
        modules.install()
        session.Session(settings["test_files"], job.skip, job.submission).run()
    else:
        _forget_shadowed(_listdir(places.WORK))
        session.Session(settings["test_files"], job.skip).run()
    pristine.restore_streams()
