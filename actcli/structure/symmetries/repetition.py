"""What repeats: f(x + p) = f(x) + a for all x, proved by walking the formula over shifts.

That is how a staircase or a fine wave is understood: by its spacing and one cell, not by its steps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb

from actcli.formula.by_formula import ByFormula
from actcli.structure.function import ProvedFunction

_WAVES = ("sin", "cos", "tan")


class Repetition(NamedTuple):
    """f(x + period) = f(x) + rise."""

    period: Any
    """A ball."""
    rise: Any


class _Shifted(NamedTuple):
    """What becomes of a result when x moves on by a number of units."""

    by: Fraction | None
    """What is added to it, in units; None where that is not one number."""
    constant: Fraction | None = None
    """The rational number that it is."""
    slope: Fraction | None = None
    """The k where it is k x + c."""


_UNKNOWN = _Shifted(None)
_SAME = _Shifted(Fraction(0))


class _Shifts(ByFormula):
    """The algebra of such moves. A unit is 1, or 2 pi."""

    def __init__(self, by: Fraction | None, *, turns: bool) -> None:
        self.turns = turns
        self.x = _Shifted(by, slope=Fraction(1))
        self.frequencies: set[Fraction] = set()
        """The slopes of what floors, or waves, are taken of."""

    def number(self, value: float) -> _Shifted:
        """A number."""
        return _Shifted(Fraction(0), Fraction(value), Fraction(0))

    def constant(self, _name: str) -> _Shifted:
        """`pi` or `e`."""
        return _Shifted(Fraction(0), None, Fraction(0))

    def call(self, operation: str, arguments: Sequence[_Shifted]) -> _Shifted:
        """One primitive."""
        u, w = arguments[0], arguments[-1]
        match operation:
            case "+":
                return _combined(u, w, 1)
            case "-":
                return _combined(u, w, -1)
            case "negate":
                return _multiple(u, Fraction(-1))
            case "*" if w.constant is not None:
                return _multiple(u, w.constant)
            case "*" if u.constant is not None:
                return _multiple(w, u.constant)
            case "/" if w.constant:
                return _multiple(u, 1 / w.constant)
            case "floor" if not self.turns:
                return self._steps(u)
            case "%" if not self.turns and w.constant:
                steps = self._steps(_multiple(u, 1 / w.constant))
                return _combined(u, _multiple(steps, w.constant), -1)
            case name if name in _WAVES and self.turns:
                self._note(u)
                if u.by is not None and u.by.denominator == 1:
                    return _SAME
        return _UNKNOWN if any(argument.by != 0 for argument in arguments) else _SAME

    def _steps(self, u: _Shifted) -> _Shifted:
        self._note(u)
        whole = u.by is not None and u.by.denominator == 1
        return _Shifted(u.by) if whole else _UNKNOWN

    def _note(self, u: _Shifted) -> None:
        if u.slope:
            self.frequencies.add(abs(u.slope))


def _combined(u: _Shifted, w: _Shifted, sign: int) -> _Shifted:
    def add(a: Fraction | None, b: Fraction | None) -> Fraction | None:
        return None if a is None or b is None else a + sign * b

    return _Shifted(*map(add, u, w))


def _multiple(u: _Shifted, factor: Fraction) -> _Shifted:
    return _Shifted(*(None if part is None else part * factor for part in u))


def repetition(function: ProvedFunction) -> Repetition | None:
    """The period of a formula up to a line, where one is found."""
    for turns in (False, True):
        unit = 2 * arb.pi() if turns else arb(1)
        for period in _periods(function, turns):
            rise = _walk(function, _Shifts(period, turns=turns)).by
            if rise is not None:
                return Repetition(_ball(period) * unit, _ball(rise) * unit)
    return None


def _walk(function: ProvedFunction, shifts: _Shifts) -> _Shifted:
    result: _Shifted = function.over(shifts, shifts.x)
    return result


def _periods(function: ProvedFunction, turns: bool) -> Iterator[Fraction]:
    """The shortest shift that moves all floors, or waves, by whole steps."""
    asked = _Shifts(None, turns=turns)
    _walk(function, asked)
    if asked.frequencies:
        yield Fraction(
            math.lcm(*(f.denominator for f in asked.frequencies)),
            math.gcd(*(f.numerator for f in asked.frequencies)),
        )


def _ball(number: Fraction) -> Any:
    return arb(number.numerator) / number.denominator
