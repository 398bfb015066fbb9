"""Integrals by composite 16-point Gauss-Legendre, panels halved until two rules agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actcli.numeric.arrays import Array

_HALF_NODES = (
    0.09501250983763744,
    0.2816035507792589,
    0.45801677765722737,
    0.6178762444026438,
    0.755404408355003,
    0.8656312023878318,
    0.9445750230732326,
    0.9894009349916499,
)
_HALF_WEIGHTS = (
    0.1894506104550685,
    0.18260341504492358,
    0.16915651939500254,
    0.14959598881657674,
    0.12462897125553388,
    0.09515851168249279,
    0.062253523938647894,
    0.027152459411754096,
)
NODES = np.array([-node for node in reversed(_HALF_NODES)] + [*_HALF_NODES])
WEIGHTS = np.array([*reversed(_HALF_WEIGHTS), *_HALF_WEIGHTS])
"""The rule on [-1, 1], rounded from 40 digits: numpy's own weights are off by up to 7e-15."""

_HALVINGS = 400
_MOST_PANELS = 1 << 12
"""Panels that may be in doubt at once: more are roundoff, or too many waves to follow."""

_UNDERFLOW = 1e-300
"""Differences so small may come from subnormal numbers."""

_ROUGH = 1e-8
"""How far, relative to the whole, the two rules may be apart on such panels out of roundoff."""


@dataclass(frozen=True)
class Integral:
    """The integrals of some functions, and the panels on which all of them are resolved."""

    values: Array
    sizes: Array
    """The integrals of the absolute values."""
    edges: Array


def nodes(low: Array, high: Array) -> tuple[Array, Array]:
    """The points of the rule on each panel, of shape (panels, 16), and their weights."""
    half = (high - low) / 2
    return (low + half)[:, np.newaxis] + half[:, np.newaxis] * NODES, half[:, np.newaxis] * WEIGHTS


def integrate(
    integrand: Callable[[Array], tuple[Array, Array]], edges: Array, tolerance: float
) -> Integral:
    """Integrate k functions at once over the panels between neighbouring edges.

    A panel is halved until, for each function, the rule on it and on its halves agree to
    `tolerance` times the integral of the absolute value. The error is far smaller than that where
    the function is smooth on the panels, which is why the edges should include its kinks.

    Args:
        integrand: for n points two arrays of shape (k, n): the functions, and bounds on their
            absolute values that tell how large the parts are that cancel.
        edges: ascending.
        tolerance: relative, see above.

    Returns:
        The integrals; infinite for a function that never settles: around a pole; NaN for one with
        too many waves.
    """
    low, high = edges[:-1], edges[1:]
    coarse, _ = _on_panels(integrand, low, high)
    values = sizes = np.zeros(len(coarse))
    wild = np.zeros(len(coarse), dtype=np.bool_)
    kept = [edges]
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        halves = _on_panels(integrand, np.stack([low, middle], 1), np.stack([middle, high], 1))
        fine, size = (half.sum(axis=-1) for half in halves)
        allowed = tolerance * (sizes + size.sum(axis=-1))
        doubts = ~(np.abs(fine - coarse) <= allowed[:, np.newaxis])
        unsettled = doubts.any(axis=1)
        doubtful = doubts.any(axis=0)
        if not np.all(np.isfinite(fine)):
            doubtful[:] = False
        elif doubtful.sum() > _MOST_PANELS:
            apart = np.abs(fine - coarse).sum(axis=-1)
            wild = apart > _ROUGH * (sizes + size.sum(axis=-1)) + _UNDERFLOW
            doubtful[:] = unsettled[:] = False
        values = values + fine[:, ~doubtful].sum(axis=-1)
        sizes = sizes + size[:, ~doubtful].sum(axis=-1)
        if not doubtful.any():
            break
        kept.append(middle[doubtful])
        coarse = halves[0][:, doubtful].reshape(len(coarse), -1)
        low, high = (
            np.stack(ends, 1)[doubtful].reshape(-1) for ends in ((low, middle), (middle, high))
        )
    values, sizes = np.where(unsettled, np.inf, (values, sizes))
    values = np.where(wild, np.nan, values)
    return Integral(values, sizes, np.sort(np.concatenate(kept)))


def _on_panels(
    integrand: Callable[[Array], tuple[Array, Array]], low: Array, high: Array
) -> tuple[Array, Array]:
    """The integrals over each panel, in the shape of `low` behind the axis of the functions."""
    points, weights = nodes(low.reshape(-1), high.reshape(-1))

    def summed(rows: NDArray[np.float64]) -> Array:
        panels = rows.reshape(len(rows), *points.shape)
        total: Array = (panels * weights).sum(axis=-1)
        return total.reshape(len(rows), *low.shape)

    value, size = integrand(points.reshape(-1))
    return summed(value), summed(size)
