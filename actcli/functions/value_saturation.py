"""Where a function is close to its asymptotes, which is saturation of its values."""

from __future__ import annotations

from typing import NamedTuple

from actcli.functions.views import clipped, overlap
from actcli.structure.boxes import Window
from actcli.structure.structure import Structure
from actcli.structure.undecided import Undecided


class ValueRange(NamedTuple):
    """An unbounded open interval on which f is within eps of the line slope x + intercept."""

    low: float
    high: float
    slope: float
    intercept: float


def value_ranges(
    structure: Structure, eps: float, window: Window | None
) -> tuple[list[ValueRange], list[Undecided]]:
    """At each end with a line, the maximal unbounded interval on which f is within eps of it.

    And where it is not decided whether such an interval goes on.
    """
    found: list[ValueRange] = []
    undecided = []
    for side, line in zip((-1, 1), structure.lines, strict=True):
        if line is None or not eps:
            continue
        near, part = structure.near_line(side, eps)
        if part is not None and overlap(part, window):
            undecided.append(Undecided(*part, "how far f is from its line"))
        if near is not None and overlap(near, window):
            one = ValueRange(*clipped(near, window), *line)
            if all(one[:2] != other[:2] for other in found):
                found.append(one)
    return found, undecided
