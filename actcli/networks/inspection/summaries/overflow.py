"""The numbers that smaller types of floats cannot hold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.networks.inspection.summaries.buckets import Floats, least


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


SMALL = 2.0**-10
"""Above this size no type makes 0 of a number."""


def lost(values: Floats, top: float) -> tuple[Lost, int]:
    """What each type loses of finite numbers up to a size `top`, and how many of them are 0.

    NaN does not count.
    """
    size = np.abs(values)
    small = size[size <= SMALL]
    zeros = small.size - int(np.count_nonzero(small))
    counts = np.zeros((len(TYPES), 2), np.int64)
    for row, one in zip(counts, TYPES, strict=True):
        if top >= one.least_lost:
            row[0] = np.count_nonzero(size >= least(one.least_lost, size.dtype))
        row[1] = np.count_nonzero(small <= _down(one.most_zero, size.dtype)) - zeros
    return counts, zeros


def _down(limit: float, kind: np.dtype[np.floating]) -> np.floating:
    """The largest number of a type that is no more."""
    return -least(-limit, kind)
