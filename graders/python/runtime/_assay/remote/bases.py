"""Plain values of objects whose classes derive from plain ones, read past whatever those classes override."""

from _assay.pristine import names as __builtins__

import datetime
import decimal
import fractions
import uuid

IMMUTABLE = (int, float, complex, str, bytes, tuple, frozenset)
# Those of the standard library; `datetime` before `date`, from which it derives.
LIBRARY = (decimal.Decimal, fractions.Fraction, datetime.datetime, datetime.date, datetime.time, datetime.timedelta, uuid.UUID)
_DATE, _TIME = datetime.date, datetime.time
BASES = {
    int: int.__int__, float: float.__float__, complex: complex.__complex__, str: str.__str__,
    bytes: lambda v: bytes(memoryview(v)), tuple: lambda v: tuple(tuple.__iter__(v)),
    frozenset: lambda v: frozenset(frozenset.__iter__(v)),
    list: lambda v: list(list.__iter__(v)), dict: lambda v: dict(dict.items(v)), set: lambda v: set(set.__iter__(v)),
    bytearray: lambda v: bytearray(memoryview(v)),
    decimal.Decimal: lambda v: decimal.Decimal(decimal.Decimal.__str__(v)),
    fractions.Fraction: lambda v: fractions.Fraction(v._numerator, v._denominator),
    datetime.datetime: lambda v: datetime.datetime.combine(_DATE(v.year, v.month, v.day), _clock(v)),
    datetime.date: lambda v: _DATE(v.year, v.month, v.day),
    datetime.time: lambda v: _clock(v),
    datetime.timedelta: lambda v: datetime.timedelta(v.days, v.seconds, v.microseconds),
    uuid.UUID: lambda v: uuid.UUID(int=v.int),
}  # fmt: skip


def _clock(value):
    return _TIME(value.hour, value.minute, value.second, value.microsecond, value.tzinfo, fold=value.fold)


def plain(value, bases):
    """The plain value of an object whose class derives from one of these, by their own methods; None for any other."""
    for base in bases:
        if isinstance(value, base):
            return BASES[base](value)
    return None
