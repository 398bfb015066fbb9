"""Where the slope of an activation is small: the exact search behind saturation.

A function is flat at x when its local Lipschitz modulus, the larger of its one-sided |f'(x)|, is
below eps; at a jump that modulus is infinite. The set of such x is open, hence a unique union of
disjoint maximal open intervals, and those are what `Slopes.flat` returns. Between switches and
extrema of f' the slope is monotone, so each of f' >= eps and f' <= -eps flips at most once there;
the flip is found on the integer image of the doubles, exactly.

An edge is a real number: of the two doubles of the flip, the one whose computed |f'| is nearer to
eps stands for it. An interval around a zero of f' that is narrower than that gets the two doubles
that enclose it. At a switch the edge is the switch itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Activation, Array
from actcli.analysis.limits import one_sided
from actcli.analysis.pieces import BESIDE, Pieces, Window, resolved_pieces
from actcli.analysis.switches import switches
from actcli.errors import ActcliError, CrowdedError
from actcli.numeric.floats import LARGEST, departures, distinct, from_ordinal, ordinal, step, ulp
from actcli.numeric.sampling import standard_points

EVERYWHERE = (-math.inf, math.inf)

_AROUND = np.arange(-BESIDE, BESIDE + 1)
"""Steps to the doubles around a switch."""
_NEARBY = 1 << 26
"""Steps from a switch within which a slope that is bounded there hardly changes."""


class Passages(NamedTuple):
    """The pieces [low, high] in which f' passes through a level, and where it does."""

    low: Array
    high: Array
    leaving: Array
    """The first double that is not on the side that f' comes from."""
    last: Array
    """The last double that is not on the side that f' goes to."""

    @property
    def beyond(self) -> Array:
        """The first double on the side that f' goes to."""
        return step(self.last)


