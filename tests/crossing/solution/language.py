"""More of what tests make of a submission."""

import abc
import asyncio
import collections
import contextlib
import dataclasses
import datetime
import decimal
import enum
import functools
import logging
import typing
import warnings

log = logging.getLogger(__name__)


@functools.total_ordering
class R:
    def __init__(self, n, d=1):
        self.n, self.d = n, d

    def __eq__(self, o):
        return isinstance(o, R) and self.n * o.d == o.n * self.d

    def __lt__(self, o):
        return self.n * o.d < o.n * self.d

    def __hash__(self):
        return hash((self.n, self.d))

    def __repr__(self):
        return f"R({self.n}, {self.d})"

    def __pow__(self, k):
        return R(self.n**k, self.d**k)

    def __rpow__(self, base):
        return base ** (self.n / self.d)

    def __add__(self, o):
        return R(self.n * o.d + o.n * self.d, self.d * o.d)

    def __radd__(self, o):
        return self if o == 0 else NotImplemented

    def __neg__(self):
        return R(-self.n, self.d)

    def __abs__(self):
        return R(abs(self.n), self.d)

    def __bool__(self):
        return self.n != 0

    def __float__(self):
        return self.n / self.d

    def __int__(self):
        return self.n // self.d

    def __round__(self, k=None):
        return round(self.n / self.d, k)

    def __format__(self, spec):
        return f"<{spec}>"

    def __divmod__(self, o):
        return (1, 2)


class Stack:
    def __init__(self, *items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self.items)

    def __reversed__(self):
        return reversed(self.items)

    def __contains__(self, x):
        return x in self.items

    def __getitem__(self, k):
        return self.items[k]

    def __setitem__(self, k, v):
        self.items[k] = v

    def __delitem__(self, k):
        del self.items[k]

    def __iadd__(self, other):
        self.items += list(other)
        return self


@dataclasses.dataclass(order=True)
class D:
    """A point."""

    x: int
    y: int = 0
    tags: list = dataclasses.field(default_factory=list)


P = collections.namedtuple("P", "a b")


class T(typing.NamedTuple):
    a: int
    b: str = "x"


class E(enum.Enum):
    A = 1
    B = 2


class F(enum.Flag):
    X = enum.auto()
    Y = enum.auto()


class Base(abc.ABC):
    @abc.abstractmethod
    def f(self): ...
    def g(self):
        return "g" + self.f()


def warn():
    warnings.warn("old", DeprecationWarning)


def logit():
    log.warning("careful %s", 1)
    logging.getLogger("other").error("bad")


def deco(f):
    @functools.wraps(f)
    def inner(*a):
        return f(*a) + 1

    return inner


def gen(n):
    for i in range(n):
        yield i


def typed(a: int, b: str = "q", *, c: float = 1.0) -> list[int]:
    """Doc."""
    return [a]


async def agen():
    for i in range(3):
        yield i


class ACM:
    async def __aenter__(self):
        return 7

    async def __aexit__(self, *a):
        return False


async def co(x):
    await asyncio.sleep(0)
    return x + 1


def raises_group():
    raise ExceptionGroup("g", [ValueError("a"), TypeError("b")])


class Err(Exception):
    def __init__(self, code, msg):
        super().__init__(msg)
        self.code = code


def chain():
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise Err(3, "three") from e


def add(a, b):
    return a + b


class Meta(type):
    registry = {}

    def __new__(m, name, bases, ns):
        cls = super().__new__(m, name, bases, ns)
        m.registry[name] = cls
        return cls


class Plug(metaclass=Meta):
    pass


class Single:
    _i = None

    def __new__(cls):
        if cls._i is None:
            cls._i = super().__new__(cls)
        return cls._i


class Desc:
    def __set_name__(self, o, n):
        self.n = "_" + n

    def __get__(self, o, t=None):
        return self if o is None else getattr(o, self.n)

    def __set__(self, o, v):
        if v < 0:
            raise ValueError("negative")
        setattr(o, self.n, v)


class HasDesc:
    v = Desc()
    __slots__ = ("_v",)


class Money(decimal.Decimal):
    pass


class Day(datetime.date):
    pass


def recent():
    return collections.deque([1, 2], maxlen=3)


@contextlib.contextmanager
def passing():
    yield "v"
