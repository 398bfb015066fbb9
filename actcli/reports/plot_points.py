"""Measured points in a picture: as they are, or how far they are from the functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from actcli.activations.base import Activation
from actcli.charts.model import Curve
from actcli.functions.measured.points import Points
from actcli.numeric.arrays import Array

MOST = 5000
"""Points that are drawn; of more, every so many."""


def point_curves(points: Points, series: int, *, derivative: bool) -> Iterator[Curve]:
    """The points over the curves, and if asked for those of the derivative."""
    name = _name(points)
    yield Curve(name, *_dots(points.x, points.y), series)
    if derivative and points.dy is not None:
        yield Curve(f"{name} derivative", *_dots(points.x, points.dy), series, secondary=True)


def residual_curves(
    functions: Sequence[Activation], points: Points, *, derivative: bool
) -> Iterator[Curve]:
    """The points less the functions."""
    for series, function in enumerate(functions):
        value, slope = function.value_and_derivative(points.x)
        dy = None if points.dy is None else points.dy - slope
        name = f"{_name(points)} - {function}"
        left = points._replace(source=name, y=points.y - value, dy=dy)
        yield from point_curves(left, series, derivative=derivative)


def _name(points: Points) -> str:
    return "data" if points.source == "-" else points.source


def _dots(x: Array, y: Array) -> tuple[Array, Array]:
    """Places with gaps between, so that no line joins them."""
    thinned = slice(None, None, max(1, -(-x.size // MOST)))
    return np.repeat(x[thinned], 2), np.column_stack(
        [y[thinned], np.full_like(y[thinned], np.nan)]
    ).reshape(-1)


def frame(curves: Sequence[Curve], window: tuple[float, float]) -> tuple[float, float] | None:
    """The heights that points in the window need; None where there are none."""
    low, high = window
    heights = [curve.y[(curve.x >= low) & (curve.x <= high)] for curve in curves]
    found = np.concatenate([np.empty(0), *heights])
    found = found[np.isfinite(found)]
    return (float(found.min()), float(found.max())) if found.size else None
