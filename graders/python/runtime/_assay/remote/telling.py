"""What the submission says through `warnings` and `logging` is heard by the tests: `assertWarns`, `assertLogs`, `caplog` work.

The learner's side asks the tests' side to warn, and whether it wants a record; filters and handlers are the tests' own.
"""

from _assay.pristine import names as __builtins__

import logging
import sys
import warnings

from _assay.remote import files

_enabled, _handlers = logging.Logger.isEnabledFor, logging.Logger.callHandlers
_MOST_TEXT = 20_000


def install(link):
    """On the learner's side: warnings and records go to the tests' side of this conversation."""

    def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
        if isinstance(message, Warning):
            category = type(message)
        try:
            frame = sys._getframe(max(1, int(stacklevel)))
            place = [frame.f_code.co_filename, frame.f_lineno, frame.f_globals.get("__name__", "")]
        except ValueError:
            place = ["sys", 0, "sys"]
        link.ask("warn", [link.encode(category or UserWarning), str(message)[:_MOST_TEXT], *place])

    def is_enabled_for(logger, level):
        return _enabled(logger, level) or logger.disabled is False and link.ask("log level", [logger.name, level]) is True

    def call_handlers(logger, record):
        told = [logger.name, record.levelno, record.getMessage()[:_MOST_TEXT], record.lineno, record.funcName or ""]
        heard = link.ask("log", told)
        if logger.hasHandlers() or not heard:
            _handlers(logger, record)

    warnings.warn = warn
    logging.Logger.isEnabledFor, logging.Logger.callHandlers = is_enabled_for, call_handlers


def warned(link, category, message, file, line, module):
    """On the tests' side: warns, as the filters here have it; what they make of it is raised at the learner's call."""
    if type(message) is str and type(file) is str and type(line) is int and type(module) is str:
        category = link._checked(category)
        if isinstance(category, type) and issubclass(category, Warning):
            warnings.warn_explicit(message, category, file, line, module)


def wants(link, name, level):
    """On the tests' side: whether a logger of this name is enabled here for what the submission would say."""
    return type(name) is str and type(level) is int and logging.getLogger(name).isEnabledFor(level)


def logged(link, name, level, message, line, function):
    """On the tests' side: hands a record to the handlers here; whether there were any."""
    if not all([type(part) is str for part in (name, message, function)]) or type(level) is not int or type(line) is not int:
        return False
    logger = logging.getLogger(name)
    if not logger.hasHandlers():
        return False
    record = logger.makeRecord(name, level, "submission", line, message, (), None, function)
    logger.handle(record)
    return True


def wrote(link, *found):
    """On the tests' side: files that the submission wrote."""
    files.receive([entry for entry in found if type(entry) is list and len(entry) == 2], files.may_have)


HEARD = {"files": wrote, "warn": warned, "log level": wants, "log": logged}
