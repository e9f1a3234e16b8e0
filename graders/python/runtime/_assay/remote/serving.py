"""The learner's side: loads the submission and answers what the tests ask of it."""

from _assay.pristine import names as __builtins__

import gc
import marshal
import os
import sys
import types

from _assay import failures, places
from _assay.remote import files, standard, telling
from _assay.remote.bases import IMMUTABLE, plain
from _assay.remote.foreign import Foreign
from _assay.remote.operations import OPS, Operations
from _assay.remote.space import _CODES, _RAW, CONSTANT, CannotCross, _flat, to_json
from wit_world.imports import peer as _peer

_exchange = _peer.exchange
_loads = marshal.loads
_CONSTANT = {value: message for message, value in CONSTANT.items()}
_collect_garbage = gc.collect


def _kind(value):
    if isinstance(value, types.FunctionType):
        return "f"
    if isinstance(value, (classmethod, staticmethod)):
        return "c"
    return "v"


class Serving(Operations):
    """The conversation, as the learner's side holds it."""

    tells_own = True
    written = staticmethod(to_json)
    read = staticmethod(marshal.loads)

    def __init__(self):
        super().__init__()
        self.traces = {}  # by the number of an exception: where it came by in the learner's code
        self.told = set()  # classes whose description was sent
        self.foreign = {}
        self.foreign_ids = {}
        self.kinds = {}  # classes of objects that are nothing but objects, by number

    # -- encoding and decoding --------------------------------------------------------------------------------

    def encode_object(self, value):
        kind = self.kinds.get(type(value))
        if kind is not None and id(value) not in self.foreign_ids:
            return ["o", self.number(value), ["k", kind], None]
        if type(value) is Foreign:
            return ["@", value._number]
        at = id(value)
        if at in self.foreign_ids:
            return ["@", self.foreign_ids[at]]
        if standard.is_standard(value):
            return ["n", *standard.names[at]]
        if isinstance(value, type):
            return self._encode_class(value)
        if isinstance(value, BaseException):
            return self.encode_exception(value)
        cls = type(value)
        base = plain(value, IMMUTABLE) if isinstance(value, IMMUTABLE) else None
        if base is None and cls in self.told:
            self.kinds[cls] = self.ids[id(cls)]
        return ["o", self.number(value), self.encode_object(cls), None if base is None else self.encode(base)]

    def _container(self, value):
        if id(value) in self.given_ids and self._out_of_step(value, set()):
            return self._own_container_of(value)
        return super()._container(value)

    def _out_of_step(self, value, seen):
        """Whether a container of the tests, or one in it, was changed here in a call that may not change theirs."""
        number = self.given_ids.get(id(value))
        if number is None or number in seen or self.given[number][1] is None:
            return False
        seen.add(number)
        now, before = _flat(value), self.given[number][1]
        changed = len(now) != len(before) or any([a is not b for a, b in zip(now, before)])
        if changed and not (self.active and number in self.active):
            return True
        return any([type(item) in _CODES and self._out_of_step(item, seen) for item in now])

    def _encode_class(self, cls):
        number = self.number(cls)
        if cls in self.told:
            return ["k", number]
        self.told.add(cls)
        members = {}
        for name, value in type.__getattribute__(cls, "__dict__").items():
            if type(name) is str:
                members[name] = _kind(value)
        bases = [self.encode_object(base) for base in cls.__bases__]
        doc = cls.__doc__
        words = [str(cls.__name__), str(cls.__module__), str(cls.__qualname__), doc if type(doc) is str else None]
        words += [name for name in cls.__dict__.get("__abstractmethods__", ()) if type(name) is str]
        return ["k", number, words, bases, members]

    def encode_exception(self, problem):
        """An exception: its class, arguments, text, the learner's frames, what caused it."""
        try:
            text = str(problem)
        except Exception as inner:
            text = f"<no text: {type(inner).__name__}>"
        try:
            args = [self.encode(arg) for arg in problem.args]
        except Exception:
            args = []
        cause = problem.__cause__
        self.depth += 1
        try:
            cause = None if cause is None or self.depth > 5 else self.encode_exception(cause)
        finally:
            self.depth -= 1
        number = self.number(problem)
        if problem.__traceback__ is not None:
            self.traces[number] = failures.learner_places(problem)
        notes = [note for note in getattr(problem, "__notes__", ()) if type(note) is str]
        return ["x", number, self.encode_object(type(problem)), args, str(text), cause, notes]

    def decode_object(self, data):
        code, number = data[0], data[1]
        if code == "@":
            return self.objects[number]
        made = self.foreign.get(number)
        if made is None:
            if code == "e":  # a class of exceptions
                made = type(data[2], (self.decode(data[3]),), {"__module__": "tests"})
            elif code == "x":
                base = self.decode(data[2])
                try:
                    made = base(*[self.decode(arg) for arg in data[3]])
                except Exception:
                    made = base.__new__(base)
            else:
                made = Foreign(self, number)
            self.foreign[number] = made
            self.foreign_ids[id(made)] = number
        return made

    def arguments(self, args, kwargs):
        """Positional and named arguments, encoded."""
        return [self.encode(arg) for arg in args], {str(name): self.encode(value) for name, value in kwargs.items()}

    # -- the conversation -------------------------------------------------------------------------------------

    def ask(self, op, payload):
        """Asks the tests' side and waits for its answer; answers what it asks meanwhile."""
        active = self.active
        message = self._send(op, payload, active or ())
        while True:
            kind, payload = self.unpack(message)
            if kind == "ok":
                return self.decode(payload)
            if kind == "raise":
                raise self.decode(payload)
            message = self.answer(kind, payload)

    def _send(self, kind, payload, active):
        _flush()
        return _exchange(self.pack(kind, payload, active))

    def answer(self, kind, payload):
        """Does what was asked, hands over the result, and returns the next message."""
        before, self.active = self.active, set()
        try:
            try:
                answer = "ok", self.encode(OPS[kind](self, *payload))
            except BaseException as problem:
                self.frame.clear()
                answer = "raise", self._failed(problem)
            if files.changed:
                self._tell_files()
            active = [number for number in self.active if number in self.given] if self.active else ()
            try:
                return self._send(*answer, active)
            except (CannotCross, MemoryError, RecursionError) as problem:
                self.frame.clear()
                return self._send("raise", self._failed(problem), ())
        finally:
            self.active = before

    def _tell_files(self):
        found = files.news()
        if found:
            self.ask("files", found)

    def _failed(self, problem):
        number = self.foreign_ids.get(id(problem))
        told = ["@", number] if number is not None else self.encode_exception(problem)
        # Its frames hold each other, and whatever they were about to use.
        problem.__traceback__ = problem.__context__ = None
        if isinstance(problem, (RecursionError, MemoryError)):
            _collect_garbage()
        return told

    def serve(self):
        """Answers until nobody asks any more."""
        message = _exchange(b"")
        while True:
            parts = _loads(message)
            if type(parts[0]) is int:
                message = self._quickly(*parts)
                continue
            kind, payload, mine, theirs = parts
            if mine or theirs:
                self.change(mine, theirs)
            message = self.answer(kind, payload)

    def unpack(self, message):
        """A message while the tests are asked something; a quick one is a call like any other."""
        parts = _loads(message)
        if type(parts[0]) is int:
            return "quick", parts
        return super().unpack(message)

    def _quickly(self, number, name, *args):
        """A call with plain arguments, answered in few steps where nothing is to be kept in step."""
        self.active = set()
        try:
            target = self.objects[number]
            value = target(*args) if name is None else getattr(target, name)(*args)
            data = value if type(value) in _RAW else self.encode(value)
            answer = "ok"
        except BaseException as problem:
            self.frame.clear()
            answer, data = "raise", self._failed(problem)
        try:
            if files.changed:
                self._tell_files()
            if self.active or self.own or self.given:
                return self._send(answer, data, [given for given in self.active if given in self.given])
            _flush()
            if data is None or data is True or data is False:
                return _exchange(_CONSTANT[data])
            return _exchange(self.checked_size(to_json((answer, data, (), ()))))
        except (CannotCross, MemoryError, RecursionError) as problem:
            self.frame.clear()
            return self._send("raise", self._failed(problem), ())
        finally:
            self.active = None


def _flush():
    try:
        sys.stdout.flush()
    except BaseException:
        pass
    try:
        sys.stderr.flush()
    except BaseException:
        pass


def run(job):
    """Serves the submission's files until the tests are done."""
    os.chdir(places.WORK)
    sys.argv = ["assay"]
    serving = Serving()
    telling.install(serving)
    files.install()
    serving.serve()
    return {"ok": True}
