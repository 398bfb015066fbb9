"""A line in the unit square as the dots of a screen, and as dashes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from actcli.numeric.arrays import Array

NUDGE = 1e-6
"""Dots by which a point on the border of two is moved, so that its last bit decides nothing."""


def dots(x: Array, y: Array, columns: int, rows: int) -> tuple[Array, Array]:
    """The middles of the dots that the line goes through, without those that are only corners."""
    column = np.minimum(np.floor(x * columns + NUDGE), columns - 1)
    row = np.minimum(np.floor(y * rows + NUDGE), rows - 1)
    path: list[tuple[float, float]] = []
    for dot in zip(column.tolist(), row.tolist(), strict=True):
        if path and dot == path[-1]:
            continue
        if len(path) > 1 and max(abs(dot[0] - path[-2][0]), abs(dot[1] - path[-2][1])) == 1:
            path.pop()
        path.append(dot)
    middles = (np.array(path) + 0.5) / (columns, rows)
    return middles[:, 0], middles[:, 1]


def lengths(x: Array, y: Array, width: float, height: float) -> Array:
    """How far along the line its points lie, on a screen of that size."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x) * width, np.diff(y) * height))])


def dashed(
    x: Array, y: Array, width: float, height: float, dash: tuple[float, float]
) -> Iterator[tuple[Array, Array]]:
    """The inked parts of a line, its length measured on the screen."""
    along = lengths(x, y, width, height)
    ink, gap = dash
    for start in np.arange(0.0, along[-1] + ink, ink + gap):
        stop = min(start + ink, along[-1])
        if stop < start:
            return
        between = along[(along > start) & (along < stop)]
        places = np.concatenate([[start], between, [stop]])
        yield np.interp(places, along, x), np.interp(places, along, y)
