"""The numbers that smaller types of floats cannot hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class SmallType(NamedTuple):
    """A type of floats, seen by what rounds out of it (to nearest, ties to even)."""

    name: str
    least_lost: float
    """The smallest size that does not round to a finite number."""
    most_zero: float
    """The largest size that rounds to 0."""


def _type(
    name: str, largest: float, gap: float, smallest: float, *, keeps_tie: bool = False
) -> SmallType:
    """The type of a largest number, a gap above it up to the next, and a smallest number.

    `keeps_tie` says that half-way to the next the largest is the even one.
    """
    half = largest + gap / 2
    return SmallType(name, np.nextafter(half, np.inf).item() if keeps_tie else half, smallest / 2)


TYPES = (
    _type("float16", 65504.0, 2.0**5, 2.0**-24),
    _type("bfloat16", (2 - 2.0**-7) * 2.0**127, 2.0**120, 2.0**-133),
    _type("float8_e4m3fn", 448.0, 2.0**5, 2.0**-9, keeps_tie=True),
    _type("float8_e5m2", 57344.0, 2.0**13, 2.0**-16),
)
"""IEEE 754 binary16, bfloat16, and the OCP 8-bit formats (OFP8, revision 1.0, 2023)."""

Lost = NDArray[np.int64]
"""Of shape (types, 2): how many numbers overflow, and how many that are not 0 become 0."""


LARGEST = float(np.finfo(np.float64).max)

LIMITS = frozenset(
    limit
    for one in TYPES
    for limit in (
        *(one.least_lost, math.nextafter(-one.least_lost, 0)),
        *(-one.most_zero, math.nextafter(one.most_zero, 1)),
    )
) | {-LARGEST, 0.0, math.nextafter(0.0, 1), math.inf}
"""Numbers of which it has to be known how many values are below each."""


def zeros(below: Callable[[float], int]) -> int:
    """How many values are 0, given how many are below each of `LIMITS`."""
    return below(math.nextafter(0.0, 1)) - below(0.0)


def lost(below: Callable[[float], int]) -> Lost:
    """What each type loses of the finite values, given how many are below each of `LIMITS`."""
    return np.array([_lost(one, below) for one in TYPES])


def _lost(one: SmallType, below: Callable[[float], int]) -> tuple[int, int]:
    large = below(math.inf) - below(one.least_lost)
    large += below(math.nextafter(-one.least_lost, 0)) - below(-LARGEST)
    small = below(math.nextafter(one.most_zero, 1)) - below(-one.most_zero)
    return large, small - zeros(below)
