"""Differences of two steps of one shape: a bump, by an identity in which nothing cancels.

Where u and w are lines of one slope, u - w = 2 a is a number, and tanh(u) - tanh(w) is
2 sinh(2 a)/(cosh(u + w) + cosh(2 a)); the same holds of sigmoid(u) = (1 + tanh(u/2))/2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from actcli.formula.program import Step

Placed = Callable[[Step], int]
"""Puts a step among the others, if it is new, and says where it is."""


class _Line(NamedTuple):
    slope: Fraction
    intercept: Fraction


def bump(step: Step, steps: list[Step], placed: Placed) -> Step | None:
    """The quotient that a sum or difference of two steps is."""
    if step.operation not in ("+", "-"):
        return None
    first, second = (steps[i] for i in step.arguments)
    if first.operation != second.operation or first.operation not in ("tanh", "sigmoid"):
        return None
    lines = [_line(steps, inner.arguments[0]) for inner in (first, second)]
    if None in lines:
        return None
    u, w = (line for line in lines if line is not None)
    is_sigmoid, is_sum = first.operation == "sigmoid", step.operation == "+"
    if is_sum:  # tanh is odd
        w = _Line(-w.slope, -w.intercept)
    if (is_sum and is_sigmoid) or not u.slope or u.slope != w.slope:
        return None
    apart = u.intercept - w.intercept
    number = _number(apart / 2 if is_sigmoid else apart, placed)
    if number is None or not apart:
        return None
    arguments = first.arguments[0], second.arguments[0]
    middle = placed(Step("-" if is_sum else "+", arguments))
    one, two = (placed(Step("number", (), value)) for value in (1.0, 2.0))
    if is_sigmoid:
        middle = placed(Step("/", (middle, two)))
    top = placed(Step("*", (one if is_sigmoid else two, placed(Step("sinh", (number,))))))
    cosines = placed(Step("cosh", (middle,))), placed(Step("cosh", (number,)))
    return Step("/", (top, placed(Step("+", cosines))))


def _number(value: Fraction, placed: Placed) -> int | None:
    """A number as a sum of two doubles, if it is one."""
    first = float(value)
    rest = value - Fraction(first)
    if Fraction(float(rest)) != rest:
        return None
    parts = [placed(Step("number", (), part)) for part in (first, float(rest))]
    return placed(Step("+", (parts[0], parts[1])))


def _line(steps: list[Step], i: int) -> _Line | None:
    """What a step is, if it is a line with numbers that are written out."""
    step = steps[i]
    if step.operation == "x":
        return _Line(Fraction(1), Fraction(0))
    if step.operation == "number":
        return _Line(Fraction(0), Fraction(step.number))
    inner = [_line(steps, j) for j in step.arguments]
    if None in inner:
        return None
    match step.operation, [line for line in inner if line is not None]:
        case "negate", [a]:
            return _Line(-a.slope, -a.intercept)
        case "+", [a, b]:
            return _Line(a.slope + b.slope, a.intercept + b.intercept)
        case "-", [a, b]:
            return _Line(a.slope - b.slope, a.intercept - b.intercept)
        case "*", [a, b] if not a.slope:
            return _Line(a.intercept * b.slope, a.intercept * b.intercept)
        case "*", [a, b] if not b.slope:
            return _Line(b.intercept * a.slope, b.intercept * a.intercept)
        case "/", [a, b] if not b.slope and b.intercept:
            return _Line(a.slope / b.intercept, a.intercept / b.intercept)
    return None
