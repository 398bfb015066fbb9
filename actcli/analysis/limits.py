"""One-sided limits of a function of which only samples are known."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from actcli.activation import Array, Line
from actcli.numeric.floats import from_ordinal, ordinal, ulp
from actcli.numeric.sampling import on_each
from actcli.numeric.simplest import plain

Function = Callable[[Array], Array]

ROUNDOFF = 8
"""Ulp by which a kernel may miss the limit at a neighbouring double."""

_NEAR, _FAR = 16, 128
"""Steps to the samples on a side; nearer ones may be on the wrong side by roundoff (3*x - 1)."""

_STEPS = np.array([_NEAR, _FAR, 0, -_NEAR, -_FAR])

_DIGITS = 8
"""Significant digits of a number that somebody wrote down: 1.5, 0.1666 is not one."""

_OCTAVES = 2.0 ** -np.arange(8.0, 49.0)
"""Distances, relative to the place, over which a limit has to settle."""

_PHASES = np.linspace(1, 2, 16, endpoint=False)
_MIDWAY = np.ldexp(_PHASES, np.arange(480, 520)[:, np.newaxis]).reshape(-1)
_FAR_OUT = np.ldexp(_PHASES, np.arange(980, 1020)[:, np.newaxis]).reshape(-1)
_GROWTH = 1.5
"""How much higher a function without bound is far out than midway; a logarithm is twice as high."""

_SETTLED = 1e-6
"""How far from its limit a function may still be midway."""

_OCTAVES_AT_0 = 2.0 ** -np.arange(8.0, 1008.0, 20.0)


def one_sided(g: Function, x: float, side: int) -> float:
    """The limit of g at x from the left (`side` -1) or from the right (1); infinite at a pole.

    A limit cannot be sampled. It is taken to be g(x) where the samples close in on that, else the
    plain number that they close in on (1.5, not 1.4999999999999998), else the last of the samples
    carried on to x. NaN where g is not defined on that side.
    """
    return one_sided_at(g, [x], side)[0]


def one_sided_at(g: Function, places: Sequence[float], side: int) -> list[float]:
    """The limits at several places, of which g is asked at once."""
    around = on_each(g, [from_ordinal(ordinal(x) + side * _STEPS) for x in places])
    towards, away = (on_each(g, [_octaves(x, way) for x in places]) for way in (side, -side))
    return [
        _limit(*near.tolist(), diverges=_diverges(inner), other_diverges=_diverges(outer))
        for near, inner, outer in zip(around, towards, away, strict=True)
    ]


def _limit(
    near: float,
    further: float,
    at_x: float,
    other: float,
    beyond: float,
    *,
    diverges: bool,
    other_diverges: bool,
) -> float:
    """The limit, from heights at `_STEPS` and whether g diverges on this side and the other."""
    if math.isnan(near):
        return math.nan
    if not math.isfinite(near) or diverges:
        return math.copysign(math.inf, near)
    error = ROUNDOFF * ulp(near) + 2 * abs(near - further)
    across = 0.0 if other_diverges else 2 * abs(other - beyond)
    if abs(at_x - near) <= error + across:
        return at_x + 0.0
    number = plain(near - error, near + error, _DIGITS)
    if number is not None:
        return number
    return near - (further - near) * _NEAR / (_FAR - _NEAR)


def _octaves(x: float, side: int) -> Array:
    """Places that come closer and closer to x, to tell a pole."""
    return x + side * (_OCTAVES * abs(x) if x else _OCTAVES_AT_0)


def _diverges(heights: Array) -> bool:
    """Whether g still moves as much on its last octaves towards a place as on its first ones."""
    with np.errstate(invalid="ignore", over="ignore"):
        moves = np.abs(np.diff(heights))
        late, early = moves[-3:].min(), moves[:3].max()
        return not (late <= 0.5 * early or late <= 1e-9 * abs(heights[-1]))


def far(g: Function, side: int, line: Line | None) -> tuple[float, ...]:
    """What g tends to at -inf (`side` -1) or +inf (1): one limit, or bounds where it swings.

    Args:
        g: the function.
        side: which end.
        line: the line that g approaches there, if it does.
    """
    if line is not None:
        return (line(side * math.inf),)
    limit, midway = (float(height) for height in g(side * np.array([math.inf, _MIDWAY[0]])))
    if math.isinf(limit) or abs(midway - limit) <= _SETTLED * max(1.0, abs(limit)):
        return (limit,)
    inner, outer = g(side * _MIDWAY), g(side * _FAR_OUT)
    inner, outer = (heights[~np.isnan(heights)] for heights in (inner, outer))
    if not inner.size or not outer.size:
        return ()
    grows = np.abs(outer).max() > _GROWTH * np.abs(inner).max()
    bounds = float(outer.min()), float(outer.max())
    return tuple(math.copysign(math.inf, bound) for bound in bounds) if grows else bounds
