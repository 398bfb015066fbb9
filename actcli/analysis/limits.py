"""One-sided limits of a function of which only samples are known."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from actcli.activation import Array
from actcli.numeric.floats import step, ulp
from actcli.numeric.simplest import plain

Function = Callable[[Array], Array]

ROUNDOFF = 8
"""Ulp by which a kernel may miss the limit at a neighbouring double."""

_DIGITS = 8
"""Significant digits of a number that somebody wrote down: 1.5, 0.1666 is not one."""

_OCTAVES = 2.0 ** -np.arange(8.0, 49.0)
"""Distances, relative to the place, over which a limit has to settle."""


def one_sided(g: Function, x: float, side: int) -> float:
    """The limit of g at x from the left (`side` -1) or from the right (1); infinite at a pole.

    A limit cannot be sampled. It is taken to be g(x) where the samples close in on that, else the
    plain number that they close in on (1.5, not 1.4999999999999998), else the last of the samples
    carried on to x. NaN where g is not defined on that side.
    """
    near, far, at_x = (float(v) for v in g(np.array([step(x, side), step(x, 8 * side), x])))
    if math.isnan(near):
        return math.nan
    if not math.isfinite(near) or _diverges(g, x, side):
        return math.copysign(math.inf, near)
    error = ROUNDOFF * ulp(near) + 2 * abs(near - far)
    if abs(at_x - near) <= error:
        return at_x
    number = plain(near - error, near + error, _DIGITS)
    return near - (far - near) / 7 if number is None else number


def _diverges(g: Function, x: float, side: int) -> bool:
    """Whether g still moves as much on its last octaves towards x as on its first ones."""
    distances = _OCTAVES * abs(x) if x else 2.0 ** -np.arange(8.0, 1008.0, 20.0)
    moves = np.abs(np.diff(g(x + side * distances)))
    heights = np.abs(g(x + side * distances[[-1]]))
    late, early = moves[-3:].min(), moves[:3].max()
    return bool(late > 0.5 * early and late > 1e-9 * heights[0])
