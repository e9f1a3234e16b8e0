"""Encodes values for the other side and decodes what comes from there.

By value, by exact type only: plain data. Lists, dicts, sets and bytearrays keep their identity: what one side changes in
them the other sees when a call is answered. Everything else stays where it is, and the other side gets a stand-in.
"""

from _assay.pristine import names as __builtins__

import datetime
import decimal
import fractions
import json
import pathlib
import uuid
import zoneinfo

from _assay.remote import standard

_scan = json.scanner.c_make_scanner(json.JSONDecoder())
_write = json.encoder.c_make_encoder(None, None, json.encoder.encode_basestring_ascii, None, ":", ",", False, False, True)
_RAW = frozenset((type(None), bool, str))
WHOLE = frozenset((type(None), bool, str, int, float))  # what the tests' side writes as it is
_BIG = 1 << 62
_MOST_TRACKED, _MOST_ITEMS, _DEEPEST = 300, 5000, 150
MAX_MESSAGE = 8 << 20
_BROKEN = (ValueError, TypeError, KeyError, RecursionError, AttributeError, StopIteration)


class Malformed(Exception):
    """The other side broke the rules of the conversation."""


class CannotCross(TypeError):
    """A value cannot be handed over."""


def _flat(value):
    kind = type(value)
    if kind is dict:
        return [part for item in value.items() for part in item]
    return [bytes(value)] if kind is bytearray else list(value)


def to_json(parts):
    """A message in JSON: how the learner's side writes. Reading it cannot make anything but plain data."""
    return "".join(_write(parts, 0)).encode("ascii")


def from_json(message):
    """The parts of such a message."""
    return _scan(message.decode("ascii"), 0)[0]


# The commonest answers of all, as `to_json` writes them.
CONSTANT = {to_json(("ok", value, (), ())): value for value in (None, True, False)}