@dataclass(frozen=True)
class Slopes:
    """f' over a window, cut at the switches of the formula and where f' turns."""

    activation: Activation
    window: Window
    switches: tuple[float, ...]
    pieces: Pieces
    _passages: dict[float, Passages] = field(default_factory=dict, repr=False, compare=False)

    def flat(self, eps: float) -> list[Window]:
        """The maximal open intervals on which |f'| < eps; for eps = 0 those on which f' is 0."""
        if eps == 0:
            return self.level
        low, high = self.pieces.low, self.pieces.high
        first, last = self._side(low, eps), self._side(high, eps)
        with np.errstate(all="ignore"):
            entered, left = high.copy(), low.copy()
            passed = first != last
            entered[passed], left[passed] = departures(
                lambda x: self._side(x, eps), low[passed], high[passed]
            )
        before, after = step(entered, -1), step(left)
        low = np.where(first == 0, low, self._nearer(before, entered, eps))
        high = np.where(last == 0, high, self._nearer(after, left, eps))
        low, high = np.where(low < high, [low, high], [before, after])
        some = (first == 0) | (last == 0) | (first != last)
        return self._joined(low[some], high[some], first[some] == 0, last[some] == 0)

    @cached_property
    def level(self) -> list[Window]:
        """The maximal open intervals on which f is constant.

        Between switches the function is analytic: it is constant there everywhere or nowhere. So a
        slope that only underflows to 0, in the tail of sigmoid, is told from the flat half of relu.
        """
        still = (self.derivative(self.pieces.low) == 0) & (self.derivative(self.pieces.high) == 0)
        branch = np.searchsorted(self.switches, self.pieces.low)
        moving = np.isin(branch, branch[~still])
        low, high = self.pieces.low[~moving], self.pieces.high[~moving]
        closed = np.ones(low.size, dtype=np.bool_)
        return self._joined(low, high, closed, closed)

    @cached_property
    def steepest(self) -> float:
        """The supremum of |f'|: infinite at jumps, at poles, and where it grows to the end."""
        if self.jumps:
            return math.inf
        ends = np.concatenate([self.pieces.low, self.pieces.high])
        inward = np.concatenate([self.pieces.high, self.pieces.low])
        heights = np.abs(self.derivative(ends))
        if not heights.size:
            return math.nan
        top = int(np.argmax(heights))
        end, towards = float(ends[top]), 1 if inward[top] > ends[top] else -1
        if abs(end) == LARGEST:
            before = math.copysign(2.0**1000, end)
            growing = abs(self._slope(before)) < heights[top] * (1 - 1e-9)
        else:
            before = step(end, towards * _NEARBY)
            growing = abs(self._slope(before)) < heights[top] / 1.01
        return math.inf if growing else max(float(heights[top]), self._limit(end, -towards))

    def _limit(self, end: float, side: int) -> float:
        """The size of f' where the end of a piece leads; 0 where that is not a switch."""
        place = self.edge(end, side)
        return abs(one_sided(self.derivative, place, -side)) if place in self.switches else 0.0

    def derivative(self, x: Array) -> Array:
        """f'(x)."""
        return self.activation.sampled.derivative(x)

    def slopes_beside(self, places: Array, side: int) -> Array:
        """The slopes at the next double on one side of places, or at the end of the doubles."""
        return self.derivative(np.clip(step(places, side), -LARGEST, LARGEST))

    def inner_nodes(self, low: float, high: float) -> Array:
        """The doubles in the open interval at which |f'| and f may take their extreme values."""
        known = self._known_switches
        firsts = max(step(low, BESIDE if low in known else 1), -LARGEST)
        lasts = min(step(high, -BESIDE if high in known else -1), LARGEST)
        nodes = np.concatenate([self.pieces.low, self.pieces.high, self.turns])
        inside = nodes[(nodes > low) & (nodes < high)]
        return distinct(np.append(inside, [firsts, lasts] if firsts <= lasts else []))

    @cached_property
    def turns(self) -> Array:
        """Where f' changes sign smoothly, the first double beyond: f is extreme there."""
        return self.crossings(0.0)

    def crossings(self, level: float) -> Array:
        """Where f' passes through a level smoothly: the first double beyond."""
        return self.passages(level).beyond

    def passages(self, level: float) -> Passages:
        """The pieces in which f' passes through a level."""
        if level not in self._passages:
            self._passages[level] = self._passing(level)
        return self._passages[level]

    def _passing(self, level: float) -> Passages:
        def side(x: Array) -> Array:
            return np.sign(self.derivative(x) - level)

        low, high = self.pieces.low, self.pieces.high
        crossed = side(low) * side(high) < 0
        low, high = low[crossed], high[crossed]
        with np.errstate(all="ignore"):
            return Passages(low, high, *departures(side, low, high))

    @cached_property
    def samples(self) -> tuple[Array, Array, Array]:
        """The standard points, f there and f' there."""
        points = standard_points()
        return points, *self.activation.sampled.value_and_derivative(points)

    @cached_property
    def jumps(self) -> tuple[float, ...]:
        """The switches at which f jumps: by more than it does from double to double near them.

        A hole, as of sin(x)/x at 0, is no jump.
        """
        places = np.array(self.switches)
        around = self.activation.sampled.value(
            from_ordinal(ordinal(places)[:, np.newaxis] + _AROUND)
        )
        left, at, right = around[:, :BESIDE], around[:, BESIDE], around[:, BESIDE + 1 :]
        hole = np.where(np.isnan(at), left[:, -1], at)
        near = np.stack([left[:, -1], hole, right[:, 0]], axis=1)
        with np.errstate(all="ignore"):
            across = np.abs(np.diff(near)).max(axis=1)
            usual = np.abs(np.hstack([np.diff(left), np.diff(right)])).max(axis=1)
            continuous = across <= 16 * (usual + ulp(np.abs(near).max(axis=1)))
        return tuple(places[~continuous].tolist())

    def _slope(self, x: float) -> float:
        return float(self.derivative(np.array([x]))[0])

    def _side(self, x: Array, eps: float) -> NDArray[np.int8]:
        """1 where f' >= eps, -1 where f' <= -eps, 0 between."""
        slope = self.derivative(x)
        return (slope >= eps).astype(np.int8) - (slope <= -eps)

    def _nearer(self, outer: Array, inner: Array, eps: float) -> Array:
        """Of neighbours outside and inside a flat interval, those whose |f'| is nearer to eps."""
        outside, inside = np.abs(self.derivative(outer)), np.abs(self.derivative(inner))
        return np.where((inside < eps) & (eps - inside <= outside - eps), inner, outer)

    def _joined(
        self, low: Array, high: Array, goes_on_left: NDArray[np.bool_], goes_on: NDArray[np.bool_]
    ) -> list[Window]:
        """Open intervals of the flat parts of pieces, those made one that touch in a flat place."""
        joined: list[Window] = []
        goes_on_from: float | None = None
        for a, b, from_left, to_right in zip(
            low.tolist(), high.tolist(), goes_on_left.tolist(), goes_on.tolist(), strict=True
        ):
            start = self.edge(a, -1) if from_left else a
            end = self.edge(b, 1) if to_right else b
            if goes_on_from == start and from_left and self.passes(start):
                start = joined.pop()[0]
            joined.append((start, end))
            goes_on_from = end if to_right else None
        return joined

    def passes(self, place: float) -> bool:
        """Whether f is continuous at a place."""
        return place not in self._known_jumps

    def edge(self, end: float, side: int) -> float:
        """Where the end of a piece leads: to infinity, to a switch, or no further."""
        if abs(end) == LARGEST:
            return math.copysign(math.inf, end)
        beside = step(end, side * BESIDE)
        return beside if beside in self._known_switches else end

    @cached_property
    def _known_switches(self) -> frozenset[float]:
        return frozenset(self.switches)

    @cached_property
    def _known_jumps(self) -> frozenset[float]:
        return frozenset(self.jumps)


@lru_cache(maxsize=4)
def slopes(activation: Activation, window: Window) -> Slopes:
    """The slopes of an activation over a window; an endless one needs a finite window.

    Raises:
        CrowdedError: the function turns too often in the window.
        ActcliError: the function has no value there.
    """
    places = switches(activation, window)
    try:
        found = resolved_pieces(
            activation.sampled.derivative, places, None if window == EVERYWHERE else window
        )
    except CrowdedError as error:
        raise error.of(activation) from None
    if not found.low.size:
        where = "" if window == EVERYWHERE else f" from {window[0]:g} to {window[1]:g}"
        raise ActcliError(
            f"{activation} has no value anywhere{where}: see what it divides by, "
            "or takes the root, logarithm or power of"
        )
    return Slopes(activation, window, places, found)
