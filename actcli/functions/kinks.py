"""The places where a value or a derivative jumps, as numbers for a person and for a program."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from flint import ctx

from actcli.activations.base import Activation
from actcli.formula.jets.conventions import at_point
from actcli.formula.jets.intervals import Interval
from actcli.formula.jets.jets import TIE, Jet
from actcli.structure.asymptotes import is_told, nearest
from actcli.structure.points.branch_point import KINK, REMOVABLE, VERTICAL, BranchPoint
from actcli.structure.points.branch_points import Branches
from actcli.structure.structure import PRECISE, Structure


class Kink(NamedTuple):
    """A place where the value or the derivative jumps.

    A number is infinite at a pole, NaN where it is undefined or not known.
    """

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


def kinks(activation: Activation, structure: Structure) -> Iterator[Kink]:
    """Where f or f' jumps; what it does at an edge of its domain is no kink."""
    for point in filter(is_kink, structure.branches.points):
        is_exact = point.is_exact
        yield Kink(
            x=point.x,
            value_left=_number(point.left),
            value_right=_number(point.right),
            derivative_left=_number(point.slope_left),
            derivative_right=_number(point.slope_right),
            derivative=_by_convention(activation, structure, point)
            if is_exact
            else _slope_at(point),
            value=_number(point.value),
        )


def _by_convention(activation: Activation, structure: Structure, point: BranchPoint) -> float:
    """The slope by the chain rule, or as the kernel has it where that does not say."""
    sides = point.slope_left, point.slope_right
    if all(slope is not None and slope.is_finite() for slope in sides):
        with ctx.workprec(PRECISE):
            jet: Jet = structure.function.over(*at_point(point.x))
        if jet.slope is None and not jet.marks & ~TIE:
            return 0.0
        if not jet.marks & ~TIE and nearest(jet.slope.low) == nearest(jet.slope.high):
            return nearest(jet.slope.low)
    return float(activation.derivative(point.x)) + 0.0


def _slope_at(point: BranchPoint) -> float:
    """The slope at the double next to the place, which lies on one side of it."""
    return _number(point.slope_left if point.x == point.after else point.slope_right)


def jumps(branches: Branches) -> list[float]:
    """Where f is not continuous."""
    return [point.x for point in branches.points if point.is_jump]


def holes(branches: Branches) -> list[BranchPoint]:
    """The single numbers at which f has no value but one limit."""
    return [p for p in branches.points if p.kind == REMOVABLE and p.value is None]


def is_kink(point: BranchPoint) -> bool:
    """Whether f or f' jumps there."""
    bends = point.kind in (KINK, VERTICAL) or (point.kind == REMOVABLE and point.order == 1)
    return bends or point.is_jump


def _number(limit: Interval | None) -> float:
    with ctx.workprec(PRECISE):
        return nearest(limit.ball) if limit is not None and is_told(limit.ball) else math.nan
