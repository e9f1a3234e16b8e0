"""Runs a case against the submission, and says in a sentence what was not as expected."""

import contextlib
import copy
import io
import math
import sys

from . import tables


def run(job, test, case):
    """Does what a case says; ends the test where something is not as expected."""
    module = job.module(case.module)
    with _input(case.stdin):
        name = case.construct or case.call
        made = _do(test, case, _shown_call(name, case), lambda: _named(test, module, name, case.module)(*_own(case.args), **_own(case.kwargs)))
        for step in case.steps:
            _step(test, case.construct, made, step)


def _step(test, owner, made, step):
    if step.call is not None:
        shown = f"{owner} object: {_shown_call(step.call, step)}"
        _do(test, step, shown, lambda: getattr(made, step.call)(*_own(step.args), **_own(step.kwargs)))
    elif step.get is not None:
        _do(test, step, f"{owner} object: .{step.get}", lambda: getattr(made, step.get), "is")
    else:
        _do(test, step, f"{owner} object: .{step.set} = {step.to!r}", lambda: setattr(made, step.set, _own(step.to)))


def _do(test, step, shown, action, verb="returned"):
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            value = action()
    except Exception as problem:
        print(printed.getvalue(), end="")
        if step.raises is None:
            raise
        _check_error(test, step, shown, problem)
        return None
    print(printed.getvalue(), end="")
    if step.raises is not None:
        got = _show(value)
        test.fail(f"{shown} {verb} {got}, expected it to raise {step.raises}", step.raises, got)
    if step.prints is not None and printed.getvalue().rstrip("\n") != step.prints.rstrip("\n"):
        test.fail(f"{shown} printed {printed.getvalue()!r}, expected {step.prints!r}", step.prints, printed.getvalue())
    if step.returns is not tables.NOTHING and not same(step.returns, value, step.approx):
        expected, got = _show(step.returns), _show(value)
        more = ""
        if expected == got or type(step.returns) is not type(value):
            more = f" ({_kind(value)}, not {_kind(step.returns)})"
        about = f", to within {step.approx}" if step.approx is not None else ""
        test.fail(f"{shown} {verb} {got}{more}, expected {expected}{about}", expected, got)
    return value


def _check_error(test, step, shown, problem):
    names = [kind.__name__ for kind in type(problem).__mro__]
    text = str(problem)
    if step.raises not in names:
        test.fail(f"{shown} raised {names[0]}: {text}, expected {step.raises}", step.raises, f"{names[0]}: {text}")
    if step.message is not None and step.message not in text:
        test.fail(f"{shown} raised {names[0]} with the message {text!r}, expected {step.message!r} in it", step.message, text)


def same(expected, actual, approx=None):
    """Whether a value is the expected one: of the same kind, but for numbers other than bool, and within `approx`."""
    if isinstance(expected, bool) or isinstance(actual, bool) or expected is None or actual is None:
        return expected is actual
    if isinstance(expected, (int, float)) and isinstance(actual, (int, float)):
        if approx is not None:
            return math.isclose(expected, actual, rel_tol=0.0, abs_tol=approx)
        return expected == actual or (expected != expected and actual != actual)
    if isinstance(expected, (list, tuple)) and isinstance(actual, type(expected)):
        if len(expected) != len(actual):
            return False
        return all([same(left, right, approx) for left, right in zip(expected, actual)])
    if isinstance(expected, dict) and isinstance(actual, dict):
        if len(expected) != len(actual):
            return False
        return all([key in actual and same(value, actual[key], approx) for key, value in expected.items()])
    return isinstance(actual, type(expected)) and bool(expected == actual)


def _named(test, module, name, of):
    found = module
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            test.error(f"{of}.py has no {name}", "AttributeError")
    return found


def _own(value):
    """A copy: what a submission does to its arguments is not seen by the next case."""
    return copy.deepcopy(value)


def _kind(value):
    return type(value).__name__


def _show(value):
    text = repr(value)
    return text if len(text) <= 300 else text[:140] + " ... " + text[-140:]


def _shown_call(name, step):
    shown = [_show(item) for item in step.args] + [f"{key}={_show(item)}" for key, item in step.kwargs.items()]
    return f"{name}({', '.join(shown)})"


@contextlib.contextmanager
def _input(text):
    before = sys.stdin
    if text is not None:
        sys.stdin = io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before
