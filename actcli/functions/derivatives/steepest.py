"""Where |f'| is largest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import NamedTuple

from flint import ctx

from actcli.formula.jets.jets import OutOfTimeError
from actcli.structure.boxes import Window
from actcli.structure.structure import PRECISE, Structure

_FAR = 2.0**100
"""Beyond it, a place stands for infinity."""

_NEAR = 2.0**-20
"""How far beside a place a stretch is looked for, relative to it."""


class Steepest(NamedTuple):
    """A place where |f'| takes its supremum, or approaches it: a number, a stretch or an end."""

    low: float
    high: float
    """As `low`, unless it is a stretch, open, on which |f'| stays as large."""
    end: str | None
    """`left` or `right` where it is approached as x goes to that infinity, else None."""


def steepest(structure: Structure, window: Window | None) -> list[Steepest]:
    """Where |f'| is largest, ascending; of a function that turns for ever, as seen in a window."""
    found = structure.steepest
    low, high = window or (-math.inf, math.inf)
    ends = [x for x in found.places if abs(x) > _FAR]
    places = [x for x in found.places if abs(x) <= _FAR and low <= x <= high]
    if not places:
        return [
            Steepest(side * math.inf, side * math.inf, end)
            for side, end in ((-1, "left"), (1, "right"))
            if any(side * x > 0 for x in ends)
        ]
    if math.isinf(found.value):
        return [Steepest(x, x, None) for x in places]
    return [*_stretched(structure, places, found.value)]


def _stretched(structure: Structure, places: list[float], most: float) -> Iterator[Steepest]:
    """The places, joined where |f'| stays as large between two of them, or to an end."""
    kinks = {point.x for point in structure.branches.points}
    sides = [(x, *(_stays(structure, x, side, most) for side in (-1, 1))) for x in places]
    sides = [one for one in sides if one[0] in kinks or not (one[1] and one[2])]
    if not sides:
        yield Steepest(-math.inf, math.inf, None)
        return
    if sides[0][1]:
        yield Steepest(-math.inf, places[0], None)
    for (x, before, after), (other, goes_on, _) in pairwise([*sides, (math.inf, True, False)]):
        if after and goes_on:
            yield Steepest(x, other, None)
        elif not before:
            yield Steepest(x, x, None)


def _stays(structure: Structure, x: float, side: int, most: float) -> bool:
    """Whether |f'| is the same on a stretch that begins at x."""
    step = side * _NEAR * max(abs(x), 1.0)
    with ctx.workprec(PRECISE), suppress(OutOfTimeError):
        jet = structure.function.on(min(x + step / 2, x + step), max(x + step / 2, x + step))
        if not jet.marks and jet.curvature is None and jet.slope is not None:
            return math.isclose(abs(float(jet.slope.ball.mid())), most)
    return False
