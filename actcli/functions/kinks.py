"""The places where a value or a derivative jumps, as numbers for a person and for a program."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from actcli.activations.base import Activation
from actcli.formula.jets.intervals import Interval
from actcli.numeric.late import np
from actcli.structure.asymptotes import nearest
from actcli.structure.points.branch_point import JUMPS, KINK, POLE, REMOVABLE, VERTICAL, BranchPoint
from actcli.structure.points.branch_points import Branches


class Kink(NamedTuple):
    """A place where the value or the derivative jumps. Infinite at a pole, NaN where undefined."""

    x: float
    value_left: float
    """The limit of f from the left."""
    value_right: float
    """The limit of f from the right."""
    derivative_left: float
    """The limit of f' from the left."""
    derivative_right: float
    """The limit of f' from the right."""
    derivative: float
    """f'(x): if the place is exactly that double, by convention: PyTorch's, for the functions that
    PyTorch has."""
    value: float
    """f(x) itself."""


def kinks(activation: Activation, branches: Branches) -> Iterator[Kink]:
    """Where f or f' jumps; what it does at an edge of its domain is no kink."""
    points = [point for point in branches.points if is_kink(point)]
    if not points:
        return
    slopes = activation.derivative(np.array([point.x for point in points], np.float64))
    for point, convention in zip(points, slopes.tolist(), strict=True):
        slope = convention if point.is_exact else _number(_slope_at(point))
        yield Kink(
            point.x,
            _number(point.left),
            _number(point.right),
            _number(point.slope_left),
            _number(point.slope_right),
            slope + 0.0,
            _number(point.value),
        )


def _slope_at(point: BranchPoint) -> Interval | None:
    """The slope at the double next to the place, which lies on one side of it."""
    return point.slope_left if point.x == point.after else point.slope_right


def jumps(branches: Branches) -> list[float]:
    """Where f is not continuous."""
    return [point.x for point in branches.points if _is_jump(point)]


def holes(branches: Branches) -> list[BranchPoint]:
    """The single numbers at which f has no value but one limit."""
    return [p for p in branches.points if p.kind == REMOVABLE and p.value is None]


def _is_jump(point: BranchPoint) -> bool:
    if point.kind == POLE:
        return point.left is not None and point.right is not None
    return point.kind == JUMPS or (point.kind == REMOVABLE and point.value is not None)


def is_kink(point: BranchPoint) -> bool:
    """Whether f or f' jumps there."""
    bends = point.kind in (KINK, VERTICAL) or (point.kind == REMOVABLE and point.order == 1)
    return bends or _is_jump(point)


def _number(limit: Interval | None) -> float:
    return math.nan if limit is None else nearest(limit.ball)
