"""The ordered integer image of binary64: neighbours, distances in ulp, bisection without tolerance.

The doubles, read as sign and magnitude, are in the order of the integers: `ordinal` maps 0 (and -0)
to 0, the smallest subnormal to 1, infinity to 0x7FF0000000000000, and negatives to the mirrored
integers. Halving a bracket of integers ends after 64 steps wherever and however wide it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import overload

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array

LARGEST = float(np.finfo(np.float64).max)

_MAGNITUDE = np.int64(0x7FFF_FFFF_FFFF_FFFF)
_INFINITY = 0x7FF0_0000_0000_0000
_MIDDLE = np.uint64(1 << 63)
_SECTIONS = 64
"""Parts into which `flips` cuts a bracket at once: a call costs a kernel what 1000 points do."""


@overload
def ordinal(x: float) -> int: ...
@overload
def ordinal(x: Array) -> NDArray[np.int64]: ...
def ordinal(x: float | Array) -> int | NDArray[np.int64]:
    """The place of x in the order of the doubles: 0 for 0.0, 1 for 5e-324, negatives mirrored."""
    points = np.asarray(x, dtype=np.float64)
    magnitude = points.view(np.int64) & _MAGNITUDE
    result = np.where(np.signbit(points), -magnitude, magnitude)
    return int(result) if np.isscalar(x) else result


@overload
def from_ordinal(n: int) -> float: ...
@overload
def from_ordinal(n: NDArray[np.int64]) -> Array: ...
def from_ordinal(n: int | NDArray[np.int64]) -> float | Array:
    """The double at this place in the order of the doubles; infinity beyond the last."""
    places = np.clip(np.asarray(n, dtype=np.int64), -_INFINITY, _INFINITY)
    result = np.copysign(np.abs(places).view(np.float64), places)
    return float(result) if np.isscalar(n) else result


@overload
def step(x: float, n: int = 1) -> float: ...
@overload
def step(x: Array, n: int = 1) -> Array: ...
def step(x: float | Array, n: int = 1) -> float | Array:
    """The n-th double above x (below, for negative n); infinity beyond the last."""
    return from_ordinal(ordinal(x) + n)


@overload
def ulp(x: float) -> float: ...
@overload
def ulp(x: Array) -> Array: ...
def ulp(x: float | Array) -> float | Array:
    """The unit in the last place of x: the distance to the next double of larger magnitude."""
    magnitude = np.abs(x)
    exponent = np.frexp(np.maximum(magnitude, 2.0**-1022))[1]
    unit = np.ldexp(1.0, exponent - 53)
    result = np.where(np.isfinite(magnitude), unit, magnitude)
    return float(result) if np.isscalar(x) else result


@overload
def ulps_apart(a: float, b: float) -> int: ...
@overload
def ulps_apart(a: float | Array, b: float | Array) -> int | NDArray[np.uint64]: ...
def ulps_apart(a: float | Array, b: float | Array) -> int | NDArray[np.uint64]:
    """How many doubles away b is from a; a number and a NaN are at least 2**51 apart."""
    here, there = _key(np.asarray(a, np.float64)), _key(np.asarray(b, np.float64))
    result = np.maximum(here, there) - np.minimum(here, there)
    return int(result) if np.isscalar(a) and np.isscalar(b) else result


def bisect(predicate: Callable[[float], bool], low: float, high: float) -> float:
    """The first double, going from low to high, where the predicate differs from its value at low.

    `high` may lie on either side of `low`; the predicate is taken to differ there. If it flips more
    than once, one of the flips is found. It is asked at most 65 times.
    """
    start = predicate(low)
    same, other = ordinal(low), ordinal(high)
    while abs(other - same) > 1:
        middle = same + (other - same) // 2
        if predicate(from_ordinal(middle)) == start:
            same = middle
        else:
            other = middle
    return from_ordinal(other)


def flips(predicate: Callable[[Array], NDArray[np.bool_]], low: Array, high: Array) -> Array:
    """`bisect` for many brackets at once, within 13 calls of the predicate.

    The predicate takes points of shape (n, brackets) and answers in the same shape, so that what it
    asks may differ from bracket to bracket.
    """
    same, other = low, high
    start = predicate(low[np.newaxis])
    brackets = np.arange(low.size)
    while np.any(ulps_apart(same, other) > 1):
        rungs = lattice(same, other, _SECTIONS)
        differs = predicate(rungs[1:-1]) != start
        differs |= rungs[1:-1] == other
        first = np.argmax(np.vstack([differs, np.ones_like(start)]), axis=0)
        same, other = rungs[first, brackets], rungs[first + 1, brackets]
    return other


def lattice(low: Array, high: Array, parts: int) -> Array:
    """The doubles that cut each [low, high] into parts of equally many doubles, to within one.

    Of shape (parts + 1, brackets): the first row is `low`, the last `high`, whichever is larger.
    """
    origin, goal = _key(low), _key(high)
    falling = goal < origin
    span = np.where(falling, origin - goal, goal - origin)
    part = np.arange(parts + 1, dtype=np.uint64)[:, np.newaxis]
    offset = span // np.uint64(parts) * part + span % np.uint64(parts) * part // np.uint64(parts)
    return _from_key(np.where(falling, origin - offset, origin + offset))


def distinct(points: Array) -> Array:
    """The points in ascending order, each once: `np.unique`, which imports masked arrays."""
    ordered = np.sort(points)
    new = np.ones(ordered.size, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]


@cache
def binade_grid(per_binade: int = 4) -> Array:
    """Points in every binade of both signs, ascending: 0, +-largest and all powers of two included.

    The array is shared and read-only.
    """
    per_step = np.linspace(1, 2, per_binade, endpoint=False)
    normal = np.ldexp(per_step, np.arange(-1022, 1024)[:, np.newaxis]).reshape(-1)
    subnormal = np.ldexp(1.0, np.arange(-1074, -1022))
    positive = np.concatenate([subnormal, normal, [LARGEST]])
    grid = np.concatenate([-positive[::-1], [0.0], positive])
    grid.flags.writeable = False
    return grid


def _key(x: Array) -> NDArray[np.uint64]:
    """The ordinal from -2**63 up: unsigned, so that the distance of any two doubles fits."""
    return ordinal(np.asarray(x)).view(np.uint64) ^ _MIDDLE


def _from_key(key: NDArray[np.uint64]) -> Array:
    return from_ordinal((key ^ _MIDDLE).view(np.int64))
