"""The module ``assay`` for graders in Python, and the loading of their packages."""

from _assay.pristine import names as __builtins__

import importlib
import marshal
import sys
import traceback

from componentize_py_types import Err
from wit_world.imports import learner as _learner, progress as _progress, types as _types

from _assay import events, failures, loading, places, pristine
from _assay.failures import Outcome
from _assay.outcomes import OutcomeException
from _assay.remote import connection, modules
from _assay.values import class_name, cut, show

_listdir = importlib.import_module("os").listdir
_PACKAGE = "_assay_grader"
_LIMITS = {
    _learner.Ending.TIMEOUT: "timeout", _learner.Ending.MEMORY_LIMIT: "memory_limit",
    _learner.Ending.OUTPUT_LIMIT: "output_limit",
}  # fmt: skip


class GraderError(Exception):
    """Says what is wrong with the exercise or the grader; the text is for the exercise's author."""


class Planned:
    """A test to be: its name, its points where `exercise.toml` gives none, its place below `tests/`."""

    def __init__(self, name, points=None, file="", line=0):
        self.name, self.points, self.file, self.line = str(name), points, str(file), int(line)


class Program:
    """A program that has ended: what it printed, its exit code, and how it ended."""

    def __init__(self, ended):
        ways = {_learner.Stream.STDOUT: [], _learner.Stream.STDERR: []}
        for printed in ended.printed:
            ways[printed.stream].append(printed.text)
        self.stdout = "".join(ways[_learner.Stream.STDOUT])
        self.stderr = "".join(ways[_learner.Stream.STDERR])
        self.output = "".join([printed.text for printed in ended.printed])
        self.exit_code, self.message, self.instructions = ended.code, ended.message, ended.instructions
        self.how = ended.how.name.lower()  # returned, exited, timeout, memory_limit, output_limit, stack_overflow, crashed
        self.limit = _LIMITS.get(ended.how)
        self.error = ended.diagnostic.kind if ended.diagnostic is not None else None
        self.traceback = ended.diagnostic.traceback if ended.diagnostic is not None else None
        if ended.diagnostic is not None and not self.message:
            self.message = ended.diagnostic.message


class _Over(Exception):
    """Leaves a test whose outcome is settled."""


class Test:
    """A test at hand. Used with ``with``: what ends the block settles the outcome."""

    def __init__(self, job, name):
        self.job, self.name = job, name
        self.share = None  # of the points, where that is neither all nor nothing
        self.outcome = Outcome()

    def fail(self, message, expected=None, actual=None):
        """Ends the test as failed."""
        self.outcome = Outcome("failed", str(message), _text(expected), _text(actual))
        raise _Over

    def error(self, message, kind=None, traceback=None):
        """Ends the test as an error of the learner's code."""
        self.outcome = Outcome("error", str(message), traceback=_text(traceback), kind=_text(kind))
        raise _Over

    def equal(self, actual, expected, message=None):
        """Ends the test as failed where two values differ."""
        if type(actual) is not type(expected) or actual != expected:
            self.fail(message or f"got {show(actual)}, expected {show(expected)}", show(expected), show(actual))

    def ended_well(self, program):
        """Ends the test where the program did not come to its end with exit code 0."""
        if program.limit is not None:
            self.outcome = Outcome(program.limit, program.message, kind=program.error)
            raise _Over
        if program.exit_code != 0 or program.how != "returned":
            message = program.message or f"the program ended with exit code {program.exit_code}"
            self.error(message, program.error or "SystemExit", program.traceback)

    def part(self, params, passed, message=""):
        """Adds a part to the test's report."""
        self.outcome.subtests.append({"params": str(params), "status": "passed" if passed else "failed", "message": str(message)})

    def __enter__(self):
        events.start(self.name)
        self.job.new_test()
        return self

    def __exit__(self, kind, problem, trace):
        pristine.restore_streams()
        if problem is not None and not isinstance(problem, _Over):
            if not _is_learners(problem):
                return False
            parts, self.outcome = self.outcome.subtests, failures.judge(problem)
            self.outcome.subtests.extend(parts)
        if self.job.ended():
            self.outcome = Outcome("error", self.job.link.ended.message, kind="Crash")
        events.end(self.name, self.outcome, self.share)
        return True