class Space:
    """One side's view: what it has sent, what it was given. A side says how it writes (`written`) and how it reads (`read`)."""

    def __init__(self):
        self.objects, self.ids = {}, {}  # own objects that the other side knows, by number and by id
        self.own, self.own_ids = {}, {}  # own containers: number -> (container, content when last in step)
        self.given, self.given_ids = {}, {}  # the other side's containers
        self.active = None  # numbers of given containers that the call at hand may change
        self.frame = set()
        self.depth = 0

    def forget(self):
        """Forgets containers that have crossed: from now on they are kept in step no more."""
        for table in (self.own, self.own_ids, self.given, self.given_ids):
            table.clear()

    # -- encoding ---------------------------------------------------------------------------------------------

    def encode(self, value):
        """A value as JSON data."""
        kind = type(value)
        if kind in _RAW:
            return value
        if kind is int:
            return value if -_BIG < value < _BIG else ["I", hex(value)]
        if kind is float:
            return value if value - value == 0 else ["F", repr(value)]
        coder = _ENCODERS.get(kind)
        if coder is None:
            return self.encode_object(value)
        self.depth += 1
        try:
            if self.depth > _DEEPEST:
                raise CannotCross(f"a {kind.__name__} nested more than {_DEEPEST} levels deep cannot be handed over; test a part of it")
            return coder(self, value)
        finally:
            self.depth -= 1

    def _container(self, value):
        at = id(value)
        if at in self.given_ids:
            return ["@c", self.given_ids[at]]
        return self._own_container_of(value)

    def _own_container_of(self, value):
        at = id(value)
        number = self.own_ids.get(at)
        if number is not None and number in self.frame:
            return ["=c", number]
        if number is None:
            number = self.own_ids[at] = len(self.own) + 1
            self.own[number] = [value, None]
        self.frame.add(number)
        kind = type(value)
        code = [_CODES[kind], number, [self.encode(item) for item in _flat(value)] if kind is not bytearray else value.decode("latin-1")]
        self.own[number][1] = _flat(value) if len(value) <= _MOST_ITEMS and len(self.own) <= _MOST_TRACKED else None
        return code

    def _time(self, value):
        zone = value.tzinfo
        if zone is None:
            tag = None
        elif type(zone) is datetime.timezone:
            offset = zone.utcoffset(None)
            tag = [offset.days, offset.seconds, offset.microseconds]
        elif type(zone) is zoneinfo.ZoneInfo and zone.key:
            tag = zone.key
        else:
            return self.encode_object(value)
        return ["T", type(value).__name__, value.replace(tzinfo=None, fold=0).isoformat(), value.fold, tag]

    def encode_object(self, value):
        """A value that stays here."""
        raise NotImplementedError

    def number(self, value):
        """The number of an own object."""
        number = self.ids.get(id(value))
        if number is None:
            number = self.ids[id(value)] = len(self.objects) + 1
            self.objects[number] = value
        return number

    # -- decoding ---------------------------------------------------------------------------------------------

    def decode(self, data):
        """The value of JSON data; raises Malformed."""
        kind = type(data)
        if kind is not list:
            if kind is dict:
                raise Malformed("an object")
            return data
        decoder = _DECODERS.get(data[0]) if data and type(data[0]) is str else None
        if decoder is None:
            return self.decode_object(data)
        return decoder(self, *data[1:])

    def decode_object(self, data):
        """A stand-in, or an own object that comes back."""
        raise NotImplementedError

    def _given(self, code, number, items):
        kind = _KINDS[code]
        if type(number) is not int:
            raise Malformed("a container's number")
        known = self.given.get(number)
        if known is None or type(known[0]) is not kind:
            known = self.given[number] = [kind(), None]
            self.given_ids[id(known[0])] = number
        value = known[0]
        self.fill(value, items)
        if self.active is not None:
            self.active.add(number)
        known[1] = _flat(value) if len(value) <= _MOST_ITEMS and len(self.given) <= _MOST_TRACKED else None
        return value

    def fill(self, value, items):
        """Gives a container its content."""
        kind = type(value)
        if kind is bytearray:
            value[:] = items.encode("latin-1")
            return
        decode = self.decode
        items = [decode(item) for item in items]
        if kind is list:
            value[:] = items
        elif kind is set:
            value.clear()
            value.update(items)
        else:
            value.clear()
            value.update(zip(items[::2], items[1::2]))

    def _own_container(self, number):
        return self.own[number][0]

    # -- keeping in step --------------------------------------------------------------------------------------

    def _changed(self, table, numbers):
        found = []
        for number in numbers:
            entry = table[number]
            if entry[1] is None:
                continue
            now, before = _flat(entry[0]), entry[1]
            if len(now) != len(before) or any([a is not b for a, b in zip(now, before)]):
                if type(entry[0]) is bytearray:
                    if now == before:
                        continue
                    found.append([number, entry[0].decode("latin-1")])
                else:
                    self.frame.add(number)
                    found.append([number, [self.encode(item) for item in now]])
                entry[1] = now
        return found

    def pack(self, kind, payload, given=()):
        """A message: what it is, its data, and what changed in containers of the other side and of this one."""
        theirs = self._changed(self.given, given) if given else []
        mine = self._changed(self.own, list(self.own)) if self.own and self.tells_own else []
        self.frame.clear()
        return self.checked_size(self.written((kind, payload, theirs, mine)))

    @staticmethod
    def checked_size(message):
        """The message, where it is not too long."""
        if len(message) > MAX_MESSAGE:
            raise CannotCross(f"a value of more than {MAX_MESSAGE >> 20} MB cannot be handed over; test a part of it")
        return message

    def unpack(self, message):
        """The kind and data of a message, after its changes are made."""
        try:
            kind, payload, mine, theirs = self.read(message)
            if mine or theirs:
                self.change(mine, theirs)
        except _BROKEN as problem:
            raise Malformed(str(problem)) from None
        return kind, payload

    def change(self, mine, theirs):
        """Makes the changes that came with a message, in containers of this side and of the other."""
        for number, items in mine:
            if self.may_change(number):
                entry = self.own[number]
                self.fill(entry[0], items)
                entry[1] = _flat(entry[0])
        for number, items in theirs:
            entry = self.given[number]
            self.fill(entry[0], items)
            entry[1] = _flat(entry[0])

    tells_own = False

    def may_change(self, number):
        """Whether the other side may change this own container now."""
        return True


