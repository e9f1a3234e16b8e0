"""The entry of every run: puts the instance in order and hands the job to its kind."""

from _assay.pristine import names as __builtins__

import json
import os
import sys
import tempfile

from _assay import compiled, events, grading, loading, places, pristine, program
from _assay.remote import serving

_loads = json.loads
_listdir = os.listdir
_KINDS = {"program": program.run, "compile": compiled.compile_files, "serve": serving.run}


def _begin(submission_files):
    sys.path[:] = [places.WORK, places.TESTS]
    tempfile._name_sequence = None
    places.submission.update([places.WORK + "/" + file for file in submission_files])


def _names(folder):
    try:
        return _listdir(folder)
    except FileNotFoundError:
        return []


def run(text):
    """Runs one job (JSON) and answers with its result (JSON)."""
    job = _loads(text)
    _begin(job.get("submission_files", ()))
    loading.forget_shadowed(_names(places.WORK))
    result = _KINDS[job["kind"]](job)
    pristine.restore_streams()
    return events.dumps(result)


def grade(job):
    """Grades a submission (a record of graders/wit) with the package in /grader, and tells the host as it goes."""
    settings = _loads(job.settings)
    _begin(())
    grading.run(job, settings)
    pristine.restore_streams()
