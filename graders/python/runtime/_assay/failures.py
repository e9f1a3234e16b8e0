"""Turns what a test raised into an outcome: status, a sentence for a beginner, and the learner's own frames."""

from _assay.pristine import names as __builtins__

import unittest

from _assay import ballast, explain, places
from _assay.outcomes import Failed, Skipped, XFailed
from _assay.values import class_name, cut, message_of, show

_MAX_FRAMES = 12
_UNITTEST = unittest.case.__file__.rpartition("/")[0]
_FIXED_ARGUMENTS = {
    "assertEqual": ("first", "second"), "assertNotEqual": ("first", "second"), "assertTrue": ("expr",),
    "assertFalse": ("expr",), "assertIs": ("expr1", "expr2"), "assertIsNot": ("expr1", "expr2"),
    "assertIsNone": ("obj",), "assertIsNotNone": ("obj",), "assertIn": ("member", "container"),
    "assertNotIn": ("member", "container"), "assertAlmostEqual": ("first", "second"),
    "assertNotAlmostEqual": ("first", "second"), "assertCountEqual": ("first_seq", "second_seq"),
    "assertSequenceEqual": ("seq1", "seq2"), "assertListEqual": ("list1", "list2"),
    "assertTupleEqual": ("tuple1", "tuple2"), "assertSetEqual": ("set1", "set2"), "assertDictEqual": ("d1", "d2"),
    "assertMultiLineEqual": ("first", "second"), "assertGreater": ("a", "b"), "assertGreaterEqual": ("a", "b"),
    "assertLess": ("a", "b"), "assertLessEqual": ("a", "b"), "assertIsInstance": ("obj", "cls"),
    "assertNotIsInstance": ("obj", "cls"), "assertRegex": ("text", "expected_regex"),
    "assertNotRegex": ("text", "unexpected_regex"), "assertStartsWith": ("s", "prefix"),
    "assertEndsWith": ("s", "suffix"),
}  # fmt: skip


class Outcome:
    """What one test (or subtest) came to."""

    __slots__ = ("status", "message", "expected", "actual", "traceback", "kind", "subtests")

    def __init__(self, status="passed", message="", expected=None, actual=None, traceback=None, kind=None):
        self.status, self.message, self.expected, self.actual = status, message, expected, actual
        self.traceback, self.kind, self.subtests = traceback, kind, []


def entries(problem):
    """The traceback entries of an exception, outermost first."""
    tb, found = problem.__traceback__, []
    while tb is not None:
        found.append(tb)
        tb = tb.tb_next
    return found


def is_remote(problem):
    """Whether an exception was raised by the learner's code in another interpreter than the tests'."""
    return "_assay_link" in getattr(problem, "__dict__", ())


def learner_traceback(problem, chain=None):
    """The learner's frames of an exception as text, or None when there are none."""
    if is_remote(problem):
        shown = problem.__dict__["_assay_link"].trace(problem.__dict__["_assay_number"])
        return None if shown is None else cut(shown, 8000)
    found = [tb for tb in (chain or entries(problem)) if places.is_learner_file(tb.tb_frame.f_code.co_filename)]
    return shown_places(problem, _shortened([(tb.tb_frame.f_code, tb.tb_lineno) for tb in found]))


def learner_places(problem):
    """Where an exception came by in the learner's code: (code, line), or the number of calls left out."""
    tb, found = problem.__traceback__, []
    while tb is not None:
        code = tb.tb_frame.f_code
        if places.is_learner_file(code.co_filename):
            found.append((code, tb.tb_lineno))
        tb = tb.tb_next
    return _shortened(found)


