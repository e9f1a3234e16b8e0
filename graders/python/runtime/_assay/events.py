"""Hands events to the host, and encodes what a job answers, with nothing that learner code can replace."""

from _assay.pristine import names as __builtins__

from json.encoder import encode_basestring_ascii as _quote

from wit_world.imports import progress as _progress, types as _types

from _assay.values import cut

_STATUS = {status.name.lower(): status for status in _types.Status}


def clean(value):
    """Exact text without lone surrogates, which have no place in what crosses to the host."""
    value = str.__str__(value)
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            value = value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def _text(value):
    return _quote(clean(value))


def dumps(value):
    """JSON of None, bool, int, str, list, tuple and dict with text keys."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, dict):
        return "{" + ",".join([_text(key) + ":" + dumps(item) for key, item in value.items()]) + "}"
    return "[" + ",".join([dumps(item) for item in value]) + "]"


def plan(items):
    """Tells the host all tests."""
    _progress.plan([_types.Planned(clean(item.name), item.file, item.line or 0, None) for item in items])


def load_error(file, diagnostic):
    """Tells the host of a test file that could not be loaded."""
    texts = {key: clean(value) if isinstance(value, str) else value for key, value in diagnostic.items()}
    _progress.load_error(file, _types.Diagnostic(**texts))


def start(name):
    """Tells the host that a test begins: its budget and its output count from here."""
    _progress.start(clean(name))


def _cleaned(value):
    return None if value is None else clean(value)


def end(name, outcome, share=None):
    """Tells the host what a test came to."""
    parts = [
        _types.Part(clean(part["params"]), _STATUS[part["status"]], clean(part["message"])) for part in outcome.subtests
    ]
    made = _types.Outcome(
        _STATUS[outcome.status], share, clean(cut(outcome.message, 8000)), _cleaned(outcome.expected),
        _cleaned(outcome.actual), _cleaned(outcome.traceback), _cleaned(outcome.kind), parts,
    )  # fmt: skip
    _progress.finish(clean(name), made)
