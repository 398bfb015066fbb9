"""Where a function is sampled, and how finely until samples show all that there is to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from actcli.activation import Array
from actcli.errors import CrowdedError
from actcli.numeric.floats import binade_grid, distinct, lattice

FEW = 16
"""Events so few are not doubted: the samples of a function that comes to rest are dense enough."""

MOST = 4096
"""Events from which on nobody wants them listed."""

_MOST_POINTS = 1 << 18
_APART = 8
"""Samples that an event needs to be told from the next one."""


@cache
def standard_points() -> Array:
    """The doubles at which every function is sampled: each binade, and densely from 2**-8 to 2**16.

    The array is shared and read-only.
    """
    dense = np.ldexp(np.linspace(1, 2, 128, endpoint=False), np.arange(-8, 16)[:, None]).reshape(-1)
    points = distinct(np.concatenate([binade_grid(4), dense, -dense]))
    points.flags.writeable = False
    return points


def resolved(seen: Callable[[Array], Array], points: Array, *, doubt: bool = False) -> Array:
    """The points, or more, so many that still more show no further event.

    Args:
        seen: the places of what samples at ascending points show: turns, changes of sign.
        points: where to begin.
        doubt: whether a few events, too, are looked at more closely.

    Raises:
        CrowdedError: the events have no end, or too many come before it.
    """
    places = seen(points)
    if places.size <= FEW and not doubt:
        return points
    while places.size <= MOST and points.size <= _MOST_POINTS:
        before, finer = places.size, denser(points)
        if finer.size == points.size:  # there are no doubles between them
            return points
        points = finer
        places = seen(points)
        if places.size == before and places.size * _APART < points.size:
            return points
    if places.size <= FEW:
        return points
    raise crowded(places)


def on_each(f: Callable[[Array], Array], parts: Sequence[Array]) -> list[Array]:
    """The function on every array, from one call: calls cost more than points."""
    ends = np.cumsum([part.size for part in parts], dtype=np.intp)
    return np.split(f(np.concatenate([np.empty(0), *parts])), ends)[:-1]


def denser(points: Array) -> Array:
    """The points, and the middle of any two neighbours on the lattice of doubles."""
    return distinct(lattice(points[:-1], points[1:], 2).reshape(-1))


def crowded(places: Array) -> CrowdedError:
    """What to say of too many places: where most of them are, which may be next to one number."""
    half = places.size // 2
    start = int(np.argmin(places[half:] - places[: places.size - half]))
    low, high = float(places[start]), float(places[start + half])
    centre = 0.0 if low <= 0 <= high else high
    return CrowdedError(low, high, centre if high - low <= 0.1 * abs(centre or 1.0) else None)
