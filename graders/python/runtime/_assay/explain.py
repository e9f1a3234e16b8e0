"""Turns a failed assertion into a sentence: "leap_year(2015) returned True, expected False".

Nothing is recorded while tests pass. On failure the traceback leads to the frame of the failed call, whose
arguments are still there, and to the exact piece of source that made the call.
"""

from _assay.pristine import names as __builtins__

import ast
import functools
import types

from _assay import places, words
from _assay.values import cut, is_simple, show

_MISSING = object()


class Side:
    """One operand of an assertion: its value, and its source as the learner would write the call."""

    def __init__(self, value, node=None, frame=None):
        self.value = value
        self.node = _resolve(node, frame)
        self.literal = node is not None and _is_literal(node)
        self.name = node.id.lower() if isinstance(node, ast.Name) else ""
        self.text = _call_text(self.node, frame) if self.node is not None else None
        self.is_call = isinstance(self.node, (ast.Call, ast.Await))

    @functools.cached_property
    def shown(self):
        """The value as text."""
        return show(self.value)

    @property
    def brief(self):
        """The value as text that fits into a sentence."""
        return cut(self.shown, 240)


def _is_literal(node):
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return all([_is_literal(item) for item in node.elts])
    if isinstance(node, ast.Dict):
        return all([item is not None and _is_literal(item) for item in node.keys + node.values])
    if isinstance(node, ast.UnaryOp):
        return _is_literal(node.operand)
    if isinstance(node, ast.BinOp):
        return _is_literal(node.left) and _is_literal(node.right)
    return False


def _resolve(node, frame):
    """A name that was given the result of a call stands for that call, when it was assigned only once."""
    if not isinstance(node, ast.Name) or frame is None:
        return node
    function = _enclosing_function(frame)
    if function is None:
        return node
    found = None
    for item in ast.walk(function):
        if isinstance(item, ast.Name) and item.id == node.id and not isinstance(item.ctx, ast.Load):
            if found is not None:
                return node
            found = item
    if found is None:
        return node
    for item in ast.walk(function):
        if isinstance(item, ast.Assign) and item.targets == [found] and isinstance(item.value, (ast.Call, ast.Await)):
            return item.value
    return node


_trees = {}


def _tree_of(code):
    """The AST of the function (or module) a code object comes from, with the file's line numbers; None if unreadable."""
    if code not in _trees:
        lines, shift, prefix = places.source_lines(code.co_filename), 0, ""
        if code.co_name != "<module>":
            first = code.co_firstlineno
            lines = lines[first - 1 : _last_line(code)]
            prefix = "if 1:\n" if lines and lines[0][:1].isspace() else ""
            shift = first - 1 - bool(prefix)
        try:
            tree = ast.parse(prefix + "\n".join(lines))
            _trees[code] = ast.increment_lineno(tree, shift) if shift else tree
        except (SyntaxError, ValueError):
            _trees[code] = None
    return _trees[code]


def _last_line(code):
    last = max([place[1] or 0 for place in code.co_positions()], default=0)
    inner = [_last_line(item) for item in code.co_consts if isinstance(item, types.CodeType)]
    return max([last, *inner])


def _enclosing_function(frame):
    tree = _tree_of(frame.f_code)
    for item in ast.walk(tree) if tree is not None else ():
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return item if item.name == frame.f_code.co_name else None
    return None


class _Substitute(ast.NodeTransformer):
    """Replaces local names by what they hold, where that is short plain data."""

    def __init__(self, frame):
        self.locals = frame.f_locals

    def visit_Name(self, node):
        """Shows the value of a name."""
        value = self.locals.get(node.id, _MISSING)
        if value is not _MISSING and is_simple(value):
            text = show(value, 80)
            if len(text) < 60:
                return ast.Name(text, ast.Load())
        return node

    def visit_Call(self, node):
        """Leaves the name of what is called as it stands."""
        node.args = [self.visit(item) for item in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call):
            node.func.value = self.visit(node.func.value)
        return node

    def visit_Starred(self, node):
        """Shows the arguments behind a star."""
        return ast.Starred(self.visit(node.value), node.ctx)


def _call_text(node, frame):
    try:
        if frame is not None and isinstance(node, (ast.Call, ast.Await)):
            node = _Substitute(frame).visit(ast.parse(ast.unparse(node), mode="eval").body)
        text = ast.unparse(node)
    except (ValueError, RecursionError, SyntaxError):
        return None
    return text if len(text) <= 300 else text[:297] + "..."


def position(tb):
    """The source range of the expression a traceback entry stands at: (line, end line, column, end column)."""
    index = tb.tb_lasti // 2
    for number, place in enumerate(tb.tb_frame.f_code.co_positions()):
        if number == index:
            return place if None not in place else None
    return None


