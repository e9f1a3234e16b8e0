"""The sentences for failed assertions: one small function for each kind, from the sides to (message, expected, actual)."""

from _assay.pristine import names as __builtins__

from _assay.values import class_name, show

_EXPECTED_NAMES = ("expect", "want", "correct", "answer", "desired", "should")
_ACTUAL_NAMES = ("actual", "result", "got", "output", "received")


def _which(sides):
    """The two sides as (actual, expected): a literal is what is expected, a call is what is tested."""
    first, second = sides[0], sides[1]
    if second.literal and not first.literal:
        return first, second
    if first.literal and not second.literal:
        return second, first
    for names, swap in ((_EXPECTED_NAMES, False), (_ACTUAL_NAMES, True)):
        hits = [any([word in side.name for word in names]) for side in (first, second)]
        if hits[0] != hits[1]:
            is_second = hits[1] != swap
            return (first, second) if is_second else (second, first)
    if second.is_call and not first.is_call:
        return second, first
    return first, second


def says(side):
    """What the tested side did: "f(1) returned 2", "x is 2" or "got 2"."""
    if side.text is None or side.literal or side.text == side.shown:
        return f"got {side.brief}"
    return f"{side.text} {'returned' if side.is_call else 'is'} {side.brief}"


def _equal(sides):
    actual, expected = _which(sides)
    got, wanted = actual.shown, expected.shown
    message = f"{says(actual)}, expected {expected.brief}"
    if got == wanted:
        kinds = class_name(actual.value), class_name(expected.value)
        if kinds[0] != kinds[1]:
            message += f" (a {kinds[0]}, expected a {kinds[1]})"
        else:
            message += " (they look the same but are not equal)"
    else:
        message += _difference(actual.value, expected.value)
    return message, wanted, got


def _difference(actual, expected):
    """Where two long values begin to differ."""
    kind = type(expected)
    if type(actual) is not kind or (kind is not str and kind is not list and kind is not tuple):
        return ""
    shorter = min(len(actual), len(expected))
    if max(len(actual), len(expected)) < (30 if kind is str else 8):
        return ""
    if len(actual) != len(expected) and shorter == 0:
        return ""
    for index in range(min(shorter, 100_000)):
        try:
            same = actual[index] == expected[index]
        except Exception:
            return ""
        if not same:
            what = "character" if kind is str else "item"
            return (
                f"; the first difference is at {what} {index}: "
                f"{show(actual[index], 80)}, expected {show(expected[index], 80)}"
            )
    return f"; the length is {len(actual)}, expected {len(expected)}"


def _phrase(template, expected=None):
    """A rule for two sides whose first is tested: "f(1) returned 2, expected a value in [3]"."""

    def rule(sides):
        message = f"{says(sides[0])}, expected {template.format(*[side.brief for side in sides[1:]])}"
        wanted = expected.format(*[side.shown for side in sides[1:]]) if expected else None
        return message, wanted, sides[0].shown

    return rule


def _fixed(wanted):
    def rule(sides):
        return f"{says(sides[0])}, expected {wanted}", wanted, sides[0].shown

    return rule


def _in(sides):
    """assertIn(member, container): the container is mostly the tested one."""
    member, container = sides[0], sides[1]
    if container.literal or (member.is_call and not container.is_call):
        return f"{says(member)}, expected one of {container.brief}", None, member.shown
    return f"{says(container)}, expected it to contain {member.brief}", None, container.shown


def _not_in(sides):
    member, container = sides[0], sides[1]
    if container.literal or (member.is_call and not container.is_call):
        return f"{says(member)}, expected none of {container.brief}", None, member.shown
    return f"{says(container)}, expected it not to contain {member.brief}", None, container.shown


def _almost(sides):
    actual, expected = _which(sides)
    return f"{says(actual)}, expected about {expected.brief}", expected.shown, actual.shown


def _same(sides):
    actual, expected = _which(sides)
    message = f"{says(actual)}, expected {expected.brief}"
    if actual.shown == expected.shown:
        message += " (an equal value, but not the same object)"
    return message, expected.shown, actual.shown


def _different(sides):
    actual, expected = _which(sides)
    return f"{says(actual)}, expected anything but {expected.brief}", None, actual.shown


def _not_same(sides):
    actual, expected = _which(sides)
    return f"{says(actual)}, expected another object than {expected.brief}", None, actual.shown


def _count(sides):
    actual, expected = _which(sides)
    return f"{says(actual)}, expected {expected.brief} in any order", expected.shown, actual.shown


METHODS = {
    "assertEqual": _equal,
    "assertEquals": _equal,
    "assertSequenceEqual": _equal,
    "assertListEqual": _equal,
    "assertTupleEqual": _equal,
    "assertSetEqual": _equal,
    "assertDictEqual": _equal,
    "assertMultiLineEqual": _equal,
    "assertIs": _same,
    "assertIsNot": _not_same,
    "assertTrue": _fixed("True"),
    "assertFalse": _fixed("False"),
    "assertIsNone": _fixed("None"),
    "assertIsNotNone": _fixed("something other than None"),
    "assertIn": _in,
    "assertNotIn": _not_in,
    "assertNotEqual": _different,
    "assertAlmostEqual": _almost,
    "assertNotAlmostEqual": _different,
    "assertCountEqual": _count,
    "assertGreater": _phrase("a value greater than {}"),
    "assertGreaterEqual": _phrase("a value of at least {}"),
    "assertLess": _phrase("a value less than {}"),
    "assertLessEqual": _phrase("a value of at most {}"),
    "assertIsInstance": _phrase("an object of {}"),
    "assertNotIsInstance": _phrase("an object not of {}"),
    "assertRegex": _phrase("a text matching {}"),
    "assertNotRegex": _phrase("a text not matching {}"),
    "assertStartsWith": _phrase("a text starting with {}"),
    "assertEndsWith": _phrase("a text ending with {}"),
}

COMPARISONS = {
    "Eq": _equal,
    "NotEq": _different,
    "Is": _same,
    "IsNot": _not_same,
    "In": _in,
    "NotIn": _not_in,
    "Lt": METHODS["assertLess"],
    "LtE": METHODS["assertLessEqual"],
    "Gt": METHODS["assertGreater"],
    "GtE": METHODS["assertGreaterEqual"],
}
