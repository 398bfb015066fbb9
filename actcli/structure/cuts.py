"""Where a box is cut so that a branch changes at an end of its parts."""

from __future__ import annotations

import math

from actcli.expression.jets import SWITCH
from actcli.structure.function import LARGEST, ProvedFunction


def cut_at_switch(function: ProvedFunction, low: float, high: float) -> float | None:
    """A double inside a box near which a branch changes; None where none is seen to."""
    if not -LARGEST < low < high < LARGEST or not function.on(low, high).marks & SWITCH:
        return None
    switch = function.switch(low, high)
    if switch is None:
        return None
    first, last = math.nextafter(low, high), math.nextafter(high, low)
    cut = min(max(float(switch.place.mid()), first), last)
    return cut if low < cut < high else None
