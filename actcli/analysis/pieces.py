"""Where a function of one variable is monotone: the search that the analyses share.

The doubles have some 4200 binades. A fixed number of samples in each finds structure at any scale
in one vectorised call; what the samples show is then pinned down on the integer image of the
doubles, where a bracket closes in a fixed number of steps and no tolerance is needed.

Every callable here is vectorised: it takes a float64 array of any shape and returns one of the same
shape. It may return NaN and infinities. `kinks` are the places where it may jump, turn sharply or
have a pole: no bracket crosses one, and its value *at* a kink is never asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array
from actcli.numeric.floats import (
    LARGEST,
    distinct,
    flips,
    from_ordinal,
    lattice,
    ordinal,
    step,
    ulps_apart,
)
from actcli.numeric.sampling import FEW, MOST, crowded, resolved, standard_points

Function = Callable[[Array], Array]
Window = tuple[float, float]

BESIDE = 16
"""Steps to the doubles next to a kink that are clear of it, however it was computed."""

ROUNDOFF = 8
"""Rises and falls of up to so many ulp are taken for roundoff."""

_NEARBY = 1 << np.arange(6)[:, np.newaxis]
"""Steps to the doubles at which the roundoff of a turn shows first."""

_LEAP = 0.125
"""Part of a swing that is too much from one double to the next."""

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
        return _sketch(g, cuts, _points(cuts, window, samples)).refined(g)


def resolved_pieces(
    g: Function, kinks: Iterable[float] = (), window: Window | None = None
) -> Pieces:
    """The pieces, from as many samples as it takes until still more show no further turn.

    Turns of roundoff, which no two neighbouring doubles share, do not count. Nor do the doubles
    `BESIDE` a kink, at which roundoff may choose the wrong side.

    Raises:
        CrowdedError: g turns too often.
    """
    cuts = distinct(np.asarray(tuple(kinks), dtype=np.float64))
    latest: list[_Sketch] = []

    def seen(points: Array) -> Array:
        points = points[~_is_beside(points, cuts)]
        latest[:] = [_sketch(g, cuts, points)]
        return latest[0].clear_turns(g)

    with np.errstate(all="ignore"):
        resolved(seen, _points(cuts, window, None, BESIDE), doubt=window is not None)
        return latest[0].refined(g)


def _is_beside(points: Array, cuts: Array) -> NDArray[np.bool_]:
    """Whether fewer than `BESIDE` steps lie between a point and a cut."""
    at, padded = np.searchsorted(cuts, points), np.concatenate([[np.nan], cuts, [np.nan]])
    left, right = (np.asarray(ulps_apart(points, padded[at + side])) for side in (0, 1))
    beside: NDArray[np.bool_] = np.minimum(left, right) < BESIDE
    return beside


def _points(cuts: Array, window: Window | None, samples: Array | None, nearest: int = 1) -> Array:
    """The samples: the standard ones, the neighbourhoods of the cuts, those asked for."""
    low, high = window or (-LARGEST, LARGEST)
    sets = [standard_points()]
    if cuts.size:
        distances = np.left_shift(nearest, np.arange(53))[:, np.newaxis]
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


def _with_domain_edges(
    g: Function, points: Array, heights: Array, cuts: Array
) -> tuple[Array, Array]:
    """The samples together with the last doubles before g turns NaN, unless they are cuts."""
    nan = np.isnan(heights)
    edges = np.flatnonzero(nan[1:] != nan[:-1])
    if not edges.size:
        return points, heights
    inside = np.where(nan[edges], points[edges + 1], points[edges])
    outside = np.where(nan[edges], points[edges], points[edges + 1])
    last = flips(lambda x: ~np.isnan(g(x)), outside, inside)
    last = last[~np.isin(last, cuts)]
    merged, order = np.unique(np.concatenate([points, last]), return_index=True)
    return merged, np.concatenate([heights, g(last)])[order]


class _Sketch(NamedTuple):
    """What samples show: runs without kink or NaN, and where g turns in them."""

    points: Array
    heights: Array
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    turns: NDArray[np.intp]
    senses: NDArray[np.int64]

    def refined(self, g: Function) -> Pieces:
        """The runs, cut where g turns on the lattice of doubles."""
        points, turns = self.points, self.turns
        if turns.size > 2 * MOST:
            raise crowded(points[turns])
        nodes = points[turns]
        if turns.size:
            nodes = _refined(g, points[turns - 1], nodes, points[turns + 1], self.senses)
        low = np.sort(np.concatenate([points[self.starts], nodes]))
        high = np.sort(np.concatenate([points[self.ends], nodes]))
        return Pieces(low, high)

    def clear_turns(self, g: Function) -> Array:
        """The turns; of many, but not too many, only those which g comes to and leaves smoothly.

        Roundoff leaps from double to double, if only on one side of its turns.
        """
        if not FEW < self.turns.size <= 2 * MOST:
            return self.points[self.turns]
        stations = np.sort(np.concatenate([self.starts, self.turns, self.ends]))
        x, y = self.points[stations], self.heights[stations]
        at = np.searchsorted(stations, self.turns)
        nearby = np.abs(g(from_ordinal(ordinal(x[at]) + _NEARBY)) - y[at]).max(axis=0)
        at = at[nearby < _LEAP * np.minimum(np.abs(y[at] - y[at - 1]), np.abs(y[at + 1] - y[at]))]
        sides = np.concatenate([at - 1, at])
        middle = (y[sides] + y[sides + 1]) / 2
        beyond = flips(lambda x: g(x) > middle, x[sides], x[sides + 1])
        leaps = np.abs(g(beyond) - g(step(beyond, -1)))
        smooth = leaps < _LEAP * np.abs(y[sides + 1] - y[sides])
        clear: Array = x[at[smooth[: at.size] & smooth[at.size :]]]
        return clear


def _sketch(g: Function, cuts: Array, points: Array) -> _Sketch:
    points, heights = _with_domain_edges(g, points, g(points), cuts)
    region, nan = np.searchsorted(cuts, points), np.isnan(heights)
    parted = np.flatnonzero((region[1:] != region[:-1]) | (nan[1:] != nan[:-1])) + 1
    borders = np.concatenate([[0], parted, [points.size]])
    starts, ends = borders[:-1], borders[1:] - 1
    starts, ends = starts[~nan[starts]], ends[~nan[starts]]
    ranks = ordinal(heights)
    found = [_turns(ranks[start : end + 1]) for start, end in zip(starts, ends, strict=True)]
    turns = [start + at for start, (at, _) in zip(starts, found, strict=True)]
    none = np.empty(0, np.intp)
    senses = [sense for _, sense in found]
    return _Sketch(
        points,
        heights,
        starts,
        ends,
        np.concatenate([none, *turns]),
        np.concatenate([none, *senses]),
    )


def _turns(ranks: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Indices of the extrema that stand out of roundoff, and their sense: 1 for a maximum."""
    heading = (ranks[1:] > ranks[:-1]).astype(np.int64) - (ranks[1:] < ranks[:-1])
    moves = np.flatnonzero(heading)
    bends = np.flatnonzero(heading[moves[1:]] != heading[moves[:-1]])
    plateau_middles = (moves[bends] + 1 + moves[bends + 1]) // 2
    stations = np.concatenate([[0], plateau_middles, [ranks.size - 1]])
    first, last = np.array(_prominent(ranks[stations].tolist()), np.intp).reshape(-1, 2).T
    return (stations[first] + stations[last] + 1) // 2, heading[moves[bends[first - 1]]]


def _prominent(heights: list[int]) -> list[tuple[int, int]]:
    """The inner extrema of an alternating sequence that rise or fall by > ROUNDOFF.

    Of each the first and the last index at which it is attained.
    """
    found = []
    top = bottom = (0, 0)
    may_fall = may_rise = True
    for i, height in enumerate(heights):
        if height >= heights[top[0]]:
            top = (top[0] if height == heights[top[0]] else i, i)
        if height <= heights[bottom[0]]:
            bottom = (bottom[0] if height == heights[bottom[0]] else i, i)
        if may_fall and heights[top[0]] - height > ROUNDOFF:
            found.append(top)
            bottom, may_fall, may_rise = (i, i), False, True
        elif may_rise and height - heights[bottom[0]] > ROUNDOFF:
            found.append(bottom)
            top, may_fall, may_rise = (i, i), True, False
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
