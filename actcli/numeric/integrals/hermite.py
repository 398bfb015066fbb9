"""Means over pairs of correlated normal numbers by Hermite coefficients.

With a_n = E[g(z) h_n(z)], h_n the normalised Hermite polynomials, E[g(u) g(v)] is the sum of
a_n**2 c**n, c being the correlation. By Parseval all a_n**2 add up to E[g**2]: so what is left out
is known to be small (Poole et al. 2016, arXiv:1606.05340; Mehler 1866).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from actcli.numeric.arrays import Array
from actcli.numeric.integrals.gaussian import root_density
from actcli.numeric.integrals.quadrature import nodes

MOST_TERMS = 4096
_BLOCK = 64
_WIDEST = 10.0
"""Panels, over the root of the degree, on which a polynomial of that degree is resolved."""


def mean_product_by_series(
    g: Callable[[Array], Array],
    scale: float,
    correlation: float,
    edges: Array,
    tolerance: float,
) -> float | None:
    """E[g(u) g(v)] for u and v of that standard deviation; None where the series is too slow.

    Args:
        g: takes a flat array and returns one of the same size.
        scale: the standard deviation.
        correlation: from -1 to 1.
        edges: ascending, in standard deviations: panels on which g is resolved.
        tolerance: relative to E[g(u)**2].
    """
    if abs(correlation) ** MOST_TERMS > tolerance:
        return None
    degree = math.log(tolerance) / math.log(max(abs(correlation), 0.5))
    panels = _halved(edges, _WIDEST / math.sqrt(degree))
    z, weights = (part.reshape(-1) for part in nodes(panels[:-1], panels[1:]))
    root = root_density(z)
    heights = g(scale * z) * root
    whole = float(np.sum(weights * heights * heights))
    heights *= weights
    before, here = np.zeros_like(z), root
    total, rest = 0.0, whole
    for start in range(0, MOST_TERMS, _BLOCK):
        rows = np.empty((_BLOCK, z.size))
        for n in range(start, start + _BLOCK):
            rows[n - start] = here
            before, here = here, (z * here - np.sqrt(n) * before) / np.sqrt(n + 1)
        squares = (rows @ heights) ** 2
        total += float(squares @ correlation ** np.arange(start, start + _BLOCK))
        rest -= float(squares.sum())
        if abs(correlation) ** (start + _BLOCK) * abs(rest) <= tolerance * whole:
            return total
    return None


def _halved(edges: Array, widest: float) -> Array:
    """The edges, and more between them."""
    while (wide := np.diff(edges) > widest).any():
        edges = np.sort(np.concatenate([edges, (edges[1:] + edges[:-1])[wide] / 2]))
    return edges
