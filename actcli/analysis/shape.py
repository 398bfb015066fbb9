"""Where a function rises, falls and stands still, and where it meets a line through the origin.

Between neighbouring *switches* (the places where its formula changes branch) a function is
analytic: it is constant there everywhere or nowhere. That tells the flat half of relu from the tail
of sigmoid, which is flat in double precision only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Activation, Array, Line
from actcli.analysis.pieces import Function, Window
from actcli.analysis.slopes import Slopes
from actcli.numeric.floats import LARGEST, departures, from_ordinal, lattice, ordinal, step, ulp
from actcli.numeric.simplest import simplest

_ROUNDOFF = 2.0**-50
"""How far, relative to it, f' may be from the slope of a line that f is said to be."""

_MEASURABLE = 1e-9
"""A smaller intercept of a line may be roundoff."""

_BESIDE = np.array([-1, 0, 1])
_INSIDE = 1 << 26
_OUTWARDS = np.array([0, -_INSIDE, _INSIDE])
"""Steps from a node: where g is 0 there, it is clearly further from 0 at a distance."""

_NOISE = 2.0**-44
"""What is that small beside its surroundings may be roundoff."""

_PARTS = 64
"""Samples taken of every stretch beside the standard ones."""


class Stretch(NamedTuple):
    """An open interval, from node to node, on which a function goes one way."""

    low: float
    high: float
    direction: int
    """1 where it rises, -1 where it falls, 0 where it is constant."""

    @property
    def is_flat(self) -> bool:
        """Whether the function is constant there."""
        return self.direction == 0

    @property
    def ends(self) -> tuple[float, float]:
        """The first and the last double inside."""
        return max(step(self.low), -LARGEST), min(step(self.high, -1), LARGEST)


@dataclass(frozen=True)
class Course:
    """g(x) = f(x) - level x over a window, cut where its formula switches and where it turns."""

    field: Slopes
    level: float
    turns: tuple[float, ...]
    """Where g turns smoothly: maxima and minima other than at switches."""
    lines: tuple[Line | None, Line | None]
    """The lines that f approaches on the left and on the right."""

    @property
    def activation(self) -> Activation:
        """The function f."""
        return self.field.activation

    @property
    def window(self) -> Window:
        """Where it is looked at."""
        return self.field.window

    @property
    def switches(self) -> tuple[float, ...]:
        """Where the formula of f changes branch."""
        return self.field.switches

    def value(self, x: Array) -> Array:
        """g(x)."""
        value = self.activation.sampled.value(x)
        if not self.level:
            return value
        with np.errstate(over="ignore"):
            return value - self.level * x

    def derivative(self, x: Array) -> Array:
        """g'(x)."""
        return self.activation.sampled.derivative(x) - self.level

    def at(self, places: Iterable[float]) -> list[float]:
        """The values of g at a few places."""
        return [float(y) + 0.0 for y in self.value(np.array([*places], dtype=np.float64))]

    @cached_property
    def nodes(self) -> tuple[float, ...]:
        """Switches and turning points, ascending."""
        return tuple(sorted({*self.switches, *self.turns}))

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """From node to node, where g is defined."""
        places = [self.window[0], *self.nodes, self.window[1]]
        gaps = [(low, high) for low, high in pairwise(places) if step(low) < high]
        steepest = list(self._steepest(gaps))
        moving = {
            branch: any(abs(slope) > _ROUNDOFF * abs(self.level) for _, slope in members)
            for branch, members in groupby(
                zip(gaps, steepest, strict=True), lambda member: self._branch(member[0][0])
            )
        }
        return tuple(
            Stretch(low, high, int(np.sign(slope)) if moving[self._branch(low)] else 0)
            for (low, high), slope in zip(gaps, steepest, strict=True)
            if not np.isnan(slope)
        )

    def _branch(self, low: float) -> int:
        """Which of the analytic branches begins at or before this place."""
        return int(np.searchsorted(self.switches, low, side="right"))

    def _steepest(self, gaps: list[Window]) -> Iterator[float]:
        """The steepest slope g' seen in each open interval; NaN where g is not defined."""
        low, high = np.array(gaps).clip(-LARGEST, LARGEST).T
        points, values, slopes = self.field.samples
        firsts = np.searchsorted(points, low, side="right")
        lasts = np.searchsorted(points, high, side="left")
        own = lattice(step(low), step(high, -1), _PARTS)
        own_values, own_slopes = self.activation.sampled.value_and_derivative(own)
        for i, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
            defined = ~np.isnan(np.concatenate([values[first:last], own_values[:, i]]))
            seen = np.concatenate([slopes[first:last], own_slopes[:, i]])[defined] - self.level
            seen = seen[~np.isnan(seen)]
            yield float(seen[np.argmax(np.abs(seen))]) if seen.size else np.nan


def course(field: Slopes, lines: tuple[Line | None, Line | None], level: float = 0.0) -> Course:
    """How f(x) - level x goes, from the slopes of f and the lines that it approaches."""
    g = Course(field, level, (), lines)
    low, high, first, last = field.passages(level)
    moving = _moves(g, low, high)
    places = _met(g.derivative, first[moving], last[moving])
    ends = zip(low[moving], high[moving], strict=True)
    turns = (x for x, end in zip(places, ends, strict=True) if _stands_out(g, x, end))
    return replace(g, turns=tuple(turns))


