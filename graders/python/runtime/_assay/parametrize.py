"""``pytest.mark.parametrize`` and parametrized fixtures: the cases of a test, and their ids."""

from _assay.pristine import names as __builtins__

import enum
import re

_PLAIN = (int, float, bool, complex, type(None))
NOT_SET = object()


class Param:
    """``pytest.param(…)``: the values of one case, with an id and marks."""

    def __init__(self, values, id=None, marks=()):
        self.values, self.id = values, id
        found = marks if isinstance(marks, (list, tuple)) else [marks]
        self.marks = [getattr(item, "mark", item) for item in found]


class Case:
    """One case of a test: values by argument, values by fixture, id parts, marks."""

    def __init__(self, direct=(), params=(), ids=(), marks=()):
        self.direct, self.params, self.ids, self.marks = dict(direct), dict(params), list(ids), list(marks)

    def joined(self, direct, params, text, marks):
        """This case with the values of one more parametrize mark."""
        return Case({**self.direct, **direct}, {**self.params, **params}, [*self.ids, text], [*self.marks, *marks])

    @property
    def id(self):
        """The text between the brackets."""
        return "-".join(self.ids)


def _text(value, fallback):
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return value
        return value.encode("unicode_escape").decode("ascii")
    if isinstance(value, bytes):
        return value.decode("ascii", "backslashreplace")
    if isinstance(value, enum.Enum) or isinstance(value, _PLAIN):
        return str(value)
    if isinstance(value, re.Pattern):
        return str(value.pattern)
    name = getattr(value, "__name__", None) if isinstance(value, type) or callable(value) else None
    return name if isinstance(name, str) else fallback


def _id(values, names, index, ids, given):
    if given is not None:
        return str(given)
    if ids is not None and not callable(ids):
        listed = list(ids)
        if index < len(listed) and listed[index] is not None:
            return _text(listed[index], str(listed[index]))
    parts = []
    for name, value in zip(names, values):
        own = ids(value) if callable(ids) else None
        parts.append(_text(value, f"{name}{index}") if own is None else _text(own, str(own)))
    return "-".join(parts)


def _unique(ids):
    count, seen = {}, {}
    for text in ids:
        count[text] = count.get(text, 0) + 1
    made = []
    for text in ids:
        if count[text] > 1:
            number = seen[text] = seen.get(text, -1) + 1
            text = f"{text}{'_' if text and text[-1].isdigit() else ''}{number}"
        made.append(text)
    return made


def _sets(argvalues, names, ids):
    """(values, id, marks) of each case of one mark."""
    found = []
    for index, item in enumerate(argvalues):
        if isinstance(item, Param):
            values, given, marks = item.values, item.id, item.marks
        else:
            values, given, marks = (item,) if len(names) == 1 else tuple(item), None, []
        if len(values) != len(names):
            raise ValueError(f"parametrize names {len(names)} arguments, but a case has {len(values)} values: {values!r}")
        found.append((values, _id(values, names, index, ids, given), marks))
    texts = _unique([item[1] for item in found])
    return [(values, text, marks) for (values, _, marks), text in zip(found, texts)]


def cases(marks, fixture_params):
    """All cases of a test: its parametrize marks (the nearest varies slowest), after parametrized fixtures."""
    made = [Case()]
    covered = set()
    for mark in marks:
        if mark.name == "parametrize":
            covered.update(_names(mark.args[0] if mark.args else mark.kwargs["argnames"]))
    for name, definition in fixture_params:
        if name not in covered:
            sets = _sets(definition.params, [name], definition.ids)
            made = [case.joined({}, {name: v[0]}, text, extra) for case in made for v, text, extra in sets]
    for mark in marks:
        if mark.name == "parametrize":
            made = _apply(mark, made)
    return made


def _names(argnames):
    if isinstance(argnames, str):
        return [name.strip() for name in argnames.split(",") if name.strip()]
    return list(argnames)


def _apply(mark, made):
    arguments = dict(zip(("argnames", "argvalues", "indirect", "ids"), mark.args))
    arguments.update(mark.kwargs)
    names = _names(arguments["argnames"])
    indirect = arguments.get("indirect", False)
    through = names if indirect is True else list(indirect or ())
    sets = _sets(list(arguments["argvalues"]), names, arguments.get("ids"))
    if not sets:
        skip = type(mark)("skip", (), {"reason": "got empty parameter set"})
        return [case.joined(dict.fromkeys(names), {}, "NOTSET", [skip]) for case in made]
    result = []
    for case in made:
        for values, text, extra in sets:
            pairs = list(zip(names, values))
            direct = {name: value for name, value in pairs if name not in through}
            params = {name: value for name, value in pairs if name in through}
            result.append(case.joined(direct, params, text, extra))
    return result
