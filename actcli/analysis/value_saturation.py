"""Where an activation is near the line that it approaches at an end."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from actcli.activation import Array, Line
from actcli.analysis.pieces import Window
from actcli.analysis.slopes import Slopes
from actcli.analysis.views import overlap
from actcli.numeric.floats import LARGEST, flips, ulp


class ValueRange(NamedTuple):
    """An unbounded open interval on which f is within eps of the line slope x + intercept.

    Its edge is as exact as f minus the line is in double precision.
    """

    low: float
    high: float
    slope: float
    intercept: float


def value_ranges(
    field: Slopes, eps: float, lines: tuple[Line | None, Line | None], window: Window | None
) -> list[ValueRange]:
    """At each end with a line, the maximal unbounded interval on which f is within eps of it.

    Left out where eps is lost in the roundoff of f itself.
    """
    found: list[ValueRange] = []
    for side, line in zip((-1, 1), lines, strict=True):
        if line is None or eps == 0:
            continue
        edge = _last_far(field, line, side, eps)
        low, high = (-math.inf, edge) if side < 0 else (edge, math.inf)
        nowhere = math.isinf(edge) and edge * side > 0
        lost = edge not in field.switches and eps < 8 * ulp(line(edge))
        if nowhere or (math.isfinite(edge) and lost) or not overlap((low, high), window):
            continue
        if window:
            low, high = max(low, window[0]), min(high, window[1])
        one = ValueRange(low, high, line.slope, line.intercept)
        if one not in found:
            found.append(one)
    return found


def _last_far(field: Slopes, line: Line, side: int, eps: float) -> float:
    """The last place, going out, where f is eps or more from the line; -side inf if none is."""

    def distance(x: Array) -> Array:
        value = field.activation.sampled.value(x).clip(
            -LARGEST, LARGEST
        )  # of the last double roundoff
        level = line.slope * x + line.intercept
        away = np.abs(value - level)
        return np.where(away <= 2 * ulp(np.maximum(np.abs(value), np.abs(level))), 0.0, away)

    cuts = field.crossings(line.slope)  # between these and the pieces' ends f - line is monotone
    low = np.sort(np.concatenate([field.pieces.low, cuts]))
    high = np.sort(np.concatenate([field.pieces.high, cuts]))
    inner, outer = (low, high) if side > 0 else (high[::-1], low[::-1])
    with np.errstate(all="ignore"):
        far_out, far_in = distance(outer) >= eps, distance(inner) >= eps
        if not np.any(far_out | far_in):
            return -side * math.inf
        last = int(np.flatnonzero(far_out | far_in)[-1])
        if far_out[last]:
            return field.edge(float(outer[last]), side)
        edge = flips(lambda x: distance(x) >= eps, outer[[last]], inner[[last]])
    return float(edge[0])
