"""The heights that show a curve: all of it, but not all of a pole nor all of a steep derivative."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from actcli.numeric.arrays import Array

MARGIN = 0.04
"""Share of the height left free above and below."""

POLE = 0.04
"""Share of the range of x on which a curve that runs away may leave the frame at one side."""

CLOSE = 0.02
"""Share of the height within which a peak has a neighbour, and a pole has none."""

STEEP = 4.0
"""Heights of the function that a derivative may ask for before it is cut."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class HeightScale:
    """How heights are measured: as they are or, for a logarithmic axis, by their logarithm."""

    log: bool = False

    def of(self, y: Array) -> Array:
        """The measure of y: its logarithm, or a quarter of it, so that no difference overflows."""
        if not self.log:
            return y / 4
        return np.where(y > 0, np.log10(np.where(y > 0, y, 1.0)), np.nan)

    def back(self, measure: float) -> float:
        """The height that has this measure, or the nearest double that is finite."""
        least, most = (5e-324, 1.7e308) if self.log else (-1.7e308, 1.7e308)
        height = np.float64(10.0) ** measure if self.log else np.float64(measure) * 4
        return float(np.clip(height, least, most))


def frame(rows: Callable[[Array], Array], x: Array, y: Array, scale: HeightScale) -> Interval:
    """The lowest and the highest y to show: of the function, row 0, and its derivative, row 1.

    `rows` gives the rows at any x; `y` are those at the points `x`, which lie about evenly.
    """

    def measured(row: int) -> Callable[[Array], Array]:
        return lambda at: scale.of(rows(at)[row])

    extents = [_extent(measured(row), x, scale.of(y[row])) for row in range(len(y))]
    function = extents[0]
    low, high = _together(*extents) if len(extents) == 2 else (function.low, function.high)
    if not low <= high:
        low, high = scale.of(np.array([1.0, 10.0]))
    if not high - low > 1e-11 * max(abs(low), abs(high)):
        reach = float(scale.of(np.array(10.0 if scale.log else abs(scale.back(high)) or 1.0)))
        low, high = low - reach, high + reach
    margin = MARGIN * (high - low)
    return scale.back(low - margin), scale.back(high + margin)


@dataclass(frozen=True)
class Extent:
    """The range of a curve's measures, and whether it runs away at either side of it."""

    low: float
    high: float
    falls: bool = False
    climbs: bool = False


def _extent(row: Callable[[Array], Array], x: Array, y: Array) -> Extent:
    """The range of a curve; where it runs away, as much of that as is worth the room."""
    numbers = y[np.isfinite(y)]
    if numbers.size == 0:
        return Extent(np.nan, np.nan)
    low, high = float(numbers.min()), float(numbers.max())
    core_low, core_high = np.quantile(numbers, (POLE, 1 - POLE)).tolist()
    if high - low <= STEEP * (core_high - core_low) and np.isfinite(y).all():
        return Extent(low, high)
    climbs = _runs_away(row, x, y)
    falls = _runs_away(lambda at: -row(at), x, -y)
    return Extent(core_low if falls else low, core_high if climbs else high, falls, climbs)


def _runs_away(row: Callable[[Array], Array], x: Array, y: Array) -> bool:
    """Whether the highest point, looked at closely, has no neighbour near its height."""
    if np.isposinf(y).any():
        return True
    least = np.nanmin(y)
    for _ in range(3):
        top = int(np.nanargmax(y))
        left, right = x[max(top - 1, 0)], x[min(top + 1, x.size - 1)]
        x = np.unique(np.append(left + (right - left) * (np.arange(17) / 16), x[top]))
        y = row(x)
        if np.isposinf(y).any():
            return True
    top = int(np.nanargmax(y))
    beside = y[[i for i in (top - 1, top + 1) if 0 <= i < y.size]]
    return not np.any(y[top] - beside <= CLOSE * (y[top] - least))


def _together(function: Extent, derivative: Extent) -> Interval:
    """The function's range, and of the derivative's what does not dwarf it."""
    span = function.high - function.low
    if not span > 0 or np.isnan(derivative.low):
        return _union(function, derivative)
    dwarfs = derivative.high - derivative.low > STEEP * span
    room = 0.0 if function.falls or function.climbs else 0.5
    down = span * (room if derivative.falls else 1 if dwarfs else STEEP)
    up = span * (room if derivative.climbs else 1 if dwarfs else STEEP)
    bottom, top = function.low - down, function.high + up
    if derivative.low > top or derivative.high < bottom:
        return _union(function, derivative)
    return min(function.low, max(derivative.low, bottom)), max(
        function.high, min(derivative.high, top)
    )


def _union(a: Extent, b: Extent) -> Interval:
    return float(np.fmin(a.low, b.low)), float(np.fmax(a.high, b.high))
