"""The kinks of an activation where they serve as marks: in a picture, among points to look at."""

from __future__ import annotations

from functools import lru_cache

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.functions.views import structure_of
from actcli.structure.boxes import Window
from actcli.structure.points.branch_point import REMOVABLE, SMOOTH, BranchPoint

_MOST = 1000
"""Marks from which on they would say nothing."""

_SECONDS = 0.5


@lru_cache(maxsize=64)
def marked_kinks(activation: Activation, window: Window | None = None) -> tuple[float, ...]:
    """Where f or f' jumps, has a pole, or f begins or ends; of an endless function in the window.

    None where there are so many that marks would say nothing.
    """
    try:
        points = structure_of(activation, window, _SECONDS).branches.points
    except ActcliError:
        return ()
    places = tuple(point.x for point in points if _is_mark(point))
    return places if len(places) <= _MOST else ()


def _is_mark(point: BranchPoint) -> bool:
    if point.kind == REMOVABLE:
        return point.value is not None or point.order == 1
    return point.kind != SMOOTH
