"""``pytest.mark``: any mark can be set; skip, skipif, xfail, parametrize and usefixtures have a meaning."""

from _assay.pristine import names as __builtins__

from _assay.failures import Outcome


class Mark:
    """A mark with its arguments."""

    def __init__(self, name, args, kwargs):
        self.name, self.args, self.kwargs = name, args, kwargs


class MarkDecorator:
    """``pytest.mark.NAME``: sets the mark on a function or class, or takes arguments first."""

    def __init__(self, name, args=(), kwargs=None):
        self.name, self.args, self.kwargs = name, args, kwargs or {}

    @property
    def mark(self):
        """The mark it sets."""
        return Mark(self.name, self.args, self.kwargs)

    def with_args(self, *args, **kwargs):
        """The same mark with further arguments."""
        return MarkDecorator(self.name, self.args + args, {**self.kwargs, **kwargs})

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and callable(args[0]) and not isinstance(args[0], MarkDecorator):
            target = args[0]
            own = vars(target).get("pytestmark", []) if isinstance(target, type) else getattr(target, "pytestmark", [])
            target.pytestmark = [self.mark, *(own if isinstance(own, list) else [own])]
            return target
        return self.with_args(*args, **kwargs)


class MarkGenerator:
    """``pytest.mark``."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return MarkDecorator(name)


def _listed(owner):
    own = getattr(owner, "pytestmark", None)
    if own is None:
        return []
    own = own if isinstance(own, (list, tuple)) else [own]
    return [item.mark if isinstance(item, MarkDecorator) else item for item in own]


def of(function, cls, module):
    """All marks of a test, the nearest first."""
    found = _listed(function) if function is not None else []
    if cls is not None:
        for kind in cls.__mro__:
            if "pytestmark" in vars(kind):
                own = vars(kind)["pytestmark"]
                own = own if isinstance(own, (list, tuple)) else [own]
                found = found + [item.mark if isinstance(item, MarkDecorator) else item for item in own]
    return found + _listed(module) if hasattr(module, "pytestmark") else found


def find(marks, name):
    """The nearest mark of that name, or None."""
    for mark in marks:
        if mark.name == name:
            return mark
    return None


def _holds(condition, module):
    return bool(eval(condition, dict(vars(module)))) if isinstance(condition, str) else bool(condition)


def skip_reason(marks, module):
    """Why a test is skipped, or None."""
    for mark in marks:
        if mark.name == "skip":
            return str(mark.kwargs.get("reason", mark.args[0] if mark.args else "unconditional skip"))
        if mark.name == "skipif":
            conditions = mark.args or (mark.kwargs.get("condition", False),)
            if any([_holds(item, module) for item in conditions]):
                return str(mark.kwargs.get("reason", ""))
    return None


def apply_xfail(mark, outcome):
    """The outcome of a test that is expected to fail (when `mark` is not None)."""
    if mark is None or (mark.args and not any([bool(item) for item in mark.args])):
        return outcome
    reason = str(mark.kwargs.get("reason", ""))
    if outcome.status in ("failed", "error"):
        expected = mark.kwargs.get("raises")
        names = [item.__name__ for item in (expected if isinstance(expected, tuple) else (expected,)) if item]
        if expected is not None and outcome.kind not in names:
            return outcome
        return Outcome("passed", f"failed, as expected: {reason}" if reason else "failed, as expected")
    if outcome.status == "passed" and mark.kwargs.get("strict"):
        return Outcome("failed", f"the test passed, but it was expected to fail: {reason}")
    return outcome
