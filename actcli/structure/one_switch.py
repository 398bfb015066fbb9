"""The one place in a box where a formula changes branch, where what decides is monotone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from flint import arb

from actcli.expression.intervals import ONE, Interval
from actcli.expression.jet_algebra import JetAlgebra
from actcli.expression.jets import INTERVALS, Jet
from actcli.structure.boxes import Window, split
from actcli.structure.function import ProvedFunction

_SECANTS = 3


class _Deciding(JetAlgebra):
    """The algebra that remembers what its choices hang on."""

    def __init__(self, **how: Any) -> None:
        super().__init__(INTERVALS, **how)
        self.deciding: list[Jet] = []

    def decide(self, u: Jet) -> tuple[int | None, int]:
        """The sign of u."""
        if u.slope is not None:
            self.deciding.append(u)
        return super().decide(u)

    def floor(self, u: Jet) -> Jet:
        """The largest whole number that is not above u."""
        if u.slope is not None:
            self.deciding.append(u)
        return super().floor(u)


def switch_in(function: ProvedFunction, low: float, high: float) -> Window | None:
    """The double, twice, or the adjacent doubles where the one switch in an open box lies.

    None where there is none, or that f is analytic on both sides of it could not be proved.
    """
    first, last = _choices(function, low, 1), _choices(function, high, -1)
    if len(first) != len(last) or not _differ_by_one_step(first, last):
        return None
    left, right = _bracket(function, low, high, first)
    cut = (left, right)
    if _choices(function, right, -1) == first:
        cut = (right, right)
    if _choices(function, cut[1], 1) != last:
        return None
    parts = ((low, cut[0], first), (cut[1], high, last))
    return cut if all(_is_analytic(function, *part) for part in parts) else None


def _differ_by_one_step(first: Sequence[Any], last: Sequence[Any]) -> bool:
    """Whether some signs differ, or whole numbers by 1."""
    if None in first or None in last:
        return False
    steps = [abs(a - b) for a, b in zip(first, last, strict=True) if a != b]
    return bool(steps) and all(isinstance(step, int) or step == 1 for step in steps)


def _choices(function: ProvedFunction, x: float, side: int) -> Sequence[Any]:
    function.at(x, side)
    return function.choices


def _bracket(function: ProvedFunction, left: float, right: float, first: Sequence[Any]) -> Window:
    """The adjacent doubles between which the choices are no longer the first ones."""
    guess, secants = _secant(function, left, right), _SECANTS
    while (middle := split(left, right)) is not None:
        if guess is not None and left < guess < right:
            middle = guess
        if _choices(function, middle, 0) == first:
            left = middle
        else:
            right = middle
        secants -= 1
        near = math.nextafter(left, right) if middle == left else math.nextafter(right, left)
        guess = near if secants > 0 and guess is not None else None
    return left, right


def _secant(function: ProvedFunction, left: float, right: float) -> float | None:
    """Where the first choice that differs would change, were it straight."""
    ends = []
    for x, side in ((left, 1), (right, -1)):
        algebra = _Deciding(side=side)
        function.over(algebra, Jet(Interval(arb(x)), Interval(ONE)))
        ends.append((algebra.choices, [float(u.value.ball.mid()) for u in algebra.deciding]))
    (chosen, before), (other, after) = ends
    if not len(chosen) == len(other) == len(before) == len(after):
        return None
    for one, two, u, v in zip(chosen, other, before, after, strict=True):
        if one != two and u != v:
            level = 0.0 if isinstance(one, int) else float(max(one, two))
            guess = left + (level - u) / (v - u) * (right - left)
            return guess if math.isfinite(guess) else None
    return None


def _is_analytic(function: ProvedFunction, low: float, high: float, choices: Sequence[Any]) -> bool:
    """Whether these choices, made at both ends, hold throughout: what decides is monotone."""
    if low == high:
        return True
    algebra = _Deciding(box=True, forced=choices)
    jet = function.over(algebra, Jet(Interval(arb(low), arb(high)), Interval(ONE)))
    monotone = all(u.value.sign() or u.slope.sign() for u in algebra.deciding)
    finite = jet.has_value and not jet.marks and jet.value.is_finite()
    return bool(monotone and finite and (jet.slope is None or jet.slope.is_finite()))