def zeros(g: Course) -> tuple[tuple[float, ...], tuple[Window, ...]]:
    """Where g is 0: the isolated places, and the intervals; both ascending."""
    met = set(_meets(g))
    flat = [(s.low, s.high) for s in g.stretches if s.is_flat and _vanishes(g, s)]
    moving = [s for s in g.stretches if not s.is_flat]
    feet = [[_foot(g, s, side, met) for side in (-1, 1)] for s in moving]
    brackets = np.array(feet).reshape(-1, 2)
    passed = (place for place, _, _ in crossings(g.value, *brackets.T))
    places = {p for p in (*met, *passed) if not any(a <= p <= b for a, b in flat)}
    return tuple(sorted(places)), _joined(flat, met)


def crossings(g: Function, low: Array, high: Array) -> Iterator[tuple[float, float, float]]:
    """Where g, monotone in each bracket, passes from one sign to the other; with the bracket."""
    with np.errstate(all="ignore"):
        crossed = np.sign(g(low)) * np.sign(g(high)) < 0
        low, high = low[crossed], high[crossed]
        first, last = departures(lambda x: np.sign(g(x)), low, high)
    yield from zip(_met(g, first, last), low.tolist(), high.tolist(), strict=True)


def _met(g: Function, first: Array, last: Array) -> list[float]:
    """Where g is 0: the simplest number of a run of zeros; without a run the nearer double."""
    if not first.size:
        return []
    with np.errstate(all="ignore"):
        nearer = np.where(np.abs(g(first)) < np.abs(g(last)), first, last)
    ends = zip(first.tolist(), last.tolist(), nearer.tolist(), strict=True)
    return [simplest(a, b) if a <= b else best for a, b, best in ends]


def _moves(g: Course, low: Array, high: Array) -> NDArray[np.bool_]:
    """Whether the slopes g' at both ends of a piece can move g by more than roundoff."""
    near = np.where(np.abs(low) < np.abs(high), low, high)
    with np.errstate(all="ignore"):
        weakest = np.minimum(np.abs(g.derivative(low)), np.abs(g.derivative(high)))
        rise = weakest * np.maximum(np.abs(low), np.abs(high))
        height = np.abs(g.activation.sampled.value(near)) + np.abs(g.level * near)
        moves: NDArray[np.bool_] = (rise > _NOISE * height) | ~np.isfinite(rise + height)
    return moves


def _stands_out(g: Course, place: float, ends: tuple[float, float]) -> bool:
    """Whether g' at both ends is more than roundoff of the slopes around the place."""
    weakest = np.abs(g.derivative(np.array(ends))).min()
    around = np.abs(g.derivative(place + np.linspace(-1, 1, 17)))
    return bool(weakest > _NOISE * around[np.isfinite(around)].max(initial=0.0))


def _vanishes(g: Course, stretch: Stretch) -> bool:
    first, last = np.array(stretch.ends).reshape(2, 1)
    inside = lattice(first, last, _PARTS).reshape(-1)
    return bool(np.all(np.abs(g.value(inside)) <= 2 * ulp(inside) * abs(g.level)))


def _meets(g: Course) -> Iterator[float]:
    """The nodes at which g is 0, as nearly as doubles can show; at a pole it is not."""
    nodes = np.array(g.nodes, np.float64)
    places = ordinal(nodes)[:, np.newaxis]
    with np.errstate(all="ignore"):
        heights = np.abs(g.value(from_ordinal(places + _OUTWARDS)))
        rises = np.abs(g.derivative(from_ordinal(places + _BESIDE))) * ulp(nodes)[:, np.newaxis]
        rise = np.max(rises, axis=1, initial=0.0, where=np.isfinite(rises))
        outwards = np.fmin(heights[:, 1], heights[:, 2])
        met = (heights[:, 0] <= 2 * rise) & (heights[:, 0] <= outwards)
    yield from nodes[met].tolist()


def _foot(g: Course, stretch: Stretch, side: int, met: set[float]) -> float:
    """A double towards an end of a stretch at which g is known to have the sign it has there.

    Beside a node where g is 0 that is some way inside. Far out on the line that f approaches, the
    roundoff of f(x) - level x hides it.
    """
    end, foot = (stretch.low, stretch.ends[0]) if side < 0 else (stretch.high, stretch.ends[1])
    if end in met:
        inwards = from_ordinal(ordinal(end) - side * _INSIDE)
        return inwards if stretch.low < inwards < stretch.high else foot
    line = g.lines[side > 0] if np.isinf(end) else None
    if line is None or line.slope != g.level or abs(line.intercept) <= _MEASURABLE:
        return foot
    ladder = side * np.ldexp(1.0, np.arange(1023, -60, -1))
    ladder = ladder[(ladder > stretch.low) & (ladder < stretch.high)]
    visible = ladder[np.sign(g.value(ladder)) == np.sign(line.intercept)]
    return float(visible[0]) if visible.size else foot


def _joined(intervals: list[Window], through: set[float]) -> tuple[Window, ...]:
    """Intervals, with those made one that share an end which belongs to them."""
    joined: list[Window] = []
    for low, high in intervals:
        if joined and joined[-1][1] == low and low in through:
            low = joined.pop()[0]
        joined.append((low, high))
    return tuple(joined)
