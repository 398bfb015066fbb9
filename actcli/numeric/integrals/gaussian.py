"""Means over normal numbers: E[g(x)] for x ~ N(0, q), the integral cut where g breaks.

In z = x/sqrt(q) the density is that of the standard normal, g has its features where x is of the
order of 1 or at its cuts, and both ends of the line are folded onto z >= 0, so that the mean of an
odd function is exactly 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from actcli.numeric.arrays import Array
from actcli.numeric.integrals.quadrature import Integral, integrate

Function = Callable[[Array], Array]
Factors = Callable[[Array], tuple[Array, Array]]

TOLERANCE = 1e-15

REACH = 52.0
"""Standard deviations looked at: beyond, the square root of the density is subnormal."""

_DENSITY = np.concatenate([np.arange(14.0), [20.0, REACH]])
"""Panels, in z, that resolve the density."""

_FEATURES = np.concatenate([np.arange(1.5, 24, 1.5), 24 * 1.25 ** np.arange(34)])
"""Panels, in x, that resolve what happens on a scale of 1, or of a quarter of x."""

_COARSE = np.array([0.0, 3.0, 6.5, 13.0])
"""Panels, in z, that resolve the density to some 1e-13."""

_NEGLIGIBLE = 1e-12

_ROUNDOFF = 2.0**-52
"""What is that small beside E|g| is the roundoff of a mean of 0."""


def expectation(g: Function, q: float, cuts: Iterable[float] = ()) -> Array:
    """E[g(x)] for x ~ N(0, q), for each of the functions in the rows of g.

    Args:
        g: for n points, an array of shape (k, n).
        q: the variance, above 0.
        cuts: where g or one of its derivatives jumps.

    Returns:
        k means, right to some 1e-15 E|g|; NaN or infinite where the integral is not finite or g
        overflows where it counts.
    """
    return mean_products(lambda x: (g(x), np.ones(1)), q, cuts)


def mean_products(factors: Factors, q: float, cuts: Iterable[float] = ()) -> Array:
    """E[a(x) b(x)] for each row of the factors: finite where a*b alone would overflow."""
    return _mean(factors, q, _edges(q, cuts), TOLERANCE).values


def resolution(g: Function, q: float, cuts: Iterable[float], tolerance: float) -> Array:
    """Edges, from z = 0 to 13, of few panels that resolve g(sqrt(q) z) and g(-sqrt(q) z)."""
    edges = _edges(q, cuts, _COARSE)
    return _mean(lambda x: (g(x), np.ones(1)), q, edges, tolerance).edges


def _mean(factors: Factors, q: float, edges: Array, tolerance: float) -> Integral:
    scale = np.sqrt(q)

    def folded(z: Array) -> tuple[Array, Array]:
        x = scale * z
        root = root_density(z)
        a, b = (
            np.broadcast_to(factor, (len(factor), 2 * z.size)) * np.concatenate([root, root])
            for factor in factors(np.concatenate([x, -x]))
        )
        products = a * b
        right, left = products[:, : z.size], products[:, z.size :]
        return right + left, np.abs(right) + np.abs(left)

    with np.errstate(all="ignore"):
        found = integrate(folded, edges, tolerance)
        endless = folded(edges[-1:])[1][:, 0] > _NEGLIGIBLE * found.sizes
    values = np.where(np.abs(found.values) < _ROUNDOFF * found.sizes, 0.0, found.values)
    return Integral(np.where(endless, np.inf, values), found.sizes, found.edges)


def _edges(q: float, cuts: Iterable[float], density: Array = _DENSITY) -> Array:
    scale = np.sqrt(q)
    with np.errstate(over="ignore"):
        broken = np.abs(np.asarray(tuple(cuts), np.float64)) / scale
    features = _FEATURES / scale
    inside = [broken[broken < density[-1]], features[features < _COARSE[-1]]]
    return np.unique(np.concatenate([density, *inside]))


def root_density(z: Array) -> Array:
    """The square root of the standard normal density."""
    root: Array = np.exp(-0.25 * z * z)
    root *= (2 * np.pi) ** -0.25
    return root
