"""Python's grammar reads a formula: its tree, and what the nodes of it say."""

from __future__ import annotations

import ast
import warnings

from actcli.errors import UsageError
from actcli.formula.scan import refuse

MAX_DEPTH = 200
"""Operators within operators: `x + x + ... + x` has one level a term."""

TOO_DEEP = f"more than {MAX_DEPTH} operations within one another"

BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Pow: "**",
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def tree_of(text: str) -> ast.expr:
    """The tree of a text that has passed the first look.

    Raises:
        UsageError: it is no expression; the message gives the column and the mending.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        column = error.offset or len(text) + 1
        rest = text[column - 1 :].lstrip()
        if rest.startswith("="):
            refuse(column, "'=' only sets a parameter inside a call; equality is written ==")
        if not rest:
            refuse(len(text) + 1, "the formula ends where a number, x or a function should follow")
        refuse(column, "cannot be read from here; write numbers, x and functions, with operators")
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise UsageError(
            f"the formula has {TOO_DEEP}; write it more simply"
        ) from None  # how deep Python itself parses differs from version to version


def path_of(function: ast.expr) -> str | None:
    """`np.tanh` for the function that is called; None for what has no name."""
    match function:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            room = path_of(value)
            return room and f"{room}.{name}"
        case _:
            return None


def mentions_x(value: ast.expr) -> bool:
    """Whether the variable stands in it."""
    return any(isinstance(part, ast.Name) and part.id == "x" for part in ast.walk(value))


def option_of(value: ast.expr) -> ast.expr | str:
    """The text of a constant that is no number, such as 'tanh' or True; else the expression."""
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, bool | str)
    return str(value.value) if is_text and isinstance(value, ast.Constant) else value
