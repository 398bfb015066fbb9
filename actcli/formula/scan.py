"""The first look at a formula's text: characters and neighbours that cannot be right."""

from __future__ import annotations

import math
import re
from typing import NoReturn

from actcli.errors import UsageError
from actcli.formula.vocabulary import is_library

MAX_LENGTH = 10_000
MAX_NESTING = 100
"""Parentheses within parentheses, and operators within operators."""

_TOKEN = re.compile(
    r"(?P<space> +)"
    r"|(?P<number>(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*(\.[A-Za-z_][A-Za-z_0-9]*)*)"
    r"|(?P<text>'[A-Za-z ]*'|\"[A-Za-z ]*\")"
    r"|(?P<operator>\*\*|//|<=|>=|==|!=|[-+*/%<>(),=])"
)
_KEYWORDS = {"if", "else", "and", "or", "not"}

_HINTS = {
    "^": "powers are written **",
    "\u2212": "use the ASCII minus -",
    "\u2013": "use the ASCII minus -",
    "\u2014": "use the ASCII minus -",
    "\u00d7": "multiplication is written *",
    "\u00b7": "multiplication is written *",
    "\u22c5": "multiplication is written *",
    "\u00f7": "division is written /",
    "\u00b2": "a square is written **2",
    "\u00b3": "a cube is written **3",
    "\u03c0": "write pi",
    "\u221a": "write sqrt(...)",
    "\u2264": "write <=",
    "\u2265": "write >=",
    "[": "use parentheses ( )",
    "]": "use parentheses ( )",
    "{": "use parentheses ( )",
    "}": "use parentheses ( )",
    "|": "an absolute value is written abs(...)",
    "&": "write 'and' between conditions",
    ".": "a function is written by its name, such as tanh(x) or np.tanh(x)",
    ";": "one formula at a time",
}


def refuse(column: int, problem: str) -> NoReturn:
    """Reject the formula; columns count from 1.

    Raises:
        UsageError: always.
    """
    raise UsageError(f"formula, column {column}: {problem}")


def not_finite(source: str) -> str:
    """What to say of a constant that overflows."""
    shown = source if len(source) <= 30 else f"{source[:27]}..."
    return f"{shown} is not a finite number of double precision"


def normalised(text: str) -> str:
    """The text with runs of white space made one space, once it has passed the first look.

    Raises:
        UsageError: a character, a pair of neighbours or the nesting cannot be right.
    """
    text = " ".join(text.split())
    if not text:
        raise UsageError("the formula is empty; write one in x, such as 'x*tanh(x)'")
    if len(text) > MAX_LENGTH:
        raise UsageError(f"the formula has {len(text)} characters; the most is {MAX_LENGTH}")
    _check_tokens(text)
    return text


def _check_tokens(text: str) -> None:
    position, operand, opened, before = 0, "", list[int](), ""
    while position < len(text):
        column = position + 1
        token = _TOKEN.match(text, position)
        if token is None or (token.lastgroup == "text" and before != "="):
            refuse(column, _about_character(text[position]))
        position = token.end()
        word, kind = token.group(), token.lastgroup
        if kind == "name" and "." in word and not is_library(word.partition(".")[0]):
            refuse(column + word.index("."), _about_character("."))
        if kind == "space":
            continue
        is_value = kind == "number" or (kind == "name" and word not in _KEYWORDS)
        if operand and (is_value or (word == "(" and operand[0] in ".0123456789")):
            refuse(column, _missing_operator(operand, word))
        if kind == "number" and math.isinf(float(word)):
            refuse(column, not_finite(word))
        if kind == "number" and text[position : position + 1].isidentifier():
            refuse(position + 1, _about_tail(text, word, position))
        if word == "(":
            opened.append(column)
            if len(opened) > MAX_NESTING:
                refuse(column, f"more than {MAX_NESTING} parentheses within one another")
        if word == ")":
            if not opened:
                refuse(column, "this ')' closes nothing")
            opened.pop()
        if word == "//":
            refuse(column, "division is written /; round down with floor(...)")
        operand = word if is_value else ")" if word == ")" else ""
        before = word
    if opened:
        refuse(opened[-1], "this '(' is never closed")


def _about_tail(text: str, number: str, position: int) -> str:
    tail = _TOKEN.match(text, position)
    name = tail.group() if tail else ""
    if name in _KEYWORDS:
        return f"a space is missing; write {number} {name}"
    return _missing_operator(number, name)


def _missing_operator(left: str, right: str) -> str:
    nameable = left != ")" and right != "(" and len(left + right) <= 30
    return f"an operator is missing; a product is written {f'{left}*{right}' if nameable else '*'}"


def _about_character(character: str) -> str:
    shown = repr(character) if character.isascii() and character.isprintable() else ""
    shown = shown or f"the character U+{ord(character):04X}"
    hint = _HINTS.get(character, "a formula has numbers, x, functions, + - * / % ** and ( )")
    return f"{shown} is not allowed; {hint}"
