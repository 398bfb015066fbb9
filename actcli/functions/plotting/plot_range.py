"""The range of x in which something happens, found from a few hundred values of the function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from actcli.activations.base import Activation
from actcli.functions.marks import landmarks
from actcli.numeric.arrays import Array

CUSTOMARY = 6.0
"""Half the range in which activation functions are usually shown."""

FITS = (1.0, 4.8)
"""How far from 0 the farthest feature may lie to be well seen in the customary range."""

ROOM = 1.25
"""How much farther than the farthest feature the range goes, so that both ends are seen."""

CLOSE = 4.0
"""The same where all features lie close to 0."""

STRAIGHT = 0.035
"""Share of the derivative's range within which it has settled."""

SLOW = 1.6
"""How much farther a tail is followed than to four times `STRAIGHT`, however slowly it settles."""

SPIKE = 1e-3
"""A distance from 0 within which a derivative that doubles grows without end."""

NOWHERE = 1e-5
"""A distance from 0 that is too small to be told from none."""

FAST = 10.0
"""How many times higher a curve may be at the end of the range than half way."""

MANY = 4
"""Turning points of one side beyond which there is no end of them, and two are enough."""

ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)

_HALF = 2.0 ** np.arange(-20, 20.125, 0.125)
GRID = np.concatenate([-_HALF[::-1], [0.0], _HALF])

Window = tuple[float, float]


@np.errstate(all="ignore")
def window(activations: Iterable[Activation]) -> Window:
    """Round ends of a range that shows what every one of the functions does."""
    lows, highs = zip(*(_window(act) for act in activations), strict=True)
    return min(lows), max(highs)


def _window(act: Activation) -> Window:
    left, right = _domain(act)
    if np.isfinite([left, right]).all() and left < right:
        return left, right
    low, high = _features(act, 0.0)
    centre = 0.0
    for _ in range(2):
        if (
            min(abs(centre + low), abs(centre + high)) > FITS[1]
            and high - low < abs(centre + low) / 2
        ):
            centre = float(f"{centre + (low + high) / 2:.3g}")
            low, high = _features(act, centre)
    half = _half(max(-low, high))
    half = half if centre else _tamed(act, half)
    return max(left, centre - half), min(right, centre + half)


def _features(act: Activation, centre: float) -> Window:
    """The first and the last place where the function does something, seen from a centre."""
    derivative = act.sampled.derivative(GRID + centre)
    middles = (GRID[1:] + GRID[:-1]) / 2
    extrema, inflections = _turns(GRID, derivative), _turns(middles, np.diff(derivative))
    places = [*_nearest([kink - centre for kink in landmarks(act)]), *_nearest(extrema)]
    places += _nearest(inflections)
    if len(extrema) <= 2 * MANY:
        places += _settled(derivative)
    return min(places, default=0.0), max(places, default=0.0)


def _half(farthest: float) -> float:
    """Half the width of a range around 0 whose farthest feature lies at this distance."""
    if farthest < NOWHERE or FITS[0] <= farthest <= FITS[1]:
        return CUSTOMARY
    return rounded(farthest * (CLOSE if farthest < FITS[0] else ROOM))


def rounded(x: float) -> float:
    """The next round number from x > 0 on."""
    power = 10.0 ** np.floor(np.log10(x))
    return float(next(r for r in ROUND if r * power >= x * (1 - 1e-9)) * power)


def _nearest(points: Sequence[float]) -> list[float]:
    """All points, or the two nearest to 0 on a side that has many."""
    left = sorted((p for p in points if p < 0), reverse=True)
    right = sorted(p for p in points if p >= 0)
    return [p for side in (left, right) for p in (side if len(side) <= MANY else side[:2])]


def _turns(x: Array, slope: Array) -> list[float]:
    """Where a slope changes its sign, not counting what may be rounding."""
    size = np.abs(slope)
    largest = np.max(size, where=np.isfinite(size) & (np.abs(x) < 64), initial=0.0)
    clear = np.flatnonzero(size > 1e-9 * largest)
    changes = np.flatnonzero(np.diff(np.sign(slope[clear])))
    turns: list[float] = ((x[clear[changes]] + x[clear[changes + 1]]) / 2).tolist()
    return turns


def _settled(derivative: Array) -> list[float]:
    """Where, on either side, the derivative has come near the value that it keeps from there on."""
    sides = ((derivative[::-1], -1.0), (derivative, 1.0))
    growing = any(not np.isnan(side[-1]) and not _is_calm(side) for side, _ in sides)
    places = []
    for side, sign in sides:
        if not _is_calm(side):
            continue
        away = np.abs(side - side[-1])
        away[~np.isfinite(away) | ((np.abs(GRID) > 1) if growing else False)] = 0.0
        scale = away.max()
        if 0 < scale <= 2 * away[np.abs(GRID) > SPIKE].max():
            near, nearer = (_last(away > share * scale) for share in (4 * STRAIGHT, STRAIGHT))
            place = min(SLOW * near, nearer) if near > 0 else nearer
            places.append(sign * (max(place, 0.0) if growing else place))
    return places


def _is_calm(side: Array) -> bool:
    """Whether the last binades of a side change nothing worth mentioning."""
    tail = side[-17:]
    return bool(np.isfinite(tail).all() and np.ptp(tail) <= 1e-3 * np.nanmax(np.abs(side)))


def _last(true: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    """The last place of the ascending grid at which something still holds."""
    return float(GRID[np.flatnonzero(true)[-1]]) if true.any() else 0.0


def _tamed(act: Activation, half: float) -> float:
    """Half the range, less where the curve would be a spike at its end."""
    for _ in range(4 * len(ROUND)):
        growth, before = _growth(act, half), _growth(act, half / 2)
        if not growth > FAST:
            break
        if before > 0.9 * growth:  # a power grows alike at every scale
            return min(half, 2.0)
        half = max(r * p for r in ROUND for p in _powers(half) if r * p < 0.99 * half)
    return half


def _powers(x: float) -> Window:
    power = 10.0 ** float(np.floor(np.log10(x)))
    return power / 10, power


def _growth(act: Activation, half: float) -> float:
    """How many times higher the curve is at the ends of the range than half way there."""
    left, mid_left, mid_right, right = np.abs(
        act.sampled.value(np.array([-2, -1, 1, 2]) * (half / 2))
    )
    end, middle = np.fmax(left, right), np.fmax(mid_left, mid_right)
    return float(end / middle) if middle > 0 else 0.0


def _domain(act: Activation) -> Window:
    """The ends of the range outside which there is no value; infinite where there is one."""
    value = act.sampled.value(GRID)
    there = np.flatnonzero(~np.isnan(value))
    if not there.size:
        return -np.inf, np.inf
    first, last = int(there[0]), int(there[-1])
    left = -np.inf if first == 0 else _edge(act, float(GRID[first]), float(GRID[first - 1]))
    right = (
        np.inf if last == GRID.size - 1 else _edge(act, float(GRID[last]), float(GRID[last + 1]))
    )
    return left, right


def _edge(act: Activation, inside: float, outside: float) -> float:
    """The end of the domain between a point inside and one outside, to three digits."""
    for _ in range(4):
        points = inside + (outside - inside) * (np.arange(33) / 32)
        beyond = int(np.flatnonzero(np.isnan(act.sampled.value(points)))[0])
        inside, outside = float(points[beyond - 1]), float(points[beyond])
    return float(f"{inside:.3g}") if abs(inside) > abs(outside - inside) else 0.0
