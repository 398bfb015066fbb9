"""Where a function of one variable is monotone, and where it changes sign: the shared search.

The doubles have some 4200 binades. A fixed number of samples in each finds structure at any scale
in one vectorised call; what the samples show is then pinned down on the integer image of the
doubles, where a bracket closes in a fixed number of steps and no tolerance is needed.

Every callable here is vectorised: it takes a float64 array of any shape and returns one of the same
shape. It may return NaN and infinities. `kinks` are the places where it may jump, turn sharply or
have a pole: no bracket crosses one, and its value *at* a kink is never asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array
from actcli.numeric.floats import (
    LARGEST,
    binade_grid,
    departures,
    distinct,
    flips,
    from_ordinal,
    lattice,
    ordinal,
    step,
    ulps_apart,
)

Function = Callable[[Array], Array]
Window = tuple[float, float]

ROUNDOFF = 8
"""Rises and falls of up to so many ulp are taken for roundoff."""

_PARTS = 16
"""Parts into which each half of the bracket of an extremum is cut at once."""


class Pieces(NamedTuple):
    """Closed stretches of doubles [low[i], high[i]], ascending, in each of which g is monotone.

    Neighbours share a double where g turns smoothly; otherwise a kink, or doubles where g is NaN,
    lie between them.
    """

    low: Array
    high: Array

    def turns(self) -> tuple[float, ...]:
        """The doubles at which g turns."""
        return tuple(self.low[1:][self.low[1:] == self.high[:-1]].tolist())


class Stretch(NamedTuple):
    """The doubles [low, high], all of them included, on which g has one sign: -1, 0 or 1."""

    low: float
    high: float
    sign: int


def pieces(
    g: Function,
    kinks: Iterable[float] = (),
    window: Window | None = None,
    samples: Array | None = None,
) -> Pieces:
    """The pieces on which g is monotone, up to `ROUNDOFF`.

    Args:
        g: the function.
        kinks: where g may jump or turn sharply.
        window: the closed interval to look at; all doubles by default.
        samples: further points to look at, where the standard ones are known to be too few.
    """
    cuts = distinct(np.asarray(tuple(kinks), dtype=np.float64))
    with np.errstate(all="ignore"):
        points = _points(cuts, window, samples)
        points, heights = _with_domain_edges(g, points, g(points))
        return _monotone(g, points, heights, np.searchsorted(cuts, points))


def turning_points(
    g: Function,
    kinks: Iterable[float] = (),
    window: Window | None = None,
    samples: Array | None = None,
) -> tuple[float, ...]:
    """Where g turns smoothly: its local extrema other than at kinks, ascending.

    Each is a double at which g attains the extreme value to within `ROUNDOFF`; where g is flat
    around it, it is one of many.
    """
    return pieces(g, kinks, window, samples).turns()


def stretches(
    g: Function,
    kinks: Iterable[float] = (),
    window: Window | None = None,
    samples: Array | None = None,
) -> tuple[Stretch, ...]:
    """The maximal stretches on which g keeps its sign, ascending; kinks and NaN part them too."""
    found = pieces(g, kinks, window, samples)
    with np.errstate(all="ignore"):
        first, last = np.sign(g(found.low)), np.sign(g(found.high))
        arriving, leaving = departures(lambda x: np.sign(g(x)), found.low, found.high)
    result: list[Stretch] = []
    for low, high, a, b, s, t in zip(
        *(v.tolist() for v in (found.low, found.high, arriving, leaving, first, last)), strict=True
    ):
        parts = [(low, high, s)]
        if s != t:
            parts = [(low, step(a, -1), s), (a, b, 0), (step(b), high, t)]
        for start, end, sign in parts:
            if start > end:
                continue
            if result and result[-1].sign == sign and result[-1].high in (start, step(start, -1)):
                result[-1] = Stretch(result[-1].low, end, int(sign))
            else:
                result.append(Stretch(start, end, int(sign)))
    return tuple(result)


def roots(
    g: Function,
    kinks: Iterable[float] = (),
    window: Window | None = None,
    samples: Array | None = None,
) -> tuple[float, ...]:
    """The doubles nearest to where g passes through 0 from one sign to the other, ascending.

    Where g passes through a stretch of zeros (x**3 underflows around 0), its middle. Not a root: a
    jump across 0 at a kink, a zero at which g keeps its sign, a stretch of zeros beside a kink.
    """
    found = stretches(g, kinks, window, samples)
    result: list[float] = []
    for before, after in pairwise(found):
        if before.sign * after.sign < 0 and step(before.high) == after.low:
            with np.errstate(all="ignore"):
                ends = np.array([before.high, after.low])
                result.append(float(ends[np.argmin(np.abs(g(ends)))]))
    for before, zero, after in zip(found, found[1:], found[2:], strict=False):
        touching = step(before.high) == zero.low and step(zero.high) == after.low
        if before.sign * after.sign < 0 and zero.sign == 0 and touching:
            result.append(from_ordinal((ordinal(zero.low) + ordinal(zero.high)) // 2))
    return tuple(sorted(result))


@cache
def standard_points() -> Array:
    """The doubles at which every function is sampled: each binade, and densely from 2**-8 to 2**16.

    The array is shared and read-only.
    """
    dense = np.ldexp(np.linspace(1, 2, 128, endpoint=False), np.arange(-8, 16)[:, None]).reshape(-1)
    points = distinct(np.concatenate([binade_grid(4), dense, -dense]))
    points.flags.writeable = False
    return points


def _points(cuts: Array, window: Window | None, samples: Array | None) -> Array:
    """The samples: the standard ones, the neighbourhoods of the cuts, those asked for."""
    low, high = window or (-LARGEST, LARGEST)
    sets = [standard_points()]
    if cuts.size:
        distances = np.left_shift(1, np.arange(53))[:, np.newaxis]
        sets += [from_ordinal(ordinal(cuts) + d).reshape(-1) for d in (distances, -distances)]
    if window:
        sets.append(np.linspace(low, high, 2049))
    if samples is not None:
        sets.append(samples)
    if len(sets) == 1:
        return standard_points()
    points = distinct(np.concatenate(sets))
    points = points[(points >= low) & (points <= high)]
    return points[~np.isin(points, cuts)] if cuts.size else points


def _with_domain_edges(g: Function, points: Array, heights: Array) -> tuple[Array, Array]:
    """The samples together with the last doubles before g turns NaN."""
    nan = np.isnan(heights)
    edges = np.flatnonzero(nan[1:] != nan[:-1])
    if not edges.size:
        return points, heights
    inside = np.where(nan[edges], points[edges + 1], points[edges])
    outside = np.where(nan[edges], points[edges], points[edges + 1])
    last = flips(lambda x: ~np.isnan(g(x)), outside, inside)
    merged, order = np.unique(np.concatenate([points, last]), return_index=True)
    return merged, np.concatenate([heights, g(last)])[order]


def _monotone(g: Function, points: Array, heights: Array, region: NDArray[np.intp]) -> Pieces:
    """Cut the samples into runs without kink or NaN, and each run where g turns."""
    nan = np.isnan(heights)
    parted = np.flatnonzero((region[1:] != region[:-1]) | (nan[1:] != nan[:-1])) + 1
    ranks = ordinal(heights)
    starts, ends, turns, senses = [], [], [], []
    for run in np.split(np.arange(points.size), parted):
        if nan[run[0]]:
            continue
        starts.append(run[0])
        ends.append(run[-1])
        found, sense = _turns(ranks[run[0] : run[-1] + 1])
        turns.append(run[0] + found)
        senses.append(sense)
    if not starts:
        return Pieces(np.empty(0), np.empty(0))
    at, sense = np.concatenate(turns), np.concatenate(senses)
    nodes = (
        _refined(g, points[at - 1], points[at], points[at + 1], sense) if at.size else np.empty(0)
    )
    low = np.sort(np.concatenate([points[starts], nodes]))
    high = np.sort(np.concatenate([points[ends], nodes]))
    return Pieces(low, high)


def _turns(ranks: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Indices of the extrema that stand out of roundoff, and their sense: 1 for a maximum."""
    heading = (ranks[1:] > ranks[:-1]).astype(np.int64) - (ranks[1:] < ranks[:-1])
    moves = np.flatnonzero(heading)
    bends = np.flatnonzero(heading[moves[1:]] != heading[moves[:-1]])
    plateau_middles = (moves[bends] + 1 + moves[bends + 1]) // 2
    stations = np.concatenate([[0], plateau_middles, [ranks.size - 1]])
    kept = np.array(_prominent(ranks[stations].tolist()), dtype=np.intp)
    return stations[kept], heading[moves[bends[kept - 1]]]


