"""How far a function reaches."""

from __future__ import annotations

import math
from typing import NamedTuple

from actcli.structure.structure import Structure


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
    if _climbs(structure):
        return Range(-math.inf, math.inf, False, False)
    found = structure.range
    if found is None:
        return None
    return Range(found.low.value, found.high.value, found.low.is_attained, found.high.is_attained)


def _climbs(structure: Structure) -> bool:
    """Whether f goes on by a number other than 0, again and again, outside of a window."""
    if math.isinf(structure.window[1]) or structure.focus is None:
        return False
    found = structure.repetition
    return found is not None and bool(found.rise > 0 or found.rise < 0)
