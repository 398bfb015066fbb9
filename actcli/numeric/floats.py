"""The ordered integer image of binary64: neighbours, distances in ulp, bisection without tolerance.

The doubles, read as sign and magnitude, are in the order of the integers: `ordinal` maps 0 (and -0)
to 0, the smallest subnormal to 1, infinity to 0x7FF0000000000000, and negatives to the mirrored
integers. Halving a bracket of integers ends after 64 steps wherever and however wide it is.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, overload

from actcli.numeric.arrays import Array
from actcli.numeric.late import np

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

Places: TypeAlias = "NDArray[np.uint64]"

LARGEST = sys.float_info.max

_MAGNITUDE = 0x7FFF_FFFF_FFFF_FFFF
_INFINITY = 0x7FF0_0000_0000_0000
_MIDDLE = 1 << 63
_POINTS = 2048
"""Points that `flips` asks about at once: a call costs a kernel what half as many points do."""
_MOST_PARTS = 256


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


def towards(end: float, number: Fraction) -> float:
    """The double at an exact number, or else the first beyond it on the way to an end."""
    near = float(number)
    is_short = number > near if end > 0 else number < near
    return math.nextafter(near, end) if is_short else near


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


def flips(kind: Callable[[Array], NDArray[Any]], low: Array, high: Array) -> Array:
    """`bisect` for many brackets at once, within 9 calls for a few brackets.

    The first double from each low towards high of another kind than low: of another sign, say. The
    kinds of points of shape (n, brackets) come in that shape, so that what is asked may differ from
    bracket to bracket.
    """
    if not low.size:
        return low
    doubles, end = _course(low, high)
    parts = min(max(_POINTS // low.size, 2), _MOST_PARTS)
    brackets, last = np.arange(low.size), np.ones((1, low.size), dtype=np.bool_)
    start = kind(low[np.newaxis])
    same, other = np.zeros_like(end), end
    while np.any(other - same > 1):
        rungs = same + _shares(other - same, parts)
        differs = (kind(doubles(rungs[1:-1])) != start) | (rungs[1:-1] == other)
        first = np.argmax(np.concatenate([differs, last]), axis=0)
        same, other = rungs[first, brackets], rungs[first + 1, brackets]
    return doubles(other)


def _course(low: Array, high: Array) -> tuple[Callable[[Places], Array], Places]:
    """The doubles from each low towards high, by their number from low; the number of high."""
    origin, goal = _key(low), _key(high)
    falling = goal < origin

    def doubles(number: Places) -> Array:
        return _from_key(np.where(falling, origin - number, origin + number))

    return doubles, np.where(falling, origin - goal, goal - origin)


def _shares(span: Places, parts: int) -> Places:
    """Whole numbers from 0 to each span that cut it into equal parts, to within one."""
    share, rest = np.divmod(span, np.uint64(parts))
    part = np.arange(parts + 1, dtype=np.uint64)[:, np.newaxis]
    return share * part + rest * part // np.uint64(parts)


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


def _key(x: Array) -> Places:
    """The ordinal from -2**63 up: unsigned, so that the distance of any two doubles fits."""
    return ordinal(np.asarray(x)).view(np.uint64) ^ np.uint64(_MIDDLE)


def _from_key(key: Places) -> Array:
    places = (key ^ np.uint64(_MIDDLE)).view(np.int64)
    return np.copysign(np.abs(places).view(np.float64), places)
