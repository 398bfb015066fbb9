"""Where a function rises, falls and stands still, and where it meets a line through the origin.

Between neighbouring *switches* (the places where its formula changes branch) a function is analytic:
it is constant there everywhere or nowhere. That tells the flat half of relu from the tail of
sigmoid, which is flat in double precision only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise

import numpy as np

from actcli.activation import Activation, Array, Line
from actcli.analysis.pieces import Function, Pieces, Window, standard_points
from actcli.numeric.floats import LARGEST, flips, lattice, step, ulp
from actcli.numeric.simplest import simplest

_ROUNDOFF = 2.0**-50
"""How far, relative to it, f' may be from the slope of a line that f is said to be."""

_PARTS = 64
"""Samples taken of every stretch beside the standard ones."""


@dataclass(frozen=True)
class Stretch:
    """An open interval, from node to node, on which a function goes one way."""

    low: float
    high: float
    direction: int
    """1 where it rises, -1 where it falls, 0 where it is constant."""
    value: float
    """Its value in the middle."""

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

    activation: Activation
    level: float
    window: Window
    switches: tuple[float, ...]
    turns: tuple[float, ...]
    """Where g turns smoothly: maxima and minima other than at switches."""

    def value(self, x: Array) -> Array:
        """g(x)."""
        value = self.activation.value(x)
        return value - self.level * x if self.level else value

    def derivative(self, x: Array) -> Array:
        """g'(x)."""
        return self.activation.derivative(x) - self.level

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
        """The slope g' of largest magnitude seen in each open interval; NaN where g is undefined."""
        low, high = np.array(gaps).clip(-LARGEST, LARGEST).T
        own = lattice(step(low), step(high, -1), _PARTS)
        points = np.unique(np.concatenate([standard_points(), own.reshape(-1)]))
        slopes = self.derivative(points)
        slopes[np.isnan(self.activation.value(points))] = np.nan
        firsts = np.searchsorted(points, low, side="right")
        lasts = np.searchsorted(points, high, side="left")
        for first, last in zip(firsts, lasts, strict=True):
            seen = slopes[first:last]
            seen = seen[~np.isnan(seen)]
            yield float(seen[np.argmax(np.abs(seen))]) if seen.size else np.nan


def course(
    activation: Activation,
    switches: tuple[float, ...],
    slopes: Pieces,
    window: Window,
    level: float = 0.0,
) -> Course:
    """How f(x) - level x goes, from the pieces on which f' is monotone."""

    def derivative(x: Array) -> Array:
        return activation.derivative(x) - level

    turns = crossings(derivative, slopes.low, slopes.high)
    return Course(activation, level, window, switches, tuple(turns))


def zeros(g: Course) -> tuple[tuple[float, ...], tuple[Window, ...]]:
    """Where g is 0: the isolated places, and the closed intervals; both ascending."""
    flat = _joined([(s.low, s.high) for s in g.stretches if not s.direction and _vanishes(g, s)])
    met = {node for node in g.nodes if _meets(g, node)}
    passing = [s for s in g.stretches if s.direction and not {s.low, s.high} & met]
    passing = [s for s in passing if _end_sign(g, s, -1) * _end_sign(g, s, 1) < 0]
    ends = np.array([s.ends for s in passing]).reshape(-1, 2).T
    passed = crossings(g.value, ends[0], ends[1])
    places = {p for p in (*met, *passed) if not any(a <= p <= b for a, b in flat)}
    return tuple(sorted(places)), flat


def crossings(g: Function, low: Array, high: Array) -> list[float]:
    """Where g, monotone in each closed bracket, passes from one sign to the other.

    Where the computed g is 0 at several doubles on the way, the simplest number among them.
    """
    with np.errstate(all="ignore"):
        before, after = np.sign(g(low)), np.sign(g(high))
        crossed = before * after < 0
        low, high, before, after = (v[crossed] for v in (low, high, before, after))
        first = flips(lambda x: np.sign(g(x)) == before, low, high)
        last = flips(lambda x: np.sign(g(x)) == after, high, low)
        nearer = np.where(np.abs(g(first)) < np.abs(g(last)), first, last)
    return [
        simplest(a, b) if a <= b else best
        for a, b, best in zip(first.tolist(), last.tolist(), nearer.tolist(), strict=True)
    ]


def _vanishes(g: Course, stretch: Stretch) -> bool:
    inside = lattice(*(np.array([end]) for end in stretch.ends), _PARTS).reshape(-1)
    return bool(np.all(np.abs(g.value(inside)) <= 2 * ulp(inside) * abs(g.level)))


def _meets(g: Course, node: float) -> bool:
    """Whether g is 0 at a node, as nearly as the doubles around it can show."""
    around = np.array([step(node, -1), node, step(node)])
    rise = np.abs(g.derivative(around)) * ulp(node)
    rise = rise[np.isfinite(rise)]
    height = abs(g.value(around)[1])
    return bool(height <= 2 * rise.max(initial=0.0))


def _end_sign(g: Course, stretch: Stretch, side: int) -> float:
    """The sign of g towards an end; 0 where it goes to 0 there and so cannot pass through it."""
    end, inside = (stretch.low, stretch.ends[0]) if side < 0 else (stretch.high, stretch.ends[1])
    line = g.activation.left if side < 0 else g.activation.right
    if np.isinf(end) and line is not None:
        return float(np.sign(Line(line.slope - g.level, line.intercept)(end)))
    return float(np.sign(g.value(np.array([inside]))[0]))


def _joined(intervals: list[Window]) -> tuple[Window, ...]:
    """Intervals with those that share an end made one."""
    joined: list[Window] = []
    for low, high in intervals:
        if joined and joined[-1][1] == low:
            low = joined.pop()[0]
        joined.append((low, high))
    return tuple(joined)
