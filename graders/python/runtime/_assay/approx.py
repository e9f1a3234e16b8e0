"""``pytest.approx``."""

from _assay.pristine import names as __builtins__

import math
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal


class approx:
    """Equal to numbers (or lists, tuples and dicts of numbers) that are near enough."""

    __array_priority__ = 100
    __hash__ = None

    def __init__(self, expected, rel=None, abs=None, nan_ok=False):
        self.expected, self.rel, self.abs, self.nan_ok = expected, rel, abs, nan_ok

    def _inner(self, value):
        return approx(value, self.rel, self.abs, self.nan_ok)

    def _tolerance(self):
        expected = self.expected
        absolute = 1e-12 if self.abs is None else self.abs
        if self.abs is not None and self.rel is None:
            return absolute
        relative = (1e-6 if self.rel is None else self.rel) * abs(float(expected) if isinstance(expected, Decimal) else expected)
        return max(relative, absolute)

    def __eq__(self, actual):
        expected = self.expected
        if isinstance(expected, Mapping):
            return (
                isinstance(actual, Mapping)
                and set(actual) == set(expected)
                and all([actual[key] == self._inner(value) for key, value in expected.items()])
            )
        if isinstance(expected, (Sequence, Set)) and not isinstance(expected, (str, bytes)):
            try:
                return len(actual) == len(expected) and all([a == self._inner(e) for a, e in zip(actual, expected)])
            except TypeError:
                return False
        return self._scalar(actual)

    def _scalar(self, actual):
        expected = self.expected
        if actual == expected:
            return True
        if isinstance(expected, bool) or not isinstance(expected, (int, float, complex, Decimal)) and not hasattr(expected, "__float__"):
            return False
        try:
            if math.isnan(abs(expected)):
                return self.nan_ok and math.isnan(abs(actual))
            if math.isinf(abs(expected)):
                return False
            return abs(complex(expected) - complex(actual)) <= self._tolerance()
        except (TypeError, ValueError):
            return False

    def __ne__(self, actual):
        return not self == actual

    def __repr__(self):
        expected = self.expected
        if isinstance(expected, Mapping):
            return "approx({" + ", ".join([f"{key!r}: {self._inner(item)!r}" for key, item in expected.items()]) + "})"
        if isinstance(expected, (list, tuple)):
            inner = ", ".join([repr(self._inner(item)) for item in expected])
            return f"approx([{inner}])" if isinstance(expected, list) else f"approx(({inner}))"
        if not isinstance(expected, (int, float, complex, Decimal)):
            return repr(expected)
        try:
            return f"{expected} ± {self._tolerance():.1e}"
        except (TypeError, ValueError, OverflowError):
            return repr(expected)
