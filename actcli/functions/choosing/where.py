"""The language of `list --where`: facts by name, comparisons, and, or, not.

Python's grammar reads it; only the nodes below are understood, and nothing is run.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from actcli.errors import UsageError, quoted
from actcli.functions.choosing.criteria import KINDS
from actcli.functions.choosing.value import Value
from actcli.numeral import numeral

_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_KIND = {bool: "true or false", float: "a number", str: "a text"}
_MOST = 1000
"""Characters of a condition."""

Known = Mapping[str, Value]
Test = Callable[[Known], bool | None]


class Condition(NamedTuple):
    """A condition on facts."""

    names: tuple[str, ...]
    """The facts that it asks for."""
    holds: Test
    """Whether it holds, of these facts; None where that is not decided."""


def condition(text: str) -> Condition:
    """The condition that a text states.

    Raises:
        UsageError: it is none; the message lists the facts.
    """
    if len(text) > _MOST:
        raise UsageError(f"the condition has {len(text)} characters; the most is {_MOST}")
    text = text.replace("centered", "centred")
    for name in KINDS:  # as a person may write it, zero-centred
        text = text.replace(name.replace("_", "-"), name)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        return Condition(tuple(dict.fromkeys(_names(tree))), _test(tree))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise UsageError(
            f"cannot read the condition {quoted(text)}: write facts with and, or, not and "
            f"comparisons, such as 'bounded and lipschitz <= 1'; {listed()}"
        ) from None


def fact(name: str) -> str:
    """The fact of a name.

    Raises:
        UsageError: there is none; the message lists them.
    """
    if name in KINDS:
        return name
    from difflib import get_close_matches

    spelt = name.strip().lower().replace("-", "_").replace("centered", "centred")
    if spelt in KINDS:
        return spelt
    near = get_close_matches(spelt, KINDS, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise UsageError(f"no fact {quoted(name)}: {hint}{listed()}")


def listed() -> str:
    """All facts, for a message."""
    return f"the facts are {', '.join(KINDS)}"


def _names(tree: ast.expr) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in ("true", "false", "inf", "pi", "e"):
            try:
                yield fact(node.id)
            except UsageError:
                if not _is_text_there(tree, node):
                    raise


def _is_text_there(tree: ast.expr, name: ast.Name) -> bool:
    """Whether a bare word is compared with a fact that is a text: family == gated."""
    return any(
        isinstance(node, ast.Compare)
        and name in node.comparators
        and isinstance(node.left, ast.Name)
        and KINDS.get(node.left.id) is str
        for node in ast.walk(tree)
    )


def _test(node: ast.expr) -> Test:
    """What a part of the condition asks."""
    match node:
        case ast.BoolOp(op=joint, values=values):
            return partial(_all if isinstance(joint, ast.And) else _any, [*map(_test, values)])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return partial(_not, _test(operand))
        case ast.Name(id=word) if word not in ("true", "false"):
            name = fact(word)
            if KINDS[name] is not bool:
                raise UsageError(
                    f"{name} is {_KIND[KINDS[name]]}: compare it, such as {_sample(name)}"
                )
            return partial(_is_true, name)
        case ast.Compare(left=left, ops=signs, comparators=others):
            sides = [left, *others]
            return partial(
                _all,
                [
                    _comparison(one, sign, other)
                    for one, sign, other in zip(sides, signs, others, strict=False)
                ],
            )
    raise UsageError(f"{quoted(ast.unparse(node))} is no condition; {listed()}")


def _comparison(left: ast.expr, sign: ast.cmpop, right: ast.expr) -> Test:
    compare = _COMPARISONS.get(type(sign))
    names = [node.id if isinstance(node, ast.Name) else "" for node in (left, right)]
    kinds = {KINDS[fact(name)] for name in names if _is_fact(name)}
    if compare is None or not kinds:
        raise UsageError(
            f"compare a fact by < <= > >= == or != with a number or a text; {listed()}"
        )
    if len(kinds) > 1:
        raise UsageError(f"{' and '.join(names)} are of two kinds")
    (kind,) = kinds
    if kind is not float and type(sign) not in (ast.Eq, ast.NotEq):
        raise UsageError(f"{names[0] or names[1]} is {_KIND[kind]}: compare it by == or !=")
    return partial(_compared, compare, _side(left, kind), _side(right, kind))


def _is_fact(name: str) -> bool:
    try:
        return bool(name) and bool(fact(name))
    except UsageError:
        return False


def _side(node: ast.expr, kind: type) -> Callable[[Known], Value]:
    """One side of a comparison: a fact's value, or what is written."""
    if isinstance(node, ast.Name) and _is_fact(node.id):
        return lambda known: known[fact(node.id)]
    value = _constant(node, kind)
    return lambda known: value


def _constant(node: ast.expr, kind: type) -> Value:
    text = ast.unparse(node)
    if kind is str:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        if isinstance(node, ast.Name):
            return node.id
    elif kind is bool:
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
    else:
        try:
            return numeral(text)
        except ValueError:
            pass
    raise UsageError(f"{quoted(text)} is not {_KIND[kind]}")


def _sample(name: str) -> str:
    return f'{name} == "gated"' if KINDS[name] is str else f"{name} <= 1"


def _is_true(name: str, known: Known) -> bool | None:
    return None if known[name] is None else bool(known[name])


def _compared(
    compare: Callable[[Any, Any], bool],
    left: Callable[[Known], Value],
    right: Callable[[Known], Value],
    known: Known,
) -> bool | None:
    one, other = left(known), right(known)
    return None if one is None or other is None else compare(one, other)


def _not(test: Test, known: Known) -> bool | None:
    found = test(known)
    return None if found is None else not found


def _all(tests: list[Test], known: Known) -> bool | None:
    found = [test(known) for test in tests]
    return False if False in found else None if None in found else True


def _any(tests: list[Test], known: Known) -> bool | None:
    found = [test(known) for test in tests]
    return True if True in found else None if None in found else False