def _text(value):
    return None if value is None else value if type(value) is str else show(value)


def _is_learners(problem):
    return isinstance(problem, (AssertionError, OutcomeException, connection.Ended)) or failures.is_remote(problem)


class Job:
    """One submission to grade.

    ``submission`` and ``tests`` are contents (bytes) by path; ``settings`` has ``submission_files``, the files that
    learners hand in as ``exercise.toml`` names them.
    """

    def __init__(self, job, settings):
        self.submission = {file.path: file.content for file in job.submission}
        self.tests = {file.path: file.content for file in job.tests}
        self.settings = settings
        self.link = None
        self._files, self._skip = job.submission, frozenset(job.skip)
        self._loaded = False

    def test_file(self, path):
        """The text of a file of `tests/`."""
        if path not in self.tests:
            raise GraderError(f"tests/{path}: the exercise has no such file")
        try:
            return self.tests[path].decode("utf-8")
        except UnicodeDecodeError as problem:
            raise GraderError(f"tests/{path}: the file is not UTF-8 text ({problem.reason} at byte {problem.start})") from None

    def plan(self, tests):
        """Announces all tests, once; yields those to run, in order. A test is a name or a `Planned`."""
        planned = [test if isinstance(test, Planned) else Planned(test) for test in tests]
        _progress.plan([_types.Planned(events.clean(test.name), test.file, test.line, test.points) for test in planned])
        return [Test(self, test.name) for test in planned if test.name not in self._skip]

    def run(self, argv, stdin="", files=None):
        """Runs a whole program of the submission: `argv[0]` is the file, `stdin` text or bytes; returns a `Program`."""
        if self.link is not None:  # one program at a time: the next `module` starts another
            modules.forget()
            self.link = modules.current = None
        given = self._files if files is None else [_types.File(path, _bytes(body)) for path, body in files.items()]
        return Program(_learner.run(_learner.Program(given, [str(part) for part in argv], _bytes(stdin))))

    def module(self, name):
        """A module of the submission, loaded in the learner's sandbox: its functions and classes are used as if they were here."""
        if self.link is None:
            if not self._loaded:
                modules.install()
                self._loaded = True
            self.link = modules.current = connection.Connection(self._files)
        return importlib.import_module(name)

    def ended(self):
        """Whether the program behind `module` has ended."""
        return self.link is not None and self.link.ended is not None

    def new_test(self):
        """Forgets a program that has ended: the next `module` starts another."""
        if self.ended():
            modules.forget()
            self.link = modules.current = None
        elif self.link is not None and (self.link.own or self.link.given):
            self.link.forget_all()

    def log(self, text):
        """A line for the server's log."""
        _progress.log(events.clean(str(text)))


def _bytes(value):
    return value.encode("utf-8") if isinstance(value, str) else bytes(value)


def load():
    """The package's `grade`."""
    for file in _listdir(places.GRADER):
        path = f"{places.GRADER}/{file}"
        data = loading.read(places.CODE + path)
        if data is not None:
            loading.ready[path] = marshal.loads(data)
    # A package of its own, so that no file of a submission or exercise is taken for one of the grader's, or the other way.
    package = type(sys)(_PACKAGE)
    package.__path__ = [places.GRADER]
    sys.modules[_PACKAGE] = package
    return loading.load_file(_PACKAGE + ".grader", places.GRADER + "/grader.py").grade


def run(job, settings):
    """Has the package grade; its own failures are told to the exercise's author."""
    try:
        grade = load()
        if getattr(grade, "takes_the_record", False):
            grade(job, settings)
        else:
            files = [file.path for file in job.submission]
            places.submission.update([places.WORK + "/" + file for file in files])
            grade(Job(job, settings))
    except GraderError as problem:
        raise Err(cut(str(problem), 4000)) from None
    except Exception as problem:
        shown = "".join(traceback.format_exception(problem, limit=-6))
        raise Err(f"the grader raised {class_name(problem)}: {cut(shown, 6000)}") from None

