"""Reads tables of cases, and says what is wrong with them where they cannot be used."""

import ast
import re
import tomllib

from assay import GraderError

_EXPECTS = {"returns", "raises", "message", "prints", "approx", "stdin"}
_CALL = {"call", "args", "kwargs"}
_CASE = {"name", "points", "module", "construct", "steps"} | _CALL | _EXPECTS
_STEP = {"get", "value", "set", "to"} | _CALL | (_EXPECTS - {"stdin"})
_TOP = {"module", "case"}
NOTHING = object()


class Step:
    """One thing to do with what to expect of it."""

    def __init__(self, place, table):
        self.args = [_value(place, item) for item in _typed(place, table, "args", list, [])]
        self.kwargs = {key: _value(place, item) for key, item in _typed(place, table, "kwargs", dict, {}).items()}
        self.call = _typed(place, table, "call", str, None)
        self.get = _typed(place, table, "get", str, None)
        self.set = _typed(place, table, "set", str, None)
        self.to = _value(place, table["to"]) if "to" in table else NOTHING
        if "returns" in table and "value" in table:
            raise GraderError(f"{place}: `returns` and `value` mean the same; use one")
        expected = table.get("returns", table.get("value", NOTHING))
        self.returns = NOTHING if expected is NOTHING else _value(place, expected)
        self.raises = _typed(place, table, "raises", str, None)
        self.message = _typed(place, table, "message", str, None)
        self.prints = _typed(place, table, "prints", str, None)
        self.approx = _typed(place, table, "approx", (int, float), None)
        if self.raises is not None and self.returns is not NOTHING:
            raise GraderError(f"{place}: a call either returns or raises; it cannot do both")
        if self.message is not None and self.raises is None:
            raise GraderError(f"{place}: `message` is that of an exception; name it with `raises`")
        if (self.set is None) != (self.to is NOTHING):
            raise GraderError(f"{place}: `set` names the attribute and `to` its new value; both are needed")


class Case(Step):
    """One row of a table: one test of the report."""

    def __init__(self, place, file, line, table, module):
        super().__init__(place, table)
        self.place, self.file, self.line = place, file, line
        self.module = _typed(place, table, "module", str, module)
        self.construct = _typed(place, table, "construct", str, None)
        self.points = _typed(place, table, "points", (int, float), None)
        self.stdin = _typed(place, table, "stdin", str, None)
        self.steps = []
        if (self.call is None) == (self.construct is None):
            raise GraderError(f"{place}: say what to do: `call` a function, or `construct` an object")
        if self.module is None:
            raise GraderError(f"{place}: `module` is needed, because learners hand in more than one file")
        for number, step in enumerate(_typed(place, table, "steps", list, []), 1):
            where = f"{place}: step {number}"
            _known(where, step, _STEP)
            if sum([key in step for key in ("call", "get", "set")]) != 1:
                raise GraderError(f"{where}: a step has one of `call`, `get` and `set`")
            self.steps.append(Step(where, step))
        if self.steps and self.construct is None:
            raise GraderError(f"{place}: steps are for an object: use `construct`")
        self.name = _typed(place, table, "name", str, None) or self._own_name()

    def _own_name(self):
        shown = [repr(item) for item in self.args] + [f"{key}={item!r}" for key, item in self.kwargs.items()]
        return f"{self.call or self.construct}({', '.join(shown)})"


def read(job):
    """The cases of all tables, in the order of the files' names and of the rows."""
    cases = []
    files = sorted(path for path in job.tests if path.endswith(".toml"))
    if not files:
        raise GraderError("tests/: there is no table of cases; write one to tests/cases.toml")
    only = [file[:-3] for file in job.settings["submission_files"] if file.endswith(".py")]
    default = only[0].replace("/", ".") if len(only) == 1 and "*" not in only[0] else None
    for file in files:
        text = job.test_file(file)
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            raise GraderError(f"tests/{file}: {problem}") from None
        _known(f"tests/{file}", table, _TOP)
        lines = [text.count("\n", 0, found.start()) + 1 for found in re.finditer(r"^[ \t]*\[\[\s*case\s*\]\]", text, re.M)]
        module = _typed(f"tests/{file}", table, "module", str, default)
        for number, row in enumerate(_typed(f"tests/{file}", table, "case", list, [])):
            line = lines[number] if number < len(lines) else 0
            place = f"tests/{file}:{line}" if line else f"tests/{file}: case {number + 1}"
            _known(place, row, _CASE)
            cases.append(Case(place, file, line, row, module))
    seen = {}
    for case in cases:
        if case.name in seen:
            raise GraderError(f"{case.place}: there is a case named {case.name!r} at {seen[case.name]} already; give it a `name`")
        seen[case.name] = case.place
    if not cases:
        raise GraderError("tests/: the tables hold no cases; a case begins with [[case]]")
    return cases


def _known(place, table, keys):
    if not isinstance(table, dict):
        raise GraderError(f"{place}: expected a table")
    for key in table:
        if key not in keys:
            raise GraderError(f"{place}: unknown key {key!r}; there are: {', '.join(sorted(keys))}")


def _typed(place, table, key, kind, default):
    value = table.get(key, default)
    if value is not default and (not isinstance(value, kind) or isinstance(value, bool)):
        expected = {str: "a text", list: "a list", dict: "a table"}.get(kind, "a number")
        raise GraderError(f"{place}: `{key}`: expected {expected}, got {value!r}")
    return value


def _value(place, value):
    """A value of TOML, or of Python where it is written as `{ python = "(1, None)" }`."""
    if isinstance(value, list):
        return [_value(place, item) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"python"} and isinstance(value["python"], str):
            try:
                return ast.literal_eval(value["python"])
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                raise GraderError(f"{place}: {value['python']!r} is no value of Python; write a literal, as (1, None)") from None
        return {key: _value(place, item) for key, item in value.items()}
    return value
