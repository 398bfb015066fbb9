"""The root of a mean square over a range, by Gauss-Legendre on panels that hide nothing."""

from __future__ import annotations

import math
from time import process_time

import numpy as np

from actcli.formula.jets.jets import OutOfTimeError
from actcli.numeric.arrays import Array
from actcli.numeric.integrals.quadrature import integrate, nodes
from actcli.structure.differences.apart import Apart

_PANELS = 16
_TOLERANCE = 1e-12

_HIDDEN, _LEAST = 16.0, 2.0**-20
"""A panel may hide so many times the change that its nodes show, and this part of the largest."""

_HALVINGS = 40
_MOST_PANELS = 1 << 7


def root_mean_square(apart: Apart, low: float, high: float, seconds: float) -> float:
    """The root of the mean of (f - g)**2 over a range.

    Infinite for what never settles, as around a pole; NaN where either is undefined in the range.

    Raises:
        OutOfTimeError: it takes more than that many seconds of CPU.
    """
    deadline = process_time() + seconds

    def square(x: Array) -> tuple[Array, Array]:
        if process_time() > deadline:
            raise OutOfTimeError
        rows = apart.values(x)[np.newaxis] ** 2
        return rows, rows

    with np.errstate(all="ignore"), apart.within(seconds):
        edges = _edges(apart, np.linspace(low, high, _PANELS + 1))
        if np.isnan(apart.values((edges[1:] + edges[:-1]) / 2)).any():
            return math.nan
        (total,) = integrate(square, edges, _TOLERANCE).values
    return math.sqrt(total / (high - low))


def _edges(apart: Apart, edges: Array) -> Array:
    """The edges, and more where f - g may change far more between nodes than they show: needles."""
    low, high = edges[:-1], edges[1:]
    largest = 0.0
    for _ in range(_HALVINGS):
        points, _weights = nodes(low, high)
        values = apart.values(points.reshape(-1)).reshape(points.shape)
        finite = np.where(np.isfinite(values), values, 0.0)
        largest = max(largest, float(np.abs(finite).max(initial=0.0)))
        shown = finite.max(axis=1) - finite.min(axis=1)
        panels = zip(low.tolist(), high.tolist(), strict=True)
        steepest = [apart.steepest_on(*panel) for panel in panels]
        middle = low + (high - low) / 2
        is_hiding = np.array(steepest) * (high - low) > _HIDDEN * shown + _LEAST * largest
        is_hiding &= (low < middle) & (middle < high)
        if not is_hiding.any() or edges.size > _MOST_PANELS:
            break
        low, middle, high = low[is_hiding], middle[is_hiding], high[is_hiding]
        edges = np.union1d(edges, middle)
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    return edges
