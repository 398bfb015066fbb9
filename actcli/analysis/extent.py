"""How far a function reaches, and how steep it gets: bounds over the whole real line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from actcli.activation import Array, Line
from actcli.analysis.limits import far
from actcli.analysis.shape import Course
from actcli.analysis.slopes import EVERYWHERE, Slopes
from actcli.analysis.smoothness import Kink


class Range(NamedTuple):
    """Infimum and supremum of f, and whether f takes these values."""

    low: float
    high: float
    low_attained: bool
    high_attained: bool


def extent(heights: Course, places: Sequence[Kink]) -> Range:
    """Over everything that f takes on and everything that it tends to."""
    taken = heights.at([*heights.nodes, *(s.ends[0] for s in heights.stretches if s.is_flat)])
    tended = [limit for place in places for limit in (place.value_left, place.value_right)]
    for side, line in zip((-1, 1), heights.lines, strict=True):
        if heights.window != EVERYWHERE:
            border = heights.window[side > 0]
            taken += heights.at(s.ends[side > 0] for s in heights.stretches if border in s[:2])
        if heights.activation.period is None:
            tended += far(heights.activation.sampled.value, side, line)
    taken = [height for height in taken if math.isfinite(height)]
    every = [height for height in (*taken, *tended) if not math.isnan(height)]
    low, high = min(every, default=math.nan) + 0.0, max(every, default=math.nan) + 0.0
    return Range(low, high, low in taken, high in taken)


def lipschitz(field: Slopes, places: Sequence[Kink], lines: Sequence[Line | None]) -> float:
    """The steepest slope, from where f' turns, from both sides of switches, and from the ends."""
    if any(place.is_jump for place in places):
        return math.inf

    def steepness(x: Array) -> Array:
        return np.abs(field.derivative(x))

    heights = [*steepness(np.array(field.pieces.turns())).tolist()]
    for place in places:
        heights += [abs(place.derivative_left), abs(place.derivative_right)]
    if field.activation.period is None:
        for side, line in zip((-1, 1), lines, strict=True):
            level = Line(0, abs(line.slope)) if line and not field.activation.endless else None
            heights += far(steepness, side, level)
    if not heights or field.activation.endless:
        heights += steepness(np.concatenate([field.pieces.low, field.pieces.high])).tolist()
    return max((height for height in heights if not math.isnan(height)), default=math.nan)
