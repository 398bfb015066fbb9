"""Comparisons of formulas, decided or solved for x where that is plain, and choices by them."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from actcli.formula.primitives import COMPARISONS
from actcli.formula.symbolic.term import ONE, ZERO, Term, addends, powers, rational

TRUE, FALSE = Term("true"), Term("false")

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def compared(operation: str, u: Term, w: Term) -> Term:
    """A comparison, with x alone on its left where it is of a multiple of x, plus a number."""
    known = exact(u), exact(w)
    if known[0] is not None and known[1] is not None:
        sign = (known[0] > known[1]) - (known[0] < known[1])
        return TRUE if sign in COMPARISONS[operation] else FALSE
    if known[0] is not None:
        return compared(MIRRORED[operation], w, u)
    if w.rational is None:
        return Term(operation, u, w)
    parts = dict(addends(u))
    level = w.rational - parts.pop(ONE, Fraction(0))
    if len(parts) == 1:
        ((part, slope),) = parts.items()
        if part != u:
            turned = MIRRORED[operation] if slope < 0 else operation
            return compared(turned, part, rational(level / slope))
    if u.operation in ("max", "min"):
        return _of_clipped(operation, u, w)
    return Term(operation, u, w)


def _of_clipped(operation: str, u: Term, w: Term) -> Term:
    """max(v, 0) < 6 is v < 6, and min(v, 6) > 0 is v > 0."""
    for bound, inner in (u.parts, u.parts[::-1]):
        if compared("<" if u.operation == "max" else ">", bound, w) == TRUE:
            return compared(operation, inner, w)
    return Term(operation, u, w)


@lru_cache(maxsize=4096)
def exact(one: Term) -> Fraction | None:
    """The rational number that a formula without x is; None where it may be none."""
    match one.operation:
        case "rational":
            return one.rational
        case "number":
            return Fraction(one.parts[0])
        case "sum":
            values = [(exact(part), c) for part, c in one.parts]
            if all(value is not None for value, _ in values):
                return sum((value * c for value, c in values if value is not None), Fraction(0))
        case "product":
            result, factors = powers(one)
            for factor, exponent in factors.items():
                value = exact(factor)
                if not value or exponent.denominator > 1 or abs(exponent) > 16:
                    return None
                result *= value**exponent.numerator
            return result
        case "abs" | "floor" if (value := exact(one.parts[0])) is not None:
            return abs(value) if one.operation == "abs" else Fraction(math.floor(value))
    return None


def negated(condition: Term) -> Term:
    """What holds where the condition does not."""
    decided = {TRUE: FALSE, FALSE: TRUE}
    return decided.get(condition) or Term("not", condition)


def joined(operation: str, one: Term, other: Term) -> Term:
    """One condition and, or or, another."""
    neutral, absorbing = (TRUE, FALSE) if operation == "and" else (FALSE, TRUE)
    if absorbing in (one, other):
        return absorbing
    if neutral in (one, other) or one == other:
        return other if one == neutral else one
    return Term(operation, one, other)


def chosen(condition: Term, yes: Term, no: Term) -> Term:
    """One of two formulas; a branch that is without a value is not taken."""
    if condition == TRUE or yes == no or _is_undefined(condition, no, -1):
        return yes
    if condition == FALSE or _is_undefined(condition, yes, 1):
        return no
    if yes.operation == "where" and yes.parts[2] == no:
        return chosen(joined("and", condition, yes.parts[0]), yes.parts[1], no)
    if no.operation == "where" and no.parts[2] == yes and _exclude(condition, no.parts[0]):
        return no
    return Term("where", condition, yes, no)


def _is_undefined(condition: Term, branch: Term, way: int) -> bool:
    """Whether a branch is the logarithm of what is negative there."""
    if branch.operation not in ("log", "log1p") or way < 0:
        return False
    edge = ZERO if branch.operation == "log" else rational(-1)
    return condition == compared("<", branch.parts[0], edge)


def _exclude(one: Term, other: Term) -> bool:
    """Whether two conditions are seen not to hold together."""
    if other.operation == "and":
        return any(_exclude(one, part) for part in other.parts)
    if one.operation not in COMPARISONS or other.operation not in COMPARISONS:
        return False
    signs = {*COMPARISONS[one.operation]} & {*COMPARISONS[other.operation]}
    return one.parts == other.parts and not signs