def expression_at(tb):
    """The expression (as AST) a traceback entry stands at, or None."""
    place = position(tb)
    if place is None:
        return None
    lines = places.source_lines(tb.tb_frame.f_code.co_filename)[place[0] - 1 : place[1]]
    if not lines:
        return None
    raw = [line.encode("utf-8", "replace") for line in lines]
    raw[-1] = raw[-1][: place[3]]
    raw[0] = raw[0][place[2] :]
    text = b"\n".join(raw).decode("utf-8", "replace").strip()
    for candidate, mode in ((f"({text}\n)", "eval"), (text, "exec")):
        try:
            tree = ast.parse(candidate, mode=mode)
        except (SyntaxError, ValueError, MemoryError):
            continue
        if mode == "eval":
            return tree.body
        return tree.body[0] if len(tree.body) == 1 else None
    return None


class Explanation:
    """A sentence for the learner, with what was expected and what came instead (both as text, or None)."""

    def __init__(self, message, expected=None, actual=None):
        self.message, self.expected, self.actual = message, expected, actual


def explain_method(tb, name, values):
    """Explains a failed method of TestCase; `values` are the arguments it had."""
    node = expression_at(tb)
    arguments = []
    if isinstance(node, ast.Call) and not any([isinstance(item, ast.Starred) for item in node.args]):
        arguments = list(node.args)
    keywords = {item.arg: item.value for item in node.keywords} if isinstance(node, ast.Call) else {}
    sides = []
    for index, (parameter, value) in enumerate(values):
        source = arguments[index] if index < len(arguments) else keywords.get(parameter)
        sides.append(Side(value, source, tb.tb_frame))
    return _checked(words.METHODS.get(name), sides)


def _checked(rule, sides):
    if rule is None:
        return None
    message, expected, actual = rule(sides)
    return Explanation(message, expected, actual)


def explain_assert(tb):
    """Explains a failed plain assert from the values its rewritten form kept (see `asserts`)."""
    place = position(tb)
    if place is None:
        return None
    line = tb.tb_lineno
    statement = _assert_statement(tb.tb_frame.f_code, line)
    if statement is None:
        return None
    kept = tb.tb_frame.f_locals
    test, prefix = statement.test, ""
    if isinstance(test, ast.BoolOp):
        for index, operand in enumerate(test.values):
            value = kept.get(f"@assert{index}", _MISSING)
            if value is not _MISSING and (isinstance(test.op, ast.Or) or not _truth(value)):
                test, prefix = operand, str(index)
                break
    return _explain_test(test, prefix, kept, tb.tb_frame)


def _truth(value):
    try:
        return bool(value)
    except Exception:
        return False


def _assert_statement(code, line):
    best, tree = None, _tree_of(code)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Assert) and node.lineno <= line <= node.end_lineno:
            best = node
    return best


def _explain_test(test, prefix, kept, frame):
    def side(node, suffix):
        if isinstance(node, ast.Constant):
            return Side(node.value, node, frame)
        value = kept.get("@assert" + prefix + suffix, _MISSING)
        return None if value is _MISSING else Side(value, node, frame)

    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        left, right = side(test.left, "l"), side(test.comparators[0], "r")
        if left is not None and right is not None:
            return _checked(words.COMPARISONS.get(type(test.ops[0]).__name__), [left, right])
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        operand = side(test.operand, "n")
        return operand and _checked(words.METHODS["assertFalse"], [operand])
    value = side(test, "v") if not prefix else side(test, "")
    return value and _checked(words.METHODS["assertTrue"], [value])


def explain_not_raised(tb, expected):
    """Explains a block or call that was expected to raise `expected` (names) and did not."""
    node, text = expression_at(tb), None
    first = 2 if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Regex") else 1
    if isinstance(node, ast.Call) and len(node.args) > first:
        text = _call_text(ast.Call(node.args[first], node.args[first + 1 :], node.keywords), tb.tb_frame)
    else:
        text = _block_text(tb)
    wanted = f"{expected} to be raised"
    message = f"{text} did not raise {expected}" if text else f"expected {wanted}, but nothing was raised"
    return Explanation(message, wanted, "nothing was raised")


def _block_text(tb):
    """The one call in the ``with`` block at a traceback entry, if that is all there is."""
    tree = _tree_of(tb.tb_frame.f_code)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.With) and node.lineno <= tb.tb_lineno <= node.body[0].lineno:
            last = node.body[-1]
            value = last.value if isinstance(last, (ast.Expr, ast.Assign, ast.Return)) else None
            if len(node.body) == 1 and isinstance(value, (ast.Call, ast.Await)):
                return _call_text(value, tb.tb_frame)
    return None


def called(tb):
    """The text of the call a traceback entry stands at, with the values of its arguments, or None."""
    node = expression_at(tb)
    if isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call):
        return None
    return _call_text(node, tb.tb_frame)
