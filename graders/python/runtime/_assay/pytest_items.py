"""Collects and runs pytest-style tests: functions ``test_…`` and classes ``Test…``."""

from _assay.pristine import names as __builtins__

import inspect
import types

from _assay import failures, fixtures, marks, parametrize
from _assay.failures import Outcome
from _assay.requests import Request
from _assay.unittest_items import line_of, method_names



def is_test(name, value):
    """Whether a module member is a pytest-style test."""
    if name.startswith("test"):
        return callable(value) and not isinstance(value, type) and getattr(value, "__test__", True) is not False and (
            isinstance(value, types.FunctionType) or hasattr(value, "__wrapped__")
        ) and type(value) is not fixtures.FixtureDefinition
    if name.startswith("Test") and isinstance(value, type):
        return "__init__" not in vars(value) and value.__init__ is object.__init__ and getattr(value, "__test__", True)
    return False


def items_of(name, value, module, store):
    """The tests a function or class stands for."""
    if isinstance(value, type):
        return _items_of_class(value, value.__name__, module, store)
    return _items_of_function(value, name, None, name, module, store)


def _items_of_class(cls, label, module, store):
    made = []
    for name in method_names(cls):
        function = inspect.getattr_static(cls, name)
        function = getattr(function, "__func__", function)
        if type(function) is fixtures.FixtureDefinition or isinstance(function, type):
            continue
        made.extend(_items_of_function(function, f"{label}.{name}", cls, name, module, store))
    for name, value in vars(cls).items():
        if name.startswith("Test") and isinstance(value, type):
            made.extend(_items_of_class(value, f"{label}.{name}", module, store))
    return made


def _items_of_function(function, label, cls, attribute, module, store):
    file = module.__file__[len("/work/tests/") :]
    marked = marks.of(function, cls, module)
    owners = store.owners(module, cls, file)
    names = [name for name in fixtures.argument_names(function) if name not in ("self", "cls")]
    used = [name for mark in marked if mark.name == "usefixtures" for name in mark.args]
    if not marked and not names:
        needed = store.autouse(owners)
        closure = store.closure(needed, owners) if needed else []
    else:
        closure = store.closure(store.autouse(owners) + used + names, owners)
    with_params = []
    for name in closure:
        definitions = store.definitions(name, owners)
        if definitions and definitions[-1].params is not None:
            with_params.append((name, definitions[-1]))
    made = []
    for case in parametrize.cases(marked, with_params):
        name = f"{label}[{case.id}]" if case.ids else label
        made.append(FunctionItem(function, name, cls, attribute, module, names, used, case, [*case.marks, *marked]))
    return made


class FunctionItem:
    """One case of one pytest-style function."""

    def __init__(self, function, name, cls, attribute, module, names, used, case, marked):
        self.function, self.name, self.cls, self.attribute, self.module = function, name, cls, attribute, module
        self.names, self.used, self.case, self.marked = names, used, case, marked
        self.line = line_of(function)
        self.file = None

    def run(self, session):
        """Runs the test; never raises."""
        reason = marks.skip_reason(self.marked, self.module)
        if reason is not None:
            return Outcome("skipped", reason)
        mark = marks.find(self.marked, "xfail")
        if mark is not None and mark.kwargs.get("run", True) is False:
            return Outcome("passed", "failed, as expected (it was not run)")
        store, problems = session.fixtures, []
        try:
            self._call(store, problems)
        except BaseException as problem:
            problems.append(problem)
        problems += store.end_scope("function")
        outcome = failures.judge(problems[0]) if problems else Outcome()
        return marks.apply_xfail(mark, outcome)

    def _call(self, store, problems):
        from _assay.session import call_hook

        instance = self.cls() if self.cls is not None else None
        owners = store.owners(self.module, self.cls, self.file)
        request = Request(store, self, owners, instance, self.case.params, self.marked, self.case.direct)
        autouse = store.autouse(owners)
        request.fixturenames = store.closure([*autouse, *self.used, *self.names], owners)
        for name in autouse:
            request.getfixturevalue(name)
        target = getattr(instance, self.attribute) if instance is not None else self.function
        prefix, owner = ("method", instance) if instance is not None else ("function", self.module)
        setup = getattr(owner, "setup_" + prefix, None)
        teardown = getattr(owner, "teardown_" + prefix, None)
        if setup is not None:
            call_hook(setup, target)
        if teardown is not None:
            store.finalizers["function"].append(lambda: call_hook(teardown, target))
        for name in self.used:
            request.getfixturevalue(name)
        arguments = {name: request.getfixturevalue(name) for name in self.names}
        result = target(**arguments)
        if inspect.iscoroutine(result):
            result.close()
            raise failures.Skipped("async test functions are not supported: use asyncio.run in the test")
