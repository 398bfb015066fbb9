"""Sampling that follows a curve: the more it bends, the more points; where it jumps, a gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actcli.activations.base import Activation
from actcli.functions.marks import landmarks
from actcli.functions.plotting.frame import HeightScale, frame
from actcli.numeric.arrays import Array

EVEN = 320
"""Segments of the grid that sampling starts from: four to a column of a terminal."""

ROUNDS = 48
"""Halvings at most: a jump is closed in to 1e-15 of the range."""

MOST = 6000
"""Points after which a curve is left as it is: one that fills the screen."""

BENT = 1 / 500
"""Share of the height by which a point may lie off its chord."""


@dataclass(frozen=True)
class Trace:
    """A function and its derivative, sampled at the same points."""

    x: Array
    value: Array
    derivative: Array
    torn: NDArray[np.bool_]
    """(2, n - 1): whether the value, the derivative jumps between two neighbours."""
    frame: tuple[float, float]
    """The heights that show the function and as much of the derivative as goes with it."""

    @property
    def value_with_gaps(self) -> tuple[Array, Array]:
        """The points of the value, with NaN at its jumps."""
        return _with_gaps(self.x, self.value, self.torn[0])

    @property
    def derivative_with_gaps(self) -> tuple[Array, Array]:
        """The points of the derivative, with NaN at its jumps."""
        return _with_gaps(self.x, self.derivative, self.torn[1])


@np.errstate(all="ignore")
def trace(
    act: Activation,
    low: float,
    high: float,
    *,
    derivative: bool = True,
    heights: tuple[float, float] | None = None,
    log: bool = False,
) -> Trace:
    """Follow the function from low to high.

    `heights` is the range of y to be looked at; None finds it. Without `derivative` only the value
    is followed, though both are sampled. `log` follows the logarithm of what is positive.
    """
    scale = HeightScale(log)

    def rows(x: Array) -> Array:
        return np.stack(act.sampled.value_and_derivative(x))

    x = _first_points(low, high, landmarks(act, (low, high)))
    y = rows(x)
    shown = slice(None) if derivative else slice(1)
    window = heights or frame(lambda at: rows(at)[shown], x, y[shown], scale)
    bottom, top = scale.of(np.array(window))

    def seen(y: Array) -> Array:
        inside = np.clip((scale.of(y) - bottom) / (top - bottom), -0.1, 1.1)
        return inside if derivative else np.where(np.array([[True], [False]]), inside, 0.0)

    x, y, bent = _refined(rows, seen, x, y)
    return Trace(x, y[0], y[1], _torn(x, seen(y), bent), window)


def _first_points(low: float, high: float, kinks: Sequence[float]) -> Array:
    """An even grid, and the kinks and 0 with their two neighbours."""
    even = between(low, high, EVEN)
    points = np.array([*kinks, 0.0])
    around = np.concatenate([np.nextafter(points, -np.inf), points, np.nextafter(points, np.inf)])
    return np.unique(np.concatenate([even, around[(around > low) & (around < high)]]))


def between(low: float, high: float, segments: int) -> Array:
    """Evenly spaced points, both ends exact, for any two doubles."""
    share = np.arange(segments + 1) / segments
    span = high - low
    inner = low + span * share if np.isfinite(span) else low * (1 - share) + high * share
    return np.concatenate([[low], np.clip(inner[1:-1], low, high), [high]])


def _refined(
    rows: Callable[[Array], Array], seen: Callable[[Array], Array], x: Array, y: Array
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """The points with the middles of all segments that are bent, again and again.

    Also whether each segment is still bent, for each row, when nothing finer is to be had.
    """
    bent = np.ones((2, x.size - 1), bool)
    for _ in range(ROUNDS):
        where = np.flatnonzero(bent.any(axis=0))
        middle = x[where] / 2 + x[where + 1] / 2
        splits = (middle > x[where]) & (middle < x[where + 1])
        where, middle = where[splits], middle[splits]
        if where.size == 0 or x.size + where.size > MOST:
            break
        new = rows(middle)
        off = _off_chord(seen(y[:, where]), seen(new), seen(y[:, where + 1])) > BENT
        x, y = np.insert(x, where + 1, middle), np.insert(y, where + 1, new, axis=1)
        bent = np.insert(bent, where + 1, False, axis=1)
        left = where + np.arange(where.size)
        bent[:, left] = bent[:, left + 1] = off
    return x, y, bent


def _off_chord(left: Array, middle: Array, right: Array) -> Array:
    """How far the middle lies from the chord; infinite where some of the three are not numbers."""
    off = np.abs(middle - (left + right) / 2)
    numbers = np.isfinite(left).astype(int) + np.isfinite(middle) + np.isfinite(right)
    return np.where(numbers == 3, off, np.where(numbers == 0, 0.0, np.inf))


def _torn(x: Array, seen: Array, bent: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Segments that stay bent however short they are, across which the curve leaps."""
    width = np.diff(x)
    short = width <= 1e-9 * (x[-1] / 2 - x[0] / 2)
    leap = np.abs(np.diff(seen, axis=1)) > 5 * BENT
    torn: NDArray[np.bool_] = short & leap & bent
    return torn


def _with_gaps(x: Array, y: Array, torn: NDArray[np.bool_]) -> tuple[Array, Array]:
    after = np.flatnonzero(torn) + 1
    return np.insert(x, after, x[after]), np.insert(y, after, np.nan)
