"""Where a box is cut so that a branch changes at an end of its parts."""

from __future__ import annotations

import math
from collections.abc import Mapping

from flint import arb

from actcli.formula.jets.jets import SWITCH, Jet
from actcli.structure.boxes import zeros_of
from actcli.structure.function import LARGEST, ProvedFunction


def cut_at_switch(function: ProvedFunction, low: float, high: float) -> float | None:
    """A double inside a box near which a branch changes; None where none is seen to."""
    if not -LARGEST < low < high < LARGEST or not function.on(low, high).marks & SWITCH:
        return None
    return cut_at_zero(function, function.deciding, low, high)


def cut_at_zero(
    function: ProvedFunction, deciding: Mapping[int, Jet], low: float, high: float
) -> float | None:
    """A double inside a box near which something that decides a branch is 0."""
    for zero in zeros_of(function, deciding, low, high):
        cut = _double_inside(zero, low, high)
        if cut is not None:
            return cut
    return None


def _double_inside(x: arb, low: float, high: float) -> float | None:
    """The double nearest to a number, or beside that, strictly inside a box that holds it."""
    if x is None or not (x >= low and x <= high):
        return None
    nearest = float(x.mid())
    cut = min(max(nearest, math.nextafter(low, high)), math.nextafter(high, low))
    return cut if low < cut < high else None