_CODES = {list: "l", dict: "d", set: "s", bytearray: "B"}
_KINDS = {code: kind for kind, code in _CODES.items()}


def _items(self, values):
    return [self.encode(item) for item in values]


def _delta(value):
    return [value.days, value.seconds, value.microseconds]


def _decode_time(self, kind, text, fold, tag):
    value = {"datetime": datetime.datetime, "time": datetime.time}[kind].fromisoformat(text)
    zone = None
    if type(tag) is list:
        zone = datetime.timezone(datetime.timedelta(*tag))
    elif tag is not None:
        zone = zoneinfo.ZoneInfo(tag)
    return value.replace(tzinfo=zone, fold=fold)


_ENCODERS = {
    **dict.fromkeys((list, dict, set, bytearray), lambda self, v: self._container(v)),
    tuple: lambda self, v: ["t", _items(self, v)],
    frozenset: lambda self, v: ["z", _items(self, v)],
    bytes: lambda self, v: ["b", v.decode("latin-1")],
    complex: lambda self, v: ["c", repr(v.real), repr(v.imag)],
    range: lambda self, v: ["r", _items(self, (v.start, v.stop, v.step))],
    slice: lambda self, v: ["/", _items(self, (v.start, v.stop, v.step))],
    type(...): lambda self, v: ["."],
    type(NotImplemented): lambda self, v: ["!"],
    decimal.Decimal: lambda self, v: ["D", str(v)],
    fractions.Fraction: lambda self, v: ["Q", hex(v.numerator), hex(v.denominator)],
    datetime.date: lambda self, v: ["A", v.isoformat()],
    datetime.datetime: Space._time, datetime.time: Space._time,
    datetime.timedelta: lambda self, v: ["E", _delta(v)],
    datetime.timezone: lambda self, v: ["O", _delta(v.utcoffset(None))],
    uuid.UUID: lambda self, v: ["U", v.hex],
    pathlib.PosixPath: lambda self, v: ["P", str(v)],
}  # fmt: skip

_DECODERS = {
    "I": lambda self, text: int(text, 16),
    "F": lambda self, text: float(text),
    "l": lambda self, n, items: self._given("l", n, items), "d": lambda self, n, items: self._given("d", n, items),
    "s": lambda self, n, items: self._given("s", n, items), "B": lambda self, n, items: self._given("B", n, items),
    "@c": Space._own_container, "=c": lambda self, n: self.given[n][0],
    "t": lambda self, items: tuple([self.decode(item) for item in items]),
    "z": lambda self, items: frozenset([self.decode(item) for item in items]),
    "b": lambda self, text: text.encode("latin-1"),
    "c": lambda self, real, imag: complex(float(real), float(imag)),
    "r": lambda self, parts: range(*[self.decode(part) for part in parts]),
    "/": lambda self, parts: slice(*[self.decode(part) for part in parts]),
    ".": lambda self: ..., "!": lambda self: NotImplemented,
    "D": lambda self, text: decimal.Decimal(text),
    "Q": lambda self, a, b: fractions.Fraction(int(a, 16), int(b, 16)),
    "A": lambda self, text: datetime.date.fromisoformat(text),
    "T": _decode_time,
    "E": lambda self, parts: datetime.timedelta(*parts),
    "O": lambda self, parts: datetime.timezone(datetime.timedelta(*parts)),
    "U": lambda self, text: uuid.UUID(hex=text),
    "P": lambda self, text: pathlib.PosixPath(text),
    "n": lambda self, module, name: standard.by_name[module, name],
}  # fmt: skip
PLAIN = _RAW | {int, float} | frozenset(_ENCODERS)
