"""How far a function reaches."""

from __future__ import annotations

import math
from typing import NamedTuple

from flint import arb, ctx

from actcli.formula.jets.jets import OutOfTimeError
from actcli.structure.function import LARGEST
from actcli.structure.structure import PRECISE, Structure
from actcli.structure.value_range import ValueRange

_FAR = [math.ldexp(m, n) for n in range(100, 1000, 100) for m in (1.0, 1.25, 1.5, 1.75)]
"""Where values without bound show, of functions that turn for ever."""

_BEYOND = arb(2) ** 500
"""A value out there that is larger is taken for one without bound."""


class Range(NamedTuple):
    """Infimum and supremum of f, and whether f takes these values."""

    low: float
    """The infimum; null: none, f is unbounded below."""
    high: float
    """The supremum; null: f is unbounded above."""
    low_attained: bool | None
    """Whether the interval is closed there; null where that is not decided."""
    high_attained: bool | None
    """Whether the interval is closed there."""


def reach(structure: Structure) -> Range | None:
    """Over everything that f takes on and everything that it tends to; None if not decided."""
    found = structure.range
    if found is None:
        return None
    seen = Range(found.low.value, found.high.value, found.low.is_attained, found.high.is_attained)
    if math.isinf(structure.window[1]):
        return seen
    try:
        return _of_one_that_goes_on(structure, found, seen)
    except OutOfTimeError:
        return None


def _of_one_that_goes_on(structure: Structure, found: ValueRange, seen: Range) -> Range | None:
    """Of a function that turns for ever the window shows a part; the rest is bounded, or grows."""
    if structure.period is not None:
        return seen
    low, high = structure.window
    with ctx.workprec(PRECISE):
        parts = [structure.function.on(*part) for part in ((high, LARGEST), (-LARGEST, low))]
        inside = all(
            jet.has_value
            and jet.value.low >= found.low.value
            and jet.value.high <= found.high.value
            for jet in parts
        )
        if inside:
            return seen
        values = [structure.function.at(side * x) for x in _FAR for side in (-1, 1)]
        sizes = [jet.value for jet in values if jet.has_value]
        falls = any(bool(value.high < -_BEYOND) for value in sizes)
        rises = any(bool(value.low > _BEYOND) for value in sizes)
    if not (falls or rises):
        return None
    bottom = (-math.inf, False) if falls else (seen.low, seen.low_attained)
    top = (math.inf, False) if rises else (seen.high, seen.high_attained)
    return Range(bottom[0], top[0], bottom[1], top[1])
