"""A line in the unit square as the dots of a screen, and as dashes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from actcli.numeric.arrays import Array

NUDGE = 1e-6
"""Dots by which a point on the border of two is moved, so that its last bit decides nothing."""


Line = tuple[Array, Array]
"""The x and the y of the points of a polyline."""


def dots(x: Array, y: Array, columns: int, rows: int, *, between: bool = True) -> Line:
    """The middles of the dots that the line goes through, without those that are only corners.

    Those of its points alone, if not of what is `between` them.
    """
    x, y = x * columns, y * rows
    if between:
        x, y = _steps_of_a_dot(x, y)
    column = np.minimum(np.floor(x + NUDGE), columns - 1)
    row = np.minimum(np.floor(y + NUDGE), rows - 1)
    moves = np.concatenate([[True], (np.diff(column) != 0) | (np.diff(row) != 0)])
    path: list[tuple[float, float]] = []
    for dot in zip(column[moves].tolist(), row[moves].tolist(), strict=True):
        if len(path) > 1 and max(abs(dot[0] - path[-2][0]), abs(dot[1] - path[-2][1])) == 1:
            path.pop()
        path.append(dot)
    middles = (np.array(path) + 0.5) / (columns, rows)
    return middles[:, 0], middles[:, 1]


def _steps_of_a_dot(x: Array, y: Array) -> Line:
    """The line with points in between, so that none is more than a dot from the one before."""
    longest = np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y)))
    reached = np.concatenate([[0.0], np.cumsum(np.maximum(np.ceil(longest), 1.0))])
    steps = np.arange(reached[-1] + 1)
    return np.interp(steps, reached, x), np.interp(steps, reached, y)


def turns(
    curves: Sequence[Sequence[Line]], columns: int, rows: int
) -> Sequence[Sequence[tuple[float, float]]]:
    """Of each curve a dot in the cells that are its turn among those it shares: a, b, a, b.

    A curve is its lines, whose points are dots.
    """
    owners: dict[tuple[int, int], dict[int, tuple[float, float]]] = {}
    for number, lines in enumerate(curves):
        for x, y in lines:
            for at in zip(x.tolist(), y.tolist(), strict=True):
                cell = int(at[0] * columns), int(at[1] * rows)
                owners.setdefault(cell, {}).setdefault(number, at)
    found: list[list[tuple[float, float]]] = [[] for _ in curves]
    met: Counter[tuple[int, ...]] = Counter()
    for owned in owners.values():
        if len(owned) > 1:
            together = tuple(owned)
            number = together[met[together] % len(together)]
            met[together] += 1
            found[number].append(owned[number])
    return found


def fills(lines: Sequence[Line], width: float, height: float) -> bool:
    """Whether the lines are so long that they fill a screen of that size."""
    return sum(float(_lengths(x * width, y * height)[-1]) for x, y in lines) > width * height


def _lengths(x: Array, y: Array) -> Array:
    """How far along the line its points lie."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])


def dashed(
    x: Array, y: Array, width: float, height: float, dash: tuple[float, float]
) -> Iterator[Line]:
    """The inked parts of a line, its length measured on the screen."""
    along = _lengths(x * width, y * height)
    ink, gap = dash
    for start in np.arange(0.0, along[-1] + ink, ink + gap):
        stop = min(start + ink, along[-1])
        if stop < start:
            return
        between = along[(along > start) & (along < stop)]
        places = np.concatenate([[start], between, [stop]])
        yield np.interp(places, along, x), np.interp(places, along, y)
