"""Grading with unittest and pytest-style tests: imports the test files, announces the plan, runs every test, reports each."""

from _assay.pristine import names as __builtins__

import gc
import os
import sys

from _assay import collect, compiled, diagnostics, events, failures, loading, places, pristine
from _assay.failures import Outcome
from _assay.fixtures import Fixtures
from _assay.remote import connection, modules


# Failures that leave much behind, which the next test needs.
_HEAVY = frozenset(("RecursionError", "MemoryError"))
_collect_garbage = gc.collect
_listdir = os.listdir


class Session:
    """The state of one run."""

    def __init__(self, test_files, skip=(), submission=None):
        self.test_files = test_files
        self.skip = frozenset(skip)
        self.submission = submission  # the learner's files, where they run in a sandbox of their own
        self.link = None
        self._forget()

    def _forget(self):
        self.fixtures = Fixtures()
        self.items = []
        self.module = self.cls = None  # whose set-up has run
        self.module_problem = self.class_problem = None

    def run(self):
        """Loads the files and runs the tests."""
        os.chdir(places.WORK)
        compiled.read(self.test_files)
        self._load_all()
        if self.link is not None and self.link.ended is not None:
            return
        events.plan(self.items)
        todo = [item for item in self.items if item.name not in self.skip]
        while todo:
            item = todo.pop(0)
            events.start(item.name)
            if self.link is not None and (self.link.own or self.link.given):
                self.link.forget_all()
            outcome = self._run_one(item, todo[0] if todo else None)
            pristine.restore_streams()
            ended = self.link is not None and self.link.ended is not None
            if ended:
                outcome = Outcome("error", self.link.ended.message, kind="Crash")
            events.end(item.name, outcome)
            if outcome.kind in _HEAVY:
                _collect_garbage()  # the frames of the failure hold each other
            if ended and todo:
                todo = self._start_again([item.name for item in todo])

    def _load_all(self):
        if self.submission is not None:
            try:
                self.link = modules.current = connection.Connection(self.submission)
            except connection.Ended:
                self.link = connection.Gone()
                return
        for file, name in collect.module_names(self.test_files):
            self._load(file, name)
            if self.link is not None and self.link.ended is not None:
                return
        collect.make_names_unique(self.items)

    def _start_again(self, names):
        """A fresh program and freshly loaded tests, after a test that ended the program; the tests of these names."""
        modules.forget()
        for name in [name for name, module in sys.modules.items() if places.is_test_file(getattr(module, "__file__", None) or "")]:
            del sys.modules[name]
        self._forget()
        self._load_all()
        found = {item.name: item for item in self.items}
        return [found[name] for name in names if name in found]

    def _load(self, file, name):
        path = places.TESTS + "/" + file
        try:
            try:
                self.fixtures.add_conftests(file)
                module = loading.load_file(name, path)
                found = collect.items_of_module(module, self.fixtures)
            except failures.Skipped as skipped:
                found = [collect.SkippedFile(file, str(skipped))]
            for item in found:
                item.file = file
            self.items.extend(found)
        except BaseException as problem:
            pristine.restore_streams()
            if self.link is None or self.link.ended is None or self.link.ended.how is None:
                events.load_error(file, diagnostics.describe(problem, file))
        else:
            pristine.restore_streams()

    def _run_one(self, item, following):
        try:
            problem = self._enter(item)
            outcome = item.run(self) if problem is None else failures.judge(problem)
        except BaseException as problem:
            outcome = failures.judge(problem)
        try:
            late = self._leave(item, following)
        except BaseException as problem:
            late = problem
        if late is not None and outcome.status in ("passed", "skipped"):
            outcome = failures.judge(late)
        return outcome

    def _enter(self, item):
        """Runs the set-up of the item's module and class where it is the first; returns what that raised."""
        if item.module is not self.module:
            self.module, self.cls, self.class_problem = item.module, None, None
            self.module_problem = _attempt(_module_setup, item.module)
        if item.cls is not self.cls:
            self.cls = item.cls
            self.class_problem = None
            if self.module_problem is None and item.cls is not None:
                self.class_problem = _attempt(_class_setup, item.cls)
        return self.module_problem or self.class_problem

    def _leave(self, item, following):
        """Tears down what the next test does not share; returns the first thing that raised."""
        problems = []
        if following is None or following.cls is not item.cls or following.module is not item.module:
            problems += self.fixtures.end_class()
            if item.cls is not None and self.class_problem is None and self.module_problem is None:
                problems.append(_attempt(_class_teardown, item.cls))
            self.cls = None
        if following is None or following.module is not item.module:
            problems += self.fixtures.end_module()
            if self.module_problem is None:
                problems.append(_attempt(_module_teardown, item.module))
        if following is None:
            problems += self.fixtures.end_session()
        return next((problem for problem in problems if problem is not None), None)


def _attempt(step, subject):
    try:
        step(subject)
    except BaseException as problem:
        return problem
    return None


def call_hook(hook, *arguments):
    """Calls a set-up hook with as many of the arguments as it takes."""
    code = getattr(getattr(hook, "__func__", hook), "__code__", None)
    bound = 1 if hasattr(hook, "__func__") else 0
    takes = code.co_argcount - bound if code is not None else 0
    return hook(*arguments[:takes])


def _module_setup(module):
    for name in ("setUpModule", "setup_module"):
        hook = getattr(module, name, None)
        if hook is not None:
            call_hook(hook, module)


def _module_teardown(module):
    import_case = sys.modules["unittest.case"]
    try:
        for name in ("tearDownModule", "teardown_module"):
            hook = getattr(module, name, None)
            if hook is not None:
                call_hook(hook, module)
    finally:
        import_case.doModuleCleanups()


def _class_setup(cls):
    if getattr(cls, "__unittest_skip__", False):
        return
    for name in ("setUpClass", "setup_class"):
        hook = getattr(cls, name, None)
        if hook is not None:
            call_hook(hook, cls)


def _class_teardown(cls):
    if getattr(cls, "__unittest_skip__", False):
        return
    for name in ("tearDownClass", "teardown_class"):
        hook = getattr(cls, name, None)
        if hook is not None:
            call_hook(hook, cls)
    cleanups = getattr(cls, "doClassCleanups", None)
    if cleanups is not None:
        cleanups()
        if cls.tearDown_exceptions:
            raise cls.tearDown_exceptions[0][1]


def grade(job, settings):
    """Grades a submission (a record of graders/wit), beside the tests or in a sandbox of its own."""
    sys.argv = ["assay"]  # before anybody looks whether a test has replaced it
    files = [file.path for file in job.submission]
    places.submission.update([places.WORK + "/" + file for file in files])
    if settings["isolation"] == "separate":
        # Only what the exercise names may come before a standard module: the tests would trust whatever else did.
        exact = [file for file in files if file in settings["submission_files"]]
        loading.forget_shadowed({file.partition("/")[0] for file in exact} | set(_listdir(places.TESTS)))
        modules.install()
        Session(settings["test_files"], job.skip, job.submission).run()
    else:
        loading.forget_shadowed(_listdir(places.WORK))
        Session(settings["test_files"], job.skip).run()


grade.takes_the_record = True
