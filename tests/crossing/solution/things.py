"""One of each kind of thing that exercises ask for."""

import io
import abc
import asyncio
import collections
import dataclasses
import datetime
import decimal
import enum
import functools
import random
import re
import sys
import time
import typing

LIMIT = 3
counter = 0


def same(value):
    return value


def plain_values():
    return [
        None, True, 1, 10**30, -(10**25), 1.5, 2 + 3j, "text\ud800", b"\x00\xff", (1, (2,)), [1, [2]], {"a": {1, 2}},
        frozenset([1]), range(2, 9, 3), slice(1, None, 2), decimal.Decimal("1.10"), datetime.date(2026, 1, 2),
        datetime.datetime(2026, 1, 2, 3, 4, 5, 6, datetime.timezone.utc), datetime.timedelta(1, 2, 3), datetime.time(1, 2),
        bytearray(b"ab"), ...,
    ]  # fmt: skip


def sort_in_place(values):
    values.sort()


def add_key(table, key):
    table[key] = len(table)
    table.setdefault("deep", []).append(key)


def clear(values):
    values.clear()
    return values


def raise_it(kind, *args):
    raise kind(*args)


class TooLate(ValueError):
    """An error with more to say."""

    def __init__(self, day, why="late"):
        super().__init__(f"{day} is {why}")
        self.day = day


def too_late(day):
    raise TooLate(day)


def chained():
    try:
        {}["missing"]
    except KeyError as problem:
        raise RuntimeError("outer") from problem


def each(function, values):
    return [function(value) for value in values]


def counting(n):
    for i in range(n):
        got = yield i
        if got:
            yield got * 2


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return function(*args, **kwargs)

    wrapper.calls = 0
    return wrapper


class Account:
    """A bank account."""

    bank = "Sand"

    def __init__(self, owner, balance=0):
        self.owner = owner
        self._balance = balance
        self.log = []

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        if value < 0:
            raise ValueError("no debts")
        self._balance = value

    def deposit(self, amount, *, note=None):
        self._balance += amount
        self.log.append((amount, note))
        return self

    @classmethod
    def empty(cls, owner):
        return cls(owner)

    @staticmethod
    def is_valid(amount):
        return amount > 0

    def __repr__(self):
        return f"Account({self.owner!r}, {self._balance})"

    def __eq__(self, other):
        return isinstance(other, Account) and self.owner == other.owner and self._balance == other._balance

    def __hash__(self):
        return hash((self.owner, self._balance))

    def __lt__(self, other):
        return self._balance < other._balance

    def __enter__(self):
        self.log.append("enter")
        return self

    def __exit__(self, kind, value, trace):
        self.log.append(kind.__name__ if kind else "exit")
        return kind is KeyError


class Savings(Account):
    def deposit(self, amount, *, note="saved"):
        return super().deposit(amount + 1, note=note)


class Vector:
    def __init__(self, *parts):
        self.parts = list(parts)

    def __add__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return Vector(*[a + b for a, b in zip(self.parts, other.parts)])

    def __mul__(self, factor):
        return Vector(*[part * factor for part in self.parts])

    __rmul__ = __mul__

    def __iadd__(self, other):
        self.parts = [a + b for a, b in zip(self.parts, other.parts)]
        return self

    def __neg__(self):
        return self * -1

    def __abs__(self):
        return sum(part * part for part in self.parts) ** 0.5

    def __len__(self):
        return len(self.parts)

    def __getitem__(self, index):
        return self.parts[index]

    def __setitem__(self, index, value):
        self.parts[index] = value

    def __delitem__(self, index):
        del self.parts[index]

    def __contains__(self, value):
        return value in self.parts

    def __iter__(self):
        return iter(self.parts)

    def __reversed__(self):
        return reversed(self.parts)

    def __bool__(self):
        return any(self.parts)

    def __call__(self, x):
        return sum(part * x for part in self.parts)

    def __eq__(self, other):
        return isinstance(other, Vector) and self.parts == other.parts

    def __str__(self):
        return "<" + ", ".join(map(str, self.parts)) + ">"

    def __format__(self, spec):
        return spec + str(self)

    def __index__(self):
        return len(self.parts)


class Temperature(float):
    def warm(self):
        return self > 20


class Pair(typing.NamedTuple):
    left: int
    right: str = "r"


Dot = collections.namedtuple("Dot", "x y")


@dataclasses.dataclass(order=True)
class Item:
    name: str
    price: float = 1.0
    tags: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Coin:
    value: int


class Color(enum.Enum):
    RED = 1
    BLUE = "b"

    def shout(self):
        return self.name + "!"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Bag(dict):
    def total(self):
        return sum(self.values())


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self):
        """The area."""

    def describe(self):
        return f"area {self.area()}"


class Countdown:
    def __init__(self, start):
        self.now = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.now == 0:
            raise StopIteration
        self.now -= 1
        return self.now + 1


def words(text):
    return collections.Counter(re.findall(r"\w+", text))


def queue():
    return collections.deque([1, 2, 3], maxlen=5)


def greet():
    name = input("Name? ")
    print("Hello", name)


def complain():
    print("bad", file=sys.stderr)


def roll():
    return random.randint(1, 6)


def now():
    return time.time()


async def fetch(value):
    await asyncio.sleep(0.1)
    return value * 2


class Service:
    def __init__(self, mailer):
        self.mailer = mailer

    def run(self, to):
        return self.mailer.send(to, subject="Hi")

    def helper(self):
        return "real"

    def use_helper(self):
        return self.helper()


def call_helper():
    return greeting() + "!"


def greeting():
    return "hi"


def bump():
    global counter
    counter += 1
    return counter


def recursive():
    values = [1]
    values.append(values)
    return values


def make_adder(n):
    def add(m):
        """Adds."""
        return n + m

    return add


def read_lines(file):
    return [line.strip() for line in file]


def write_to(file):
    file.write("one")
    print("two", file=file)


class Guarded:
    def __init__(self, resource):
        self.resource = resource

    def use(self):
        return self.resource.use()

    def __enter__(self):
        return self

    def __exit__(self, kind, problem, trace):
        return self.resource.__exit__(kind, problem, trace)


class Tree:
    def __init__(self, tree):
        self.tree = tree

    def set_inner(self, value):
        self.tree["inner"]["value"] = value

    def all(self):
        return self.tree

    def copy(self):
        return dict(self.tree)


class Metered(io.BufferedRandom):
    pass