def _prominent(heights: list[int]) -> list[int]:
    """Indices of the inner extrema of an alternating sequence that rise or fall by > ROUNDOFF."""
    found = []
    top = bottom = 0
    may_fall = may_rise = True
    for i, height in enumerate(heights):
        if height > heights[top]:
            top = i
        if height < heights[bottom]:
            bottom = i
        if may_fall and heights[top] - height > ROUNDOFF:
            found.append(top)
            bottom, may_fall, may_rise = i, False, True
        elif may_rise and height - heights[bottom] > ROUNDOFF:
            found.append(bottom)
            top, may_fall, may_rise = i, True, False
    return found[1:]  # the first only says where the sequence sets out


def _refined(g: Function, low: Array, at: Array, high: Array, sense: NDArray[np.int64]) -> Array:
    """The extremum in each bracket, by cutting both halves into parts and keeping the best."""
    result, left = at.copy(), np.arange(at.size)
    while left.size:
        rungs = np.vstack([lattice(low, at, _PARTS)[:-1], lattice(at, high, _PARTS)])
        heights = g(rungs) * sense[left]
        heights[np.isnan(heights)] = -np.inf
        top, bottom = heights.max(axis=0), heights.min(axis=0)
        first, last = np.argmax(heights == top, axis=0), np.argmax((heights == top)[::-1], axis=0)
        best, columns = (first + 2 * _PARTS - last) // 2, np.arange(left.size)
        at = result[left] = rungs[best, columns]
        open_ = (ulps_apart(top, bottom) > ROUNDOFF // 4) & (ulps_apart(low, high) > 2)
        low = rungs[np.maximum(best - 1, 0), columns][open_]
        high = rungs[np.minimum(best + 1, 2 * _PARTS), columns][open_]
        at, left = at[open_], left[open_]
    return result
