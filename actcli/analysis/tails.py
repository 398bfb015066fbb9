"""The lines that a function approaches at the ends of the doubles."""

from __future__ import annotations

import math

import numpy as np

from actcli.activation import Activation, Array, Line
from actcli.numeric.floats import LARGEST

_FAR = np.array([LARGEST, 2.0**1000, 2.0**900])
_WITHIN = 1e-12
"""How far, relative to them, the last values may be apart and still be one limit."""

_MIDDLE = np.ldexp(1.0, np.arange(5, 50))
"""Where f(x) - m x still has digits of the intercept."""


def line_at(activation: Activation, side: int) -> Line | None:
    """The line approached at -inf (`side` -1) or +inf (1), declared or measured; else None.

    The intercept of a measured slanting line has the digits that f(x) - m x leaves of it.
    """
    declared = activation.left if side < 0 else activation.right
    if declared is not None or activation.endless:
        return declared
    values, slopes = activation.sampled.value_and_derivative(side * _FAR)
    slope = float(slopes[0])
    if not _settled(slopes):
        slope = 0.0
    if slope == 0:
        return Line(0, float(values[0])) if _settled(values) else None
    x: Array = side * _MIDDLE
    value, slopes = activation.sampled.value_and_derivative(x)
    offsets = value - slope * x
    straight = np.abs(slopes - slope) * np.abs(x) <= np.spacing(np.abs(slope * x))
    if not straight.any():
        return Line(slope, float(offsets[20])) if _converges(offsets[:20]) else None
    return Line(slope, float(offsets[np.argmax(straight)]))


def _settled(values: Array) -> bool:
    """Whether the last values agree; values that sink to 0 do not."""
    if not np.all(np.isfinite(values)):
        return False
    return bool(np.ptp(values / 2) <= _WITHIN / 2 * abs(values[0]))


def _converges(offsets: Array) -> bool:
    """Whether each doubling of x moves the intercept less than the one before."""
    moves = np.abs(np.diff(offsets))
    return bool(moves[-1] <= 0.75 * moves[-2] or math.isclose(moves[-1], 0.0))
