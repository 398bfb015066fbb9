"""The root of a mean square over a range, by Gauss-Legendre between the places where f turns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from actcli.activation import Array
from actcli.numeric.quadrature import NODES, integrate

_PANELS = 16
_TOLERANCE = 1e-12

_STEEP = 0.25
"""The part of the values around it by which f may change between an end and the nearest node."""

_CLOSER = 2.0**-6
"""How much nearer to an end a panel is cut where it changes more."""

_CUTS = 12


def root_mean_square(values: Callable[[Array], Array], turns: Sequence[float]) -> float:
    """The root of the mean of f**2 between the first and the last of the ascending places.

    f is monotone between neighbours of them, so what happens close to one shows in its values
    there. Infinite for what never settles, as around a pole; NaN where f is undefined in the range.
    """
    low, high = turns[0], turns[-1]
    edges = np.unique([*turns, *np.linspace(low, high, _PANELS + 1)])

    def square(x: Array) -> tuple[Array, Array]:
        rows = values(x)[np.newaxis] ** 2
        return rows, rows

    with np.errstate(all="ignore"):
        if np.isnan(values((edges[1:] + edges[:-1]) / 2)).any():
            return math.nan
        (total,) = integrate(square, _resolved(values, edges), _TOLERANCE).values
    return math.sqrt(total / (high - low))


def _resolved(values: Callable[[Array], Array], edges: Array) -> Array:
    """The edges, and more near those beside which f changes before the nearest node of the rule."""
    for _ in range(_CUTS):
        low, high = edges[:-1], edges[1:]
        middle, half = low + (high - low) / 2, (high - low) / 2
        places = [
            np.nextafter(low, high),
            middle + half * NODES[0],
            np.nextafter(high, low),
            middle + half * NODES[-1],
        ]
        around = values(np.concatenate(places)).reshape(len(places), -1)
        allowed = _STEEP * np.abs(around).max(axis=0)
        steep = np.abs(around[0] - around[1]) > allowed, np.abs(around[2] - around[3]) > allowed
        closer = (low + _CLOSER * (high - low))[steep[0]], (high - _CLOSER * (high - low))[steep[1]]
        finer = np.unique(np.concatenate([edges, *closer]))
        if finer.size == edges.size:
            break
        edges = finer
    return edges
