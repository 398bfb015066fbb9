"""The kinks of an activation where they serve as marks: in a picture, among points to look at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.functions.kinks import is_kink
from actcli.functions.views import structure_of
from actcli.structure.boxes import Window
from actcli.structure.points.branch_point import EDGE, POLE, BranchPoint
from actcli.structure.structure import Structure

_MOST = 1000
"""Marks from which on they would say nothing."""

_SECONDS = 0.5


def marked_kinks(activation: Activation, window: Window | None = None) -> tuple[float, ...]:
    """Where f or f' jumps, or has a pole; of an endless function in the window.

    None where there are so many that marks would say nothing.
    """
    return tuple(point.x for point in _points(activation, window) if is_kink(point))


def bends(activation: Activation, window: Window) -> tuple[float, ...]:
    """The doubles at which f, f' or f'' jumps; of an endless function in the window."""
    window_or_all = window if _is_endless(activation) else None
    points = _points(activation, window_or_all)
    return tuple(p.x for p in points if p.is_exact and p.order is not None and p.order <= 2)


def landmarks(activation: Activation, window: Window | None = None) -> tuple[float, ...]:
    """The marked kinks, and where f begins or ends."""
    points = _points(activation, window)
    return tuple(point.x for point in points if is_kink(point) or point.kind in (EDGE, POLE))


@lru_cache(maxsize=64)
def _is_endless(activation: Activation) -> bool:
    return Structure(activation, seconds=_SECONDS).is_endless


@lru_cache(maxsize=64)
def _points(activation: Activation, window: Window | None) -> Sequence[BranchPoint]:
    try:
        found = structure_of(activation, window, _SECONDS).branches.points
    except ActcliError:
        return ()
    marks = [point for point in found if is_kink(point) or point.kind in (EDGE, POLE)]
    return found if len(marks) <= _MOST else ()
