"""The slope that is told at a kink: the chain rule's, where a choice is a tie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb

from actcli.formula.jets.intervals import ONE, Interval
from actcli.formula.jets.jet_algebra import JetAlgebra
from actcli.formula.jets.jets import INTERVALS, Jet


class Conventions(JetAlgebra):
    """Of what ties at a point: `where` has the slope of its choice, abs(u) the slope 0.

    max and min have that of a constant, if one of the two is, else the mean.
    """

    def absolute(self, u: Jet) -> Jet:
        """The absolute value."""
        return Jet(u.value) if u.value.is_zero() else super().absolute(u)

    def _extreme(self, u: Jet, w: Jet, way: int, of_numbers: Callable[[Any, Any], Any]) -> Jet:
        if not (u.value - w.value).is_zero():
            return super()._extreme(u, w, way, of_numbers)
        is_shared = u.slope is not None and w.slope is not None
        return Jet(u.value, (u.slope + w.slope).scale(arb(0.5)) if is_shared else None)


def at_point(x: float) -> tuple[Conventions, Jet]:
    """What a formula is walked over for its slope at a double."""
    return Conventions(INTERVALS), Jet(Interval(arb(x)), Interval(ONE))
