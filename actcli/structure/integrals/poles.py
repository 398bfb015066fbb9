"""Whether f has a pole between two doubles: f as n/d, where d changes its sign and n has one.

There |f| is at least c/|x - p|, so that neither f nor its square has an integral.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import arb

from actcli.formula.by_formula import ByFormula
from actcli.formula.jets.intervals import ONE, Interval
from actcli.formula.jets.jet_algebra import JetAlgebra
from actcli.formula.jets.jets import INTERVALS, Jet, Truth
from actcli.structure.function import ProvedFunction


class _Quotient(NamedTuple):
    """A numerator, and the divisors whose product stands below it."""

    top: Jet
    below: tuple[Jet, ...] = ()


class _Quotients(ByFormula):
    """The algebra of quotients of jets, which divides only where it has to."""

    def __init__(self, **how: Any) -> None:
        self.jets = JetAlgebra(INTERVALS, **how)
        self._calls = 0

    def number(self, value: float) -> _Quotient:
        """A number."""
        return _Quotient(self.jets.number(value))

    def constant(self, name: str) -> _Quotient:
        """`pi` or `e`."""
        return _Quotient(self.jets.constant(name))

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One primitive."""
        self._calls += 1
        u, w = arguments[0], arguments[-1]
        match operation:
            case "+" | "-" if u.below or w.below:
                tops = (self._product(u.top, *w.below), self._product(w.top, *u.below))
                return _Quotient(self.jets.call(operation, tops), u.below + w.below)
            case "negate":
                return _Quotient(self.jets.call(operation, [u.top]), u.below)
            case "*":
                return _Quotient(self._product(u.top, w.top), u.below + w.below)
            case "/" if w.top.slope is not None:
                return _Quotient(self._product(u.top, *w.below), (*u.below, w.top))
            case "tan":
                inner = self._divided(u)
                sine, cosine = (self.jets.call(name, [inner]) for name in ("sin", "cos"))
                return _Quotient(sine, (cosine,))
            case "**" if (times := _negative_whole(w)) is not None:
                return _Quotient(self._product(self.jets.number(1.0), *u.below), (u.top,) * times)
        divided = [self._divided(argument) for argument in arguments]
        self.jets.calls = self._calls - 1  # so that the choices are those of a walk over jets
        result = self.jets.call(operation, divided)
        return result if isinstance(result, Truth) else _Quotient(result)

    def _product(self, top: Jet, *factors: Jet) -> Jet:
        for factor in factors:
            top = self.jets.call("*", [top, factor])
        return top

    def _divided(self, u: _Quotient | Truth) -> Jet | Truth:
        if isinstance(u, Truth):
            return u
        top = u.top
        for divisor in u.below:
            top = self.jets.call("/", [top, divisor])
        return top


def _negative_whole(w: _Quotient) -> int | None:
    """How often a power divides."""
    if w.top.slope is not None or not w.top.has_value or not w.top.value.is_point:
        return None
    exponent = w.top.value.low
    whole = exponent.unique_fmpz() if exponent.is_integer() else None
    return -int(whole) if whole is not None and -16 <= whole < 0 else None


def has_pole(function: ProvedFunction, low: float, high: float) -> bool:
    """Whether a pole between adjacent doubles is proved."""
    function.at(low, 1)
    choices = function.choices
    around = _walk(function, Interval(arb(low), arb(high)), box=True, forced=choices)
    ends = [_walk(function, Interval(arb(x)), forced=choices) for x in (low, high)]
    if not around.below or around.top.marks or not around.top.has_value:
        return False
    if not around.top.value.sign():
        return False
    return any(
        not jet.marks
        and jet.slope is not None
        and jet.slope.is_finite()
        and first.has_value
        and last.has_value
        and first.value.sign() * last.value.sign() < 0
        for jet, first, last in zip(around.below, *(end.below for end in ends), strict=True)
    )


def _walk(function: ProvedFunction, x: Interval, **how: Any) -> _Quotient:
    result: _Quotient = function.over(_Quotients(**how), _Quotient(Jet(x, Interval(ONE))))
    return result
