"""A function less its asymptote: how near it is to the line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flint import arb

from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import ZERO, Interval
from actcli.formula.jets.jets import Jet, UndecidedError, none_if_zero, sub
from actcli.structure.function import ProvedFunction


class LessLine(ProvedFunction):
    """The function f(x) - (m x + c) for the line that f approaches at one end.

    m and c are balls: at that end, where they are the leading coefficients of f by definition,
    they cancel exactly all the same.
    """

    def __init__(self, function: ProvedFunction, side: int, slope: Any, intercept: Any) -> None:
        self._function, self._side = function, side
        self._slope, self._intercept, self.terms = slope, intercept, function.terms

    def _less(self, jet: Jet, x: Any, ring: Any) -> Jet:
        if not jet.has_value:
            return jet
        rate = None if self._slope.is_zero() else ring.const(self._slope)
        line = ring.const(self._intercept)
        line = line if rate is None else x.scale(self._slope) + line
        slope = none_if_zero(sub(jet.slope, rate))
        return Jet(jet.value - line, slope, jet.curvature, jet.marks)

    def at(
        self,
        x: Any,
        side: int = 0,
        forced: Mapping[int, Any] | None = None,
        pinned: Collection[int] = (),
    ) -> Jet:
        """The jet at an exact number, or just beside it."""
        jet = self._function.at(x, side, forced, pinned)
        self._note()
        return self._less(jet, Interval(arb(x)), _IntervalConstants)

    def on(self, low: Any, high: Any, forced: Mapping[int, Any] | None = None) -> Jet:
        """The jet on the open box (low, high)."""
        jet = self._function.on(low, high, forced)
        self._note()
        return self._less(jet, Interval(arb(low), arb(high)), _IntervalConstants)

    def arm(self, choices: Mapping[int, Any]) -> int:
        """The formula that is left of f once these choices are made: the line is in all of them."""
        return self._function.arm(choices)

    def _note(self) -> None:
        self.choices, self.deciding = self._function.choices, self._function.deciding

    def germ(
        self,
        ring: GermRing,
        forced: Mapping[int, Any] | None = None,
        pinned: Collection[int] = (),
    ) -> Jet:
        """The jet as germs."""
        jet = self._function.germ(ring, forced, pinned)
        if not jet.has_value:
            return jet
        own = jet.value.ring
        if own.at_infinity and own.side == self._side:
            value, slope = _without(jet.value, -1), jet.slope
            slope = None if slope is None else none_if_zero(_without(slope, 0))
            return Jet(value, slope, jet.curvature, jet.marks)
        return self._less(jet, own.x(), own)


def _without(germ: Any, least: int) -> Any:
    """A germ that goes to the line, or to its slope, without the powers from `least` to 0."""
    lead = germ.leading()
    if lead.U is not None or lead.p > 0:
        return germ
    if not isinstance(lead.p, int) or lead.p < least or len(lead.c) < 1 - lead.p:
        raise UndecidedError
    count = 1 - lead.p
    rest = type(germ)(germ.ring, lead.p, None, [ZERO] * count + lead.c[count:], lead.R)
    return rest if germ.smaller is None else rest + germ.smaller


class _IntervalConstants:
    """What makes a constant of a number among intervals."""

    const = Interval
