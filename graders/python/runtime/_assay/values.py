"""Shows a value as text, whatever its class does: a broken or endless ``__repr__`` must not break a report."""

from _assay.pristine import names as __builtins__

LIMIT = 2000
_PLAIN = frozenset((int, float, bool, type(None), complex, bytes))


def cut(text, limit=LIMIT):
    """Shortens text in the middle."""
    if len(text) <= limit:
        return text
    half = (limit - 5) // 2
    return text[:half] + " ... " + text[-half:]


def class_name(value):
    """The name of a value's class, as exact text."""
    return str.__str__(type.__getattribute__(type(value), "__name__"))


def show(value, limit=LIMIT):
    """``repr(value)``, bounded and safe."""
    kind = type(value)
    try:
        if kind in _PLAIN:
            return cut(repr(value), limit)
        if kind is str:
            return cut(repr(value if len(value) <= limit else value[:limit] + "..."), limit)
        if kind is list or kind is tuple:
            if len(value) > limit // 2:
                left = len(value) - limit // 2
                return cut(repr(value[: limit // 2])[:-1], limit - 20) + f", ... {left} more"
        text = repr(value)
        if type(text) is not str:
            text = str.__str__(text)
    except RecursionError:
        return f"<{class_name(value)} object, too deep to show>"
    except Exception as problem:
        return f"<{class_name(value)} object whose __repr__ raised {class_name(problem)}>"
    return cut(text, limit)


def message_of(problem, limit=LIMIT):
    """``str(problem)`` of an exception, bounded and safe."""
    try:
        text = str(problem)
        if type(text) is not str:
            text = str.__str__(text)
    except Exception as inner:
        return f"<{class_name(problem)} whose __str__ raised {class_name(inner)}>"
    return cut(text, limit)


def is_simple(value, depth=2):
    """Whether a value is immutable plain data, so that showing it later shows what it was."""
    kind = type(value)
    if kind in _PLAIN or kind is str:
        return True
    return kind is tuple and depth > 0 and len(value) < 20 and all([is_simple(item, depth - 1) for item in value])
