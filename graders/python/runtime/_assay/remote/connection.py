"""The tests' side of the conversation: asks the learner's, decodes what comes, answers calls of the tests' objects."""

from _assay.pristine import names as __builtins__

import builtins
import marshal
import operator
import os
import sys
import types
import weakref

from componentize_py_types import Err
from wit_world.imports import learner as _learner

from _assay.remote import answering, files, proxies
from _assay.remote.proxies import ProxyMeta, number_of
from _assay.remote.space import _BROKEN, _RAW, CONSTANT, MAX_MESSAGE, WHOLE, Malformed, from_json
from _assay.remote.standins import Ended, StandIns

_exchange, _start, _dumps = _learner.exchange, _learner.start, marshal.dumps
_STDERR = _learner.Stream.STDERR
_MIRRORED = (("builtins", "input"), ("builtins", "print"), ("builtins", "open"), ("sys", "stdin"), ("sys", "argv"))
_builtins, _sys, _environ = vars(builtins), vars(sys), os.environ._data
_BUILTINS, _SYS = operator.itemgetter("input", "print", "open"), operator.itemgetter("stdin", "argv")  # what tests may replace


class Connection(StandIns):
    """One learner's program, from its start to its end."""

    def __init__(self, files):
        super().__init__()
        self.classes, self.alive, self.standard = {}, weakref.WeakValueDictionary(), {}
        self.ended, self.open = None, []
        self.mirrored = {}
        self.seen_builtins, self.seen_sys = _first_seen
        self.seen_environ = _first_environ
        try:
            _start(files)
        except Err as problem:
            self.end(problem.value)

    def forget_all(self):
        """Both sides forget the containers that have crossed."""
        try:
            self.ask("forget", [])
        except Ended:
            pass
        self.forget()

    def end(self, why):
        """The program has ended: nothing can be asked of it any more."""
        self.ended = why
        self._show(why.printed)
        raise Ended(why.message)

    def _show(self, printed):
        for chunk in printed:
            (sys.stderr if chunk.stream == _STDERR else sys.stdout).write(chunk.text)


    written = staticmethod(marshal.dumps)  # what the tests' side writes may be trusted
    read = staticmethod(from_json)

    def ask(self, op, payload, raw=False):
        """Asks and waits for the answer; answers what is asked meanwhile."""
        if self.ended is not None:
            raise Ended(self.ended.message)
        if op not in _SILENT and self.is_behind():
            self.mirror()
        self.open.append(set(self.frame) if self.frame else ())
        try:
            kind, data = self._receive(self._send(op, payload))
            return self._concluded(kind, data, raw)
        finally:
            self.open.pop()

    def _concluded(self, kind, data, raw=False):
        while True:
            if kind == "ok":
                return data if raw else self._checked(data)
            if kind == "raise":
                raise self._raised(data)
            kind, data = self._receive(self._answer(kind, data))

    def quick(self, number, name, args):
        """Calls an object, or a method of it, with arguments that are written as they are: what tests do most, in few steps."""
        if (
            self.own or self.given or self.frame or self.ended is not None or files.changed or _environ != self.seen_environ
            or _BUILTINS(_builtins) != self.seen_builtins or _SYS(_sys) != self.seen_sys
        ):  # fmt: skip
            args = [arg if type(arg) in _RAW else self.encode(arg) for arg in args]
            return self.ask("call", [number, args, {}]) if name is None else self.ask("method", [number, name, args, {}])
        message = _dumps((number, name, *args), 2)
        try:
            reply = _exchange(message if len(message) < MAX_MESSAGE else self.checked_size(message))
        except Err as problem:
            self.end(problem.value)
        if reply.printed:
            self._show(reply.printed)
        try:
            message = reply.message
            if message in CONSTANT:
                return CONSTANT[message]
            kind, data, mine, theirs = from_json(message)
            if mine or theirs:
                self.change(mine, theirs)
        except _BROKEN as problem:
            self._broken(problem)
        if kind == "ok":
            return data if type(data) is not list else self._checked(data)
        self.open.append(())
        try:
            return self._concluded(kind, data)
        finally:
            self.open.pop()

    def _send(self, kind, payload):
        message = self.pack(kind, payload, list(self.given) if self.given else ())
        try:
            reply = _exchange(message)
        except Err as problem:
            self.end(problem.value)
        if reply.printed:
            self._show(reply.printed)
        return reply.message

    def _receive(self, message):
        try:
            return self.unpack(message)
        except Malformed as problem:
            self._broken(problem)

    def _broken(self, problem):
        self.ended = types.SimpleNamespace(message="The code broke the connection to its tests.", how=None)
        raise Ended(self.ended.message) from None

    def _checked(self, data):
        if type(data) is not list:
            return data
        try:
            return self.decode(data)
        except (Malformed, TypeError, ValueError, KeyError, AttributeError, IndexError, ArithmeticError, RecursionError) as problem:
            self._broken(problem)

    def _raised(self, data):
        problem = self._checked(data)
        if not isinstance(problem, BaseException) or isinstance(problem, Ended):
            self._broken(None)
        return problem

    def may_change(self, number):
        return any([number in numbers for numbers in self.open])

    def arguments(self, args, kwargs):
        """Positional and named arguments, encoded."""
        named = {name: self.encode(value) for name, value in kwargs.items()} if kwargs else kwargs
        return [arg if type(arg) in _RAW else self.encode(arg) for arg in args], named

    def call(self, number, args, kwargs):
        """Calls an object of the learner's."""
        if not kwargs and WHOLE.issuperset(map(type, args)):
            return self.quick(number, None, args)
        return self.ask("call", [number, *self.arguments(args, kwargs)])

    def special(self, value, name, args):
        """Calls a special method."""
        return self.ask("special", [number_of(value), name, [self.encode(arg) for arg in args]])

    def trace(self, number):
        """The learner's frames of an exception, as text, or None."""
        try:
            text = self.ask("trace", [number], raw=True)
        except (Ended, Exception):
            return None
        return text if type(text) is str else None

    def named(self, value):
        """Marks a class that the tests have named."""
        if type(value) is ProxyMeta:
            proxies.info_of(value).named = True
        return value


    def is_behind(self):
        """Whether there is something that the learner's side should know first."""
        return (
            files.changed or _environ != self.seen_environ
            or _BUILTINS(_builtins) != self.seen_builtins or _SYS(_sys) != self.seen_sys
        )  # fmt: skip

    def mirror(self):
        """Hands over replacements of input, print, open, standard input and arguments, the environment, written files."""
        self.seen_builtins, self.seen_sys = _BUILTINS(_builtins), _SYS(_sys)
        if _environ != self.seen_environ:
            self.seen_environ = dict(_environ)
            self.ask("environ", [[[key.decode("latin-1"), value.decode("latin-1")] for key, value in _environ.items()]])
        if files.changed:
            found = files.news()
            files.changed = False
            if found:
                self.ask("files", [found])
            files.changed = True  # one that is still open may be written to again
        for key in _MIRRORED:
            module, name = key
            value = getattr(sys.modules[module], name)
            before = self.mirrored.get(key, _ORIGINAL[key])
            if value is not before and not (key == ("sys", "argv") and value == before):
                self.mirrored[key] = value
                self.patch(module, [name], None if value is _ORIGINAL[key] else value)

    def patch(self, module, path, value):
        """Replaces an attribute of a standard module on the learner's side; None puts it back."""
        frame, self.frame = self.frame, set()
        try:
            self.ask("patch", [module, path, None if value is None else self.encode(value)])
        finally:
            self.frame = frame


    def _answer(self, kind, data):
        try:
            try:
                answer = "ok", self.encode(answering.do(self, kind, data))
            except Ended:
                raise
            except BaseException as problem:
                self.frame.clear()
                answer = "raise", self.encode_object(problem)
            return self._send(*answer)
        except Malformed as problem:
            self._broken(problem)


class Gone:
    """In the place of a connection to a program that could not even be started."""

    ended = types.SimpleNamespace(message="", how=True)


_ORIGINAL = {}
_first_seen, _first_environ = (), {}
_SILENT = frozenset(("patch", "environ", "files"))


def remember_originals():
    """Notes what tests may replace: called once, before any test was loaded."""
    global _first_seen, _first_environ
    _first_environ = dict(_environ)
    for module, name in _MIRRORED:
        _ORIGINAL[module, name] = getattr(sys.modules[module], name)
    _first_seen = _BUILTINS(_builtins), _SYS(_sys)
