"""Collects and runs the tests of ``unittest.TestCase`` classes (and suites from ``load_tests``)."""

from _assay.pristine import names as __builtins__

import unittest

from _assay import failures, marks
from _assay.failures import Outcome
from _assay.values import cut, show

_TestCase = unittest.TestCase
_IGNORED = (unittest.TestCase, unittest.FunctionTestCase, unittest.IsolatedAsyncioTestCase)
_SEVERITY = {"passed": 0, "skipped": 1, "failed": 2, "error": 3, "memory_limit": 4}


class Result:
    """What ``TestCase.run`` reports to; keeps the outcome of one test."""

    shouldStop = failfast = buffer = tb_locals = False
    _mirrorOutput = False

    def __init__(self):
        self.outcome = Outcome()
        self.done = False

    def _add(self, outcome):
        if not self.done or _SEVERITY[outcome.status] > _SEVERITY[self.outcome.status]:
            outcome.subtests = self.outcome.subtests
            self.outcome = outcome
        self.done = True

    def startTest(self, test):
        pass

    def stopTest(self, test):
        pass

    def addDuration(self, test, elapsed):
        pass

    def addSuccess(self, test):
        pass

    def addFailure(self, test, error):
        self._add(failures.judge(error[1]))

    addError = addFailure

    def addSkip(self, test, reason):
        if type(test).__name__ == "_SubTest":
            self._subtest(test, Outcome("skipped", str(reason)))
        else:
            self._add(Outcome("skipped", str(reason)))

    def addExpectedFailure(self, test, error):
        self._add(Outcome("passed", "failed, as expected"))

    def addUnexpectedSuccess(self, test):
        self._add(Outcome("failed", "the test passed, but it was expected to fail"))

    def addSubTest(self, test, subtest, error):
        self._subtest(subtest, Outcome() if error is None else failures.judge(error[1]))

    def _subtest(self, subtest, outcome):
        listed = self.outcome.subtests
        if len(listed) < 500:
            listed.append({"params": _params(subtest), "status": outcome.status, "message": cut(outcome.message, 1000)})
        if outcome.status in ("failed", "error", "memory_limit"):
            self._add(outcome)

    def wasSuccessful(self):
        return self.outcome.status in ("passed", "skipped")


def _params(subtest):
    parts = []
    if subtest._message is not unittest.case._subtest_msg_sentinel:
        parts.append(str(subtest._message))
    parts.extend([f"{name}={show(value, 200)}" for name, value in subtest.params.items()])
    return cut(", ".join(parts), 500)


class UnittestItem:
    """One test method (or one doctest) as the session runs it."""

    function_fixtures = ()

    def __init__(self, case, name, module, line):
        self.case, self.name, self.module, self.line = case, name, module, line
        self.cls = type(case)
        self.scope_name = None

    def run(self, session):
        """Runs the test; never raises."""
        case, result = self.case, Result()
        method = getattr(self.cls, case._testMethodName, None)
        marked = marks.of(method, self.cls, self.module)
        verdict = marks.skip_reason(marked, self.module)
        if verdict is not None:
            return Outcome("skipped", verdict)
        try:
            teardown = session.fixtures.enter_unittest(self, marked)
        except BaseException as problem:
            return failures.judge(problem)
        try:
            case.run(result)
        except BaseException as problem:  # KeyboardInterrupt, or a test class with a `run` of its own
            result._add(failures.judge(problem))
        outcome = result.outcome
        if hasattr(case, "_dt_test"):
            before, found, after = outcome.message.partition("Failed example:")
            outcome.message = found + after.rstrip() if found else before
        for problem in teardown():
            outcome = failures.judge(problem) if outcome.status == "passed" else outcome
        self.case = None
        return marks.apply_xfail(marks.find(marked, "xfail"), outcome)


def line_of(function):
    """The first line of a function, past its decorators' wrappers."""
    for _ in range(20):
        inner = getattr(function, "__wrapped__", None)
        if inner is None:
            break
        function = inner
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return code.co_firstlineno if code is not None else None


def method_names(cls, prefix="test"):
    """Names of test methods in the order they are written, base classes first."""
    names = {}
    for kind in reversed(cls.__mro__):
        for name in vars(kind):
            if name.startswith(prefix):
                names[name] = None
    return [name for name in names if callable(getattr(cls, name, None))]


def is_test_class(value):
    """Whether a value in a module is a class of unittest tests."""
    return isinstance(value, type) and issubclass(value, _TestCase) and value not in _IGNORED


def items_of_class(cls, module):
    """The tests of one class."""
    names = method_names(cls)
    if not names and hasattr(cls, "runTest"):
        names = ["runTest"]
    made = []
    for name in names:
        line = line_of(getattr(cls, name))
        made.append(UnittestItem(cls(name), f"{cls.__name__}.{name}", module, line))
    return made


def items_of_suite(suite, module):
    """The tests of a suite that ``load_tests`` made, in its order."""
    made, pending = [], [suite]
    while pending:
        test = pending.pop()
        if isinstance(test, _TestCase):
            made.append(_item_of_case(test, module))
        else:
            pending.extend(reversed(list(test)))
    return made


def _item_of_case(test, module):
    cls, name = type(test), test._testMethodName
    doctest = getattr(test, "_dt_test", None)
    if doctest is not None:
        return UnittestItem(test, doctest.name, module, (doctest.lineno or 0) + 1)
    if cls is unittest.FunctionTestCase:
        return UnittestItem(test, test.id(), module, line_of(test._testFunc))
    return UnittestItem(test, f"{cls.__name__}.{name}", module, line_of(getattr(cls, name, None)))


class Loader(unittest.TestLoader):
    """The loader that ``load_tests`` receives; keeps the order in which tests are written."""

    sortTestMethodsUsing = None

    def getTestCaseNames(self, testCaseClass):
        """Names in the order they are written."""
        return method_names(testCaseClass, self.testMethodPrefix)

    def loadTestsFromModule(self, module, *, pattern=None):
        """The tests of a module, without its ``load_tests``."""
        found = [value for value in vars(module).values() if is_test_class(value)]
        return self.suiteClass([self.loadTestsFromTestCase(cls) for cls in found])
