"""From data to the unit square: what a chart's axes cover, and the parts of a curve inside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from actcli.charts.model import Chart, Curve
from actcli.numeric.arrays import Array

FAR = 1e6
"""Heights of the frame beyond which a point is only far away; keeps what follows from overflow."""

MARGIN = 0.04
"""Share of the range left free above and below the curves."""


@dataclass(frozen=True)
class Axis:
    """A range of finite numbers, low < high; both positive if it is logarithmic."""

    low: float
    high: float
    log: bool = False

    def place(self, values: Array | float) -> Array:
        """Where the values lie: 0 at low, 1 at high; NaN where the axis has no place for them."""
        with np.errstate(all="ignore"):
            low, high, at = (self._scaled(np.asarray(v)) for v in (self.low, self.high, values))
            return np.clip((at - low) / (high - low), -FAR, FAR)

    def covers(self, value: float) -> bool:
        """Whether the value lies between low and high."""
        return self.low <= value <= self.high

    def _scaled(self, values: Array) -> Array:
        """The values in a scale that is even along the axis and whose differences are finite."""
        finite = np.where(np.isfinite(values), values, np.nan)
        if self.log:
            return np.log10(np.where(finite > 0, finite, np.nan))
        return finite / 4 if max(abs(self.low), abs(self.high)) > 1e300 else finite


def axes(chart: Chart) -> tuple[Axis, Axis]:
    """The axes of a chart; the vertical one covers its curves if the chart does not say."""
    horizontal = _axis(*chart.x_range, chart.log_x)
    if chart.y_range:
        return horizontal, _axis(*chart.y_range, chart.log_y)
    low, high = _extent([_within(curve, horizontal) for curve in chart.curves], chart.log_y)
    return horizontal, _with_margin(_axis(low, high, chart.log_y))


def with_zero_at(axis: Axis, cells: int, *heights: float) -> Axis:
    """The axis, longer by as little as can be, so that zero is at one of those heights in its cell.

    So what is next to zero is drawn next to the line through zero. An axis without zero is left.
    """
    low, high = axis.low, axis.high
    if axis.log or not low < 0 < high:
        return axis
    cell = math.floor(float(axis.place(0.0)) * cells)
    shares = [(cell + above + height) / cells for above in (-1, 0, 1) for height in heights]
    with np.errstate(over="ignore"):
        longer = [
            Axis(min(low, -high * share / (1 - share)), max(high, -low / share * (1 - share)))
            for share in shares
            if 0 < share < 1
        ]
    best = min(longer, key=lambda one: one.high / 2 - one.low / 2)
    return best if math.isfinite(best.high - best.low) else axis


def runs(x: Array, y: Array) -> list[tuple[Array, Array]]:
    """The connected parts of a polyline that lie in the unit square, cut off at its edges.

    NaN interrupts the line; a point with a gap on both sides is a run of its own.
    """
    ends = np.stack([x[:-1], y[:-1], x[1:], y[1:]])
    enter, leave = _inside(*ends)
    visible = enter <= leave
    x0, y0, x1, y1 = ends[:, visible]
    enter, leave = enter[visible], leave[visible]
    starts = np.stack([x0 + enter * (x1 - x0), y0 + enter * (y1 - y0)])
    stops = np.stack([x0 + leave * (x1 - x0), y0 + leave * (y1 - y0)])
    index = np.flatnonzero(visible)
    breaks = np.flatnonzero((np.diff(index) > 1) | (leave[:-1] < 1) | (enter[1:] > 0)) + 1
    bounds = [0, *breaks.tolist(), index.size] if index.size else []
    lines = [
        tuple(np.clip(np.concatenate([starts[:, a:b], stops[:, b - 1 : b]], axis=1), 0.0, 1.0))
        for a, b in pairwise(bounds)
    ]
    lone = zip(*lone_points(x, y), strict=True)
    return [(line[0], line[1]) for line in lines] + [
        (np.array([a]), np.array([b])) for a, b in lone
    ]


def _inside(x0: Array, y0: Array, x1: Array, y1: Array) -> tuple[Array, Array]:
    """The shares of each segment at which it enters and leaves the unit square (Liang-Barsky)."""
    enter, leave = np.zeros_like(x0), np.ones_like(x0)
    with np.errstate(all="ignore"):
        for a, b in ((x0, x1), (y0, y1)):
            at_zero, at_one = -a / (b - a), (1 - a) / (b - a)
            flat = a == b
            missed = flat & ((a < 0) | (a > 1))
            first = np.where(flat, 0, np.minimum(at_zero, at_one))
            last = np.where(flat, 1, np.maximum(at_zero, at_one))
            enter = np.maximum(enter, np.where(missed, 2, first))
            leave = np.minimum(leave, last)
    return enter, leave


def lone_points(x: Array, y: Array) -> tuple[Array, Array]:
    """The points in the unit square with a gap on both sides: no line goes through them."""
    there = np.isfinite(x) & np.isfinite(y)
    padded = np.concatenate([[False], there, [False]])
    lone = there & ~padded[:-2] & ~padded[2:] & (x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)
    return x[lone], y[lone]


def _within(curve: Curve, axis: Axis) -> Array:
    return curve.y[(curve.x >= axis.low) & (curve.x <= axis.high)]


def _extent(heights: Sequence[Array], log: bool) -> tuple[float, float]:
    """The least and the greatest of all heights that the axis can show."""
    whole = np.concatenate([np.empty(0), *heights])
    shown = whole[np.isfinite(whole) & (whole > 0 if log else True)]
    return (float(shown.min()), float(shown.max())) if shown.size else ((1, 10) if log else (0, 1))


def _axis(low: float, high: float, log: bool) -> Axis:
    """An axis over the range, widened where it is too narrow to be divided."""
    largest = float(np.finfo(float).max)
    if log:
        low, high = max(low, 5e-324), max(high, 5e-324)
        wide = high / 1.001 > low
        return Axis(low, high, log) if wide else Axis(max(low / 10, 5e-324), high * 10, log)
    if high - low > 1e-12 * max(abs(low), abs(high)) and high - low > 1e-320:
        return Axis(low, high)
    reach = max(abs(low), abs(high)) / 2 or 1.0
    return Axis(max(low - reach, -largest), min(high + reach, largest))


def _with_margin(axis: Axis) -> Axis:
    largest = float(np.finfo(float).max)
    if axis.log:
        factor = (axis.high / axis.low) ** MARGIN if axis.high / axis.low < 1e300 else 1e12
        return Axis(max(axis.low / factor, 5e-324), min(axis.high * factor, largest), True)
    margin = MARGIN * axis.high - MARGIN * axis.low
    return Axis(max(axis.low - margin, -largest), min(axis.high + margin, largest))
