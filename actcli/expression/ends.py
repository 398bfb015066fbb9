"""The line that a formula approaches at an end, from its values at large arguments.

What converges, however slowly as 1/x does, is told from what creeps on for ever, as log(x) does, by
looking very far out: the doubles reach to 2**1023.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from actcli.activation import Array, Line
from actcli.numeric.simplest import plain

_FAR = 2.0 ** np.array([500.0, 750.0, 1000.0])
_OCTAVES = np.arange(3.0, 37.0)
"""Where the intercept of a rising line still shows in the digits of the values."""
_SLOW = 8
"""What settles as exp(-x) does has done so before this one of the octaves, what does as 1/x not."""
_PHASES = 1 + np.linspace(0, 1, 64)
_BETWEEN = 2.0**24 * _PHASES
"""Far out, and most of it no whole numbers, as all doubles beyond 2**53 are."""
_DIGITS = 8
"""Digits of a number that somebody wrote down; one that was computed has more."""

Function = Callable[[Array], Array]


def approached(f: Function, side: int, oscillates: bool) -> Line | None:
    """The line at -inf (side -1) or +inf (side 1); None where there is none.

    Args:
        f: the values, at finite points.
        side: which end.
        oscillates: whether f turns for ever, so that values at single places prove nothing.
    """
    far = side * (np.outer(_FAR, _PHASES) if oscillates else _FAR[:, np.newaxis])
    with np.errstate(all="ignore"):
        heights = f(far.reshape(-1)).reshape(far.shape)
        if not np.all(np.isfinite(heights)) or not np.all(np.isfinite(f(side * _BETWEEN))):
            return None
        slopes = heights / far
        if np.all(np.abs(slopes) < 2.0**-100):
            line = _level(heights)
            return None if line and oscillates and not _settles(f, line.intercept, side) else line
        slope = _agreed(slopes)
        if slope is None:
            return None
        find = _intercept_between_turns if oscillates else _intercept
        intercept = find(lambda x: f(x) - slope * x, abs(slope), side)
    return None if intercept is None else Line(slope, intercept + 0.0)


def _level(heights: Array) -> Line | None:
    """The horizontal line that heights so far out lie on."""
    if np.all(np.abs(heights) < 2.0**-200):
        return Line(0.0, 0.0)
    level = _agreed(heights)
    return None if level is None else Line(0.0, level)


def _settles(f: Function, level: float, side: int) -> bool:
    """Whether an oscillation has nearly died out where x still has a fraction."""
    return bool(np.all(np.abs(f(side * _BETWEEN) - level) <= 1e-5 * max(1.0, abs(level))))


def _agreed(estimates: Array) -> float | None:
    """The number that all estimates equal, but for roundoff."""
    low, high = float(np.min(estimates)), float(np.max(estimates))
    if low == high:
        return low
    if high - low > 1e-14 * max(abs(low), abs(high)):
        return None
    written = plain(low, high, _DIGITS)
    return float(estimates.flat[-1]) if written is None else written


def _intercept(residual: Function, slope: float, side: int) -> float | None:
    """The limit of f(x) - slope*x, from the octave where it has settled to within roundoff."""
    levels = residual(side * 2.0**_OCTAVES)
    noise = 4 * slope * 2.0 ** (_OCTAVES - 52) + 2.0**-50 * np.abs(levels)
    moves = np.abs(np.diff(levels))
    settled = np.flatnonzero((moves[:-1] <= noise[1:-1]) & (moves[1:] <= noise[2:]))
    if not settled.size:
        return None
    n = int(settled[0])
    tail = 4 * moves[n - 1] if n else 0.0
    written = _written(float(levels[n]), float(noise[n] + min(tail, 1e-4)))
    if written is not None:
        return written
    if n < _SLOW:
        return float(levels[n + 1])
    return _carried_on(levels[_SLOW - 4 : _SLOW + 5])


def _carried_on(levels: Array) -> float:
    """The limit of levels at successive octaves, as a polynomial in 1/x (Neville's scheme)."""
    for order in range(1, levels.size):
        levels = levels[1:] + (levels[1:] - levels[:-1]) / (2.0**order - 1)
    return float(levels[-1])


def _intercept_between_turns(residual: Function, slope: float, side: int) -> float | None:
    """The limit of f(x) - slope*x where f oscillates less and less about the line."""
    levels = residual(side * _BETWEEN)
    middle, spread = float(np.mean(levels)), float(np.ptp(levels))
    if spread > 1e-5:
        return None
    written = _written(middle, 1e-5)
    return middle if written is None else written


def _written(level: float, error: float) -> float | None:
    """The number with so few digits, in view of the error, that somebody must have written it."""
    if abs(level) <= error:
        return 0.0
    digits = min(_DIGITS, int(math.log10(abs(level) / error)) - 2)
    return plain(level - error, level + error, digits) if digits > 0 else None
