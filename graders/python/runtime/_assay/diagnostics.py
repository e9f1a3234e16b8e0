"""Describes why a file could not be loaded: file, line, column, the line with a caret, and a plain sentence."""

from _assay.pristine import names as __builtins__

import sys

from _assay import ballast, places
from _assay.failures import entries, learner_traceback, sentence
from _assay.values import class_name, cut, message_of


def _make(file, line=None, column=None, end_column=None, kind="Error", message="", text=None, traceback=None):
    return {
        "file": file,
        "line": line,
        "column": column,
        "end_column": end_column,
        "kind": kind,
        "message": message,
        "text": text,
        "traceback": traceback,
    }


def _caret(text, column, end):
    """A source line with carets under columns `column` to `end` (from 1)."""
    text = text.rstrip().replace("\t", " ")
    if column is None or column < 1:
        return cut(text, 400)
    width = max(1, min(end or 0, len(text) + 1) - column)
    if len(text) > 400:
        return cut(text, 400)
    return text + "\n" + " " * (column - 1) + "^" * width


def _syntax_error(problem):
    path = problem.filename if isinstance(problem.filename, str) else "?"
    line = problem.lineno or 1
    text = places.source_line(path, line) or (problem.text or "")
    column = problem.offset if problem.offset and problem.offset > 0 else None
    end = problem.end_offset if problem.end_lineno in (line, None) else len(text) + 1
    if end is not None and column is not None and end <= column:
        end = column + 1
    message = str(problem.msg)
    text = text.replace("\0", "\N{SYMBOL FOR NULL}")
    return _make(
        places.relative(path), line, column, end, class_name(problem), message, _caret(text, column, end) if text else None
    )


def _exists(module):
    return getattr(module, "__file__", None) in places.submission


def describe(problem, file):
    """The diagnostic of an exception raised while `file` (relative to /work) was loaded."""
    told = getattr(problem, "__dict__", {}).get("_assay_diagnostic")
    if type(told) is dict:
        return told
    if isinstance(problem, MemoryError):
        ballast.drop()
        return _make(file, kind="MemoryError", message=sentence(problem))
    if isinstance(problem, SyntaxError) and isinstance(problem.filename, str) and problem.filename.startswith("/work/"):
        return _syntax_error(problem)
    chain = [tb for tb in entries(problem) if tb.tb_frame.f_code.co_filename.startswith("/work/")]
    learner = [tb for tb in chain if places.is_learner_file(tb.tb_frame.f_code.co_filename)]
    kind, message = class_name(problem), sentence(problem)
    if isinstance(problem, ImportError):
        own, message = _import_error(problem)
        if own is not None and not learner:
            return _make(own, kind=kind, message=message)
        inner = problem.__context__
        if not learner and isinstance(inner, ImportError) and isinstance(inner.path, str):
            if inner.path in places.submission:  # a test file that says in its own words what is missing
                return _make(places.relative(inner.path), kind=kind, message=message)
    elif isinstance(problem, SystemExit):
        message += " (it happened while the file was being loaded)"
    elif isinstance(problem, AttributeError) and not learner and _exists(getattr(problem, "obj", None)):
        own = places.relative(problem.obj.__file__)
        return _make(own, kind=kind, message=f"{own} does not define {problem.name!r}")
    tb = (learner or chain or [None])[-1]
    if tb is None:
        return _make(file, kind=kind, message=message)
    path = tb.tb_frame.f_code.co_filename
    text = places.source_line(path, tb.tb_lineno)
    return _make(
        places.relative(path), tb.tb_lineno, None, None, kind, message, cut(text, 400), learner_traceback(problem)
    )


def _import_error(problem):
    """(the learner's file that lacks something or None, the sentence)."""
    name, wanted = problem.name, getattr(problem, "name_from", None)
    text = message_of(problem).strip()
    module = sys.modules.get(name) if isinstance(name, str) else None
    path = problem.path if isinstance(problem.path, str) else getattr(module, "__file__", None)
    if wanted is not None and path in places.submission:
        own = places.relative(path)
        if "circular import" in text:
            return own, f"{own} and another file import each other before {wanted!r} is defined"
        return own, f"{own} does not define {wanted!r}"
    if isinstance(problem, ModuleNotFoundError) and isinstance(name, str) and text == f"No module named {name!r}":
        file = name.replace(".", "/") + ".py"
        return file, f"there is no file {file}, and Python has no module {name!r} here"
    if "No module named" in text and "is not a package" in text:
        return None, text
    return None, text