def _shortened(found):
    if len(found) <= _MAX_FRAMES:
        return found
    return found[: _MAX_FRAMES // 2] + [len(found) - _MAX_FRAMES] + found[-_MAX_FRAMES // 2 :]


def shown_places(problem, found):
    """Places in the learner's code and what was raised, as Python shows a traceback; None where there are none."""
    if not found:
        return None
    lines = []
    for place in found:
        if type(place) is int:
            lines.append(f"  ... {place} more calls ...")
            continue
        code, line = place
        lines.append(f'  File "{places.relative(code.co_filename)}", line {line}, in {code.co_name}')
        text = places.source_line(code.co_filename, line).strip()
        if text:
            lines.append("    " + cut(text, 300))
    text = message_of(problem)
    lines.append(class_name(problem) + (": " + text if text else ""))
    return "\n".join(lines)


def sentence(problem):
    """What an exception says, in words for a beginner."""
    kind = class_name(problem)
    if isinstance(problem, SystemExit):
        code = "" if problem.code is None else show(problem.code, 200)
        return f"your code called sys.exit({code}), which ends the whole program"
    if isinstance(problem, RecursionError):
        return "a function called itself too many times without coming to an end (RecursionError)"
    if isinstance(problem, EOFError) and "EOF when reading a line" in message_of(problem):
        return "input() was called, but there is no input here"
    if isinstance(problem, KeyboardInterrupt):
        return "your code raised KeyboardInterrupt"
    if isinstance(problem, MemoryError):
        return "the program used more memory than it may"
    text = message_of(problem)
    if isinstance(problem, KeyError) and problem.args:
        text = f"there is no key {show(problem.args[0], 200)}"
    return f"{kind}: {text}" if text else kind


def judge(problem):
    """The outcome of a test that raised `problem`."""
    if isinstance(problem, MemoryError):
        ballast.drop()
        problem.__traceback__ = None
        return Outcome("memory_limit", sentence(problem), kind="MemoryError")
    try:
        return _judge(problem)
    except MemoryError:
        ballast.drop()
        return Outcome("memory_limit", "the program used more memory than it may", kind="MemoryError")
    except Exception as inner:  # an exception class of the learner's can misbehave in any way
        return Outcome("error", f"{class_name(problem)} (it could not be shown: {class_name(inner)})", kind=class_name(problem))


def _judge(problem):
    if isinstance(problem, (unittest.SkipTest, Skipped)):
        return Outcome("skipped", message_of(problem))
    if isinstance(problem, XFailed):
        return Outcome("passed", message_of(problem))
    if isinstance(problem, BaseExceptionGroup) and type(problem) in (BaseExceptionGroup, ExceptionGroup):
        kind = class_name(problem)
        inner = problem.exceptions[0]
        return Outcome("error", f"{message_of(problem)}: {sentence(inner)}", traceback=learner_traceback(inner), kind=kind)
    chain = entries(problem)
    users = [i for i, tb in enumerate(chain) if tb.tb_frame.f_code.co_filename.startswith("/work/")]
    last = chain[users[-1]] if users else None
    in_learner = is_remote(problem) or last is not None and places.is_learner_file(last.tb_frame.f_code.co_filename)
    if isinstance(problem, (AssertionError, Failed)) and not in_learner:
        return _assertion(problem, chain, users)
    message = sentence(problem)
    call = _call_into_learner(chain, users)
    status = "failed" if isinstance(problem, AssertionError) else "error"
    if call and not isinstance(problem, (SystemExit, EOFError)):
        message = f"{call} raised {message}" if ":" in message[:60] or " " not in message else f"{call}: {message}"
    return Outcome(status, message, traceback=learner_traceback(problem, chain), kind=class_name(problem))


def _call_into_learner(chain, users):
    """The call in the test that led into the learner's code (or to a failure in the test's own line)."""
    tests = [i for i in users if places.is_test_file(chain[i].tb_frame.f_code.co_filename)]
    if not tests:
        return None
    at = next((i for i in tests if i + 1 < len(chain) and i + 1 in users and i + 1 not in tests), tests[-1])
    text = explain.called(chain[at])
    return None if text is None or text.startswith(("self.assert", "pytest.", "importlib.")) else text


def _assertion(problem, chain, users):
    kind = class_name(problem)
    text = message_of(problem, 6000)
    if not users:
        return Outcome("failed", text, kind=kind)
    at = users[-1]
    tb = chain[at]
    below = [item.tb_frame for item in chain[at + 1 :]]
    method = next((f for f in below if f.f_code.co_filename.startswith(_UNITTEST)), None)
    found, custom = None, ""
    expected = _not_raised(below)
    if expected is not None:
        found, custom = explain.explain_not_raised(tb, expected), _own_message(below)
    elif method is not None and method.f_code.co_name.startswith("assert"):
        found, custom = _method(tb, method, text)
    elif not below:
        found = explain.explain_assert(tb)
        custom = text
    if found is None:
        return Outcome("failed", text or "an assertion did not hold", traceback=learner_traceback(problem, chain), kind=kind)
    message = found.message if not custom or custom in found.message else f"{custom}\n{found.message}"
    trace = learner_traceback(problem, chain)
    return Outcome("failed", message, found.expected, found.actual, trace, kind)


def _not_raised(below):
    """The exception class that a block or call was expected to raise, when it raised nothing."""
    for frame in below:
        if frame.f_code.co_name == "__exit__" and frame.f_locals.get("exc_type", 0) is None:
            context = frame.f_locals.get("self")
            kinds = getattr(context, "expected", None)
            kinds = kinds if isinstance(kinds, tuple) else (kinds,)
            return " or ".join([getattr(kind, "__name__", "an exception") for kind in kinds])
    return None


def _own_message(below):
    for frame in below:
        message = getattr(frame.f_locals.get("self"), "msg", None)
        if isinstance(message, str):
            return message
    return ""


def _method(tb, frame, text):
    """(explanation, custom message) for a failed method of TestCase."""
    name, kept = frame.f_code.co_name, frame.f_locals
    custom = kept.get("msg")
    custom = "" if custom is None else (custom if type(custom) is str else show(custom))
    standard = kept.get("standardMsg")
    if isinstance(standard, str) and custom.startswith(standard):  # the method has put both into `msg`
        custom = custom[len(standard) :].removeprefix(" : ")
    elif name in ("assertTrue", "assertFalse"):
        custom = custom.partition(" is not true : " if name == "assertTrue" else " is not false : ")[2]
    parameters = _FIXED_ARGUMENTS.get(name)
    if parameters is None or any([item not in kept for item in parameters]):
        return None, custom
    return explain.explain_method(tb, name, [(item, kept[item]) for item in parameters]), custom
