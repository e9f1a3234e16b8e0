"""Encodes the report's JSON and hands events to the host, with nothing that learner code can replace."""

from _assay.pristine import names as __builtins__

from json.encoder import encode_basestring_ascii as _quote

from wit_world.imports import host as _host

_emit = _host.emit


def _text(value):
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:  # a lone surrogate has no place in JSON
            value = value.encode("utf-8", "backslashreplace").decode("utf-8")
    return _quote(value)


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


def emit(event):
    """Sends one event to the host."""
    _emit(dumps(event))


def start(name):
    """Tells the host that a test begins: its budget and its output count from here."""
    _emit('{"event":"start","name":' + _text(name) + "}")


_PASSED = ',"status":"passed","message":"","expected":null,"actual":null,"traceback":null,"kind":null,"subtests":[]}'


def end(name, outcome):
    """Tells the host what a test came to."""
    if outcome.status == "passed" and not outcome.message and not outcome.subtests:
        _emit('{"event":"end","name":' + _text(name) + _PASSED)
    else:
        _emit(dumps(outcome.event(name)))
