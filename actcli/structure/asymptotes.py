"""The lines that a function approaches at the ends, from its germs at infinity."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from flint import arb, ctx

from actcli.activations.base import Line
from actcli.formula.germs.germ import Germ
from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import INFINITY, MINUS_INFINITY, ONE, ZERO, Interval
from actcli.formula.jets.jets import SWITCH, Jet, UndecidedError
from actcli.structure.differences.less_line import less_multiple
from actcli.structure.divergence import limit_of
from actcli.structure.function import ProvedFunction

_TOLD = 120
"""Bits of a number, after which the double nearest to it is known, but for one beside a tie."""

_MORE_BITS = (1300, 5000)
"""Where what is large cancels."""


class End(NamedTuple):
    """How f goes on towards -inf or +inf."""

    line: Line | None
    """The line m x + c that f approaches; None where there is none."""
    value: Interval
    """The limit of f, infinite ones included; wide where there is none."""
    slope: Interval
    """The limit of f'."""
    coefficients: tuple[arb, arb] | None
    """The m and c of the line as balls."""

    @property
    def is_told(self) -> bool:
        """Whether the balls around its numbers are small enough to name them."""
        limit = (self.value.low,) if self.value.is_point else ()
        return all(map(is_told, (*limit, *(self.coefficients or ()))))


Ends = tuple[End | None, End | None]
"""To -inf and to +inf."""


def end(function: ProvedFunction, side: int) -> End | None:
    """How f goes on to -inf (side -1) or +inf (1); None where it could not be proved."""
    limit = function.at_infinity(side)
    found = _by_germs(function, side, limit, mild=False)
    if found is None or not found.value.is_point:
        found = _by_germs(function, side, limit, mild=True) or found
    if found is None and limit is not None:
        return _at_limit(limit)
    if found is not None and found.line is None and not found.value.is_finite():
        return _along(function, side, found)
    return found


def _along(function: ProvedFunction, side: int, found: End) -> End:
    """The end of what goes to infinity, with the line that is seen once m x is taken away."""
    m = found.slope.low
    if not (found.slope.is_point and m.is_finite() and m.is_exact()) or m.is_zero():
        return found
    rest = less_multiple(function, float(m))
    for mild in (False, True):
        gap = _by_germs(rest, side, rest.at_infinity(side), mild=mild)
        if gap is not None and gap.value.is_point and gap.value.is_finite():
            c = gap.value.low
            return found._replace(line=Line(float(m), nearest(c)), coefficients=(m, c))
    return found


def less_x(ends: Ends) -> Ends | None:
    """The ends of f - x, from those of f; None where they do not follow."""
    left, right = (_less_x(end, side) for end, side in zip(ends, (-1, 1), strict=True))
    return None if left is None or right is None else (left, right)


def _less_x(end: End | None, side: int) -> End | None:
    if end is None or end.coefficients is None:
        return None
    m, c = end.coefficients[0] - 1, end.coefficients[1]
    if m.is_zero() and (c.is_exact() or not c.contains(ZERO)):
        value = Interval(c)
    elif m > 0 or m < 0:
        value = Interval(INFINITY * (side if m > 0 else -side))
    else:
        return None
    return End(Line(nearest(m), nearest(c)), value, end.slope - Interval(ONE), (m, c))


def _by_germs(
    function: ProvedFunction, side: int, limit: Interval | None, *, mild: bool
) -> End | None:
    found = None
    for reach in (16.0, 256.0, 2.0**20, 2.0**40, 2.0**100):
        jet_to = partial(function.germ, GermRing(reach, side=side, at_infinity=True, mild=mild))
        if not (jet := jet_to(1)).has_value:
            continue
        with suppress(UndecidedError):
            found = _end(jet_to, side, limit)
            if found.line is not None or not jet.marks & SWITCH:  # which is not met further out
                return found
    return found


def _at_limit(limit: Interval) -> End:
    """What is known from the limit of f alone."""
    unknown = Interval(MINUS_INFINITY, INFINITY)
    if not limit.is_finite():
        return End(None, limit, unknown, None)
    return End(Line(0.0, nearest(limit.low)), limit, unknown, (ZERO, limit.low))


def _end(jet_to: Callable[[int], Jet], side: int, limit: Interval | None) -> End:
    slope, value, jet = limit_of(jet_to, 1), limit_of(jet_to), jet_to(1)
    if not value.is_point and limit is not None:
        value = limit
    coefficients = None if jet.marks & SWITCH else _line(jet.value, value, side)
    if coefficients is None:
        return End(None, value, slope, None)
    return End(Line(*map(nearest, coefficients)), value, slope, coefficients)


def _line(f: Germ, limit: Interval, side: int) -> tuple[arb, arb] | None:
    """The line's m and c, from the two leading coefficients."""
    if limit.is_point and limit.is_finite():
        return ZERO, limit.low
    f = f.leading()
    if f.U is not None or f.p != -1 or len(f.c) < 2:
        return None
    return f.c[0] * side, f.c[1]


def told(find: Callable[[], End | None], bits: int) -> End | None:
    """An end, found with as many bits as tell it; None where it is not known."""
    for more in (bits, *_MORE_BITS):
        with ctx.workprec(more):
            found = find()
        if found is None or found.is_told:
            return found
    return None


def is_told(ball: arb) -> bool:
    """Whether a double is nearest to all of a ball, or to its middle where that is a tie."""
    return nearest(ball.lower()) == nearest(ball.upper()) or ball.rel_accuracy_bits() > _TOLD


def nearest(ball: arb) -> float:
    """The double nearest to the middle of a ball; no negative 0."""
    return float(ball.mid()) + 0.0 if ball.is_finite() else float(ball)
