"""Rewrites plain ``assert`` statements so that the values they compared can be read when they fail.

``assert f(x) == y`` becomes ``assert (@0 := f(x)) == (@1 := y)``: nothing is evaluated twice, the order stays,
and the names cannot clash with any in the file. On failure the values are in the frame of the traceback.
"""

from _assay.pristine import names as __builtins__

import ast

NAME = "@assert"


def _keep(node, name):
    if isinstance(node, (ast.Constant, ast.Starred, ast.NamedExpr)):
        return node
    target = ast.Name(NAME + name, ast.Store(), **_place(node))
    return ast.NamedExpr(target, node, **_place(node))


def _place(node):
    return {
        "lineno": node.lineno,
        "col_offset": node.col_offset,
        "end_lineno": node.end_lineno,
        "end_col_offset": node.end_col_offset,
    }


def _rewrite_test(test, prefix=""):
    """The same expression with its operands kept; `prefix` tells nested operands apart."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        test.left = _keep(test.left, prefix + "l")
        test.comparators[0] = _keep(test.comparators[0], prefix + "r")
        return test
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test.operand = _keep(test.operand, prefix + "n")
        return test
    if isinstance(test, ast.BoolOp) and not prefix:
        test.values = [
            _keep(_rewrite_test(value, str(index)), str(index)) for index, value in enumerate(test.values)
        ]
        return test
    if prefix:
        return test
    return _keep(test, "v")


def rewrite(tree):
    """Rewrites every assert of a module in place."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Assert):
            node.test = _rewrite_test(node.test)
            continue
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            children = getattr(node, field, None)
            if type(children) is list:
                pending.extend(children)
    return tree
