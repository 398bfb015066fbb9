"""The buckets of a histogram of floats: the upper 16 bits of float32, in ascending order.

A bucket is all numbers of one sign, one exponent and one choice of the first 7 bits after the
point: its ends are a part in 128 apart. Doubles fall into the bucket of their float32 towards 0.
"""

from __future__ import annotations

import sys
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from actcli.numeric.arrays import Array

COUNT = 1 << 16

LARGEST = 0x7F7F
"""The place of the last bucket of finite numbers; the next one is infinity."""

Floats = NDArray[np.float32] | NDArray[np.float64]


def histogram(values: Floats) -> NDArray[np.int64]:
    """How many of some numbers, none of them NaN, lie in each bucket, by its bits."""
    return np.bincount(bits(values), minlength=COUNT)


def bits(values: Floats) -> NDArray[np.uint16]:
    """The buckets of some numbers in a row: the upper bits of each."""
    single = values if values.dtype == np.float32 else _towards_zero(values)
    return np.ascontiguousarray(single).view(np.uint16)[_UPPER::2]


_UPPER = int(sys.byteorder == "little")
"""Which half of a float32 in memory holds its sign."""


def _towards_zero(values: Floats) -> NDArray[np.float32]:
    with np.errstate(over="ignore", under="ignore"):
        single = values.astype(np.float32)
    beyond = np.abs(single) > np.abs(values)
    single[beyond] = np.nextafter(single[beyond], np.float32(0))
    return single


def places(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of the buckets that are not empty, ascending, and what they hold.

    Those of positive numbers are 0, 1, 2, ...; -1 is that of the negative numbers next to 0.
    """
    full = np.flatnonzero(counts)
    place = placed(full)
    order = np.argsort(place)
    return place[order], counts[full[order]]


def placed(full: NDArray[np.integer]) -> NDArray[np.int64]:
    """The places of the buckets of some bits."""
    full = full.astype(np.int64)
    return np.where(full < COUNT // 2, full, COUNT // 2 - 1 - full)


def ends(place: NDArray[np.int64]) -> tuple[Array, Array]:
    """The closed intervals of doubles that the buckets are."""
    near = np.where(place < 0, -1 - place, place)
    inner = _magnitude(near)
    outer = np.where(near > LARGEST, inner, np.nextafter(_magnitude(near + 1), 0.0))
    is_negative = place < 0
    return np.where(is_negative, -outer, inner), np.where(is_negative, -inner, outer)


def _magnitude(near: NDArray[np.int64]) -> Array:
    """The size at which a bucket begins; infinity beyond it too."""
    full = np.minimum(near, LARGEST + 1).astype(np.uint32) << 16
    return full.view(np.float32).astype(np.float64)


@lru_cache(maxsize=1024)
def least(limit: float, kind: np.dtype[np.floating]) -> np.floating:
    """The smallest number of a type that is no less than the limit."""
    with np.errstate(over="ignore"):
        near = kind.type(limit)
    if float(near) >= limit:
        return near
    with np.errstate(all="ignore"):  # the next one may be subnormal
        above: np.floating = np.nextafter(near, kind.type(np.inf))
        return above
