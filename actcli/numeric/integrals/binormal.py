"""Means over pairs of correlated normal numbers: E[g(u) g(v)].

By a series in the correlation, or, where that is near 1, by two integrals. With a and b independent
and standard normal, u, v = sqrt(q) (alpha a +- beta b), where alpha**2 and beta**2 are
(1 +- correlation)/2. The inner integral runs over b > 0, since the integrand is even in b, and is
cut, for every a, where u or v meets an edge of the panels that resolve g: only there can the
integrand break. The outer one is smooth in a, if steeply so where beta is small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from actcli.numeric.arrays import Array
from actcli.numeric.integrals.gaussian import expectation, resolution, root_density
from actcli.numeric.integrals.hermite import mean_product_by_series
from actcli.numeric.integrals.quadrature import integrate, nodes

TOLERANCE = 1e-12

_OUTER = np.array([0.0, 3.0, 6.5, 13.0])
_INNER = np.array([0.0, 3.0, 6.0, 9.5])
_ROWS = 512
"""Values of a taken at once: so many inner integrals fit in the cache of the processor."""


def mean_product(
    g: Callable[[Array], Array], q: float, correlation: float, cuts: Iterable[float] = ()
) -> float:
    """E[g(u) g(v)] for normal u and v of variance q; right to some 1e-12 of E[g(u)**2].

    Args:
        g: takes a flat array and returns one of the same size.
        q: the variance, above 0.
        correlation: from -1 to 1.
        cuts: where g or one of its derivatives jumps.
    """
    cuts = tuple(cuts)
    if correlation == 1:
        return float(expectation(lambda x: np.square(g(x))[np.newaxis], q, cuts)[0])
    panels = resolution(lambda x: np.stack([g(x), np.square(g(x))]), q, cuts, TOLERANCE)
    edges = np.concatenate([-panels[:0:-1], panels])
    with np.errstate(all="ignore"):
        by_series = mean_product_by_series(g, np.sqrt(q), correlation, edges, TOLERANCE / 8)
    if by_series is not None:
        return by_series
    inner = _Inner(g, np.sqrt(q), correlation, edges)

    def folded(a: Array) -> tuple[Array, Array]:
        density = root_density(a) ** 2
        right, left = inner(a) * density, inner(-a) * density
        return (right + left)[np.newaxis], (np.abs(right) + np.abs(left))[np.newaxis]

    with np.errstate(all="ignore"):
        steep = inner.steep(np.asarray(cuts) / np.sqrt(q))
        edges = np.unique(np.concatenate([_OUTER, steep[steep < _OUTER[-1]]]))
        return float(integrate(folded, edges, TOLERANCE).values[0])


class _Inner:
    """E over b of g(u) g(v), for given a; `edges` in units of the standard deviation."""

    def __init__(
        self, g: Callable[[Array], Array], scale: float, correlation: float, edges: Array
    ) -> None:
        self.g, self.scale, self.edges = g, scale, edges
        self.alpha = np.sqrt((1 + correlation) / 2)
        self.beta = np.sqrt((1 - correlation) / 2)

    def steep(self, cuts: Array) -> Array:
        """The sizes of a between which the mean follows g over a cut."""
        width = _INNER[-1] * self.beta
        places: Array = np.abs(np.concatenate([cuts - width, cuts, cuts + width])) / self.alpha
        return places

    def __call__(self, a: Array) -> Array:
        pieces = range(0, a.size, _ROWS)
        return np.concatenate([self._mean(a[start : start + _ROWS]) for start in pieces])

    def _mean(self, a: Array) -> Array:
        meetings = np.abs(self.edges - self.alpha * a[:, np.newaxis]) / self.beta
        edges = np.concatenate(
            [np.tile(_INNER, (a.size, 1)), np.minimum(meetings, _INNER[-1])], axis=1
        )
        edges.sort(axis=1)
        row, column = np.nonzero(edges[:, 1:] > edges[:, :-1])
        b, weights = nodes(edges[row, column], edges[row, column + 1])
        centre, offset = self.alpha * a[row, np.newaxis], self.beta * b
        both = self.g(self.scale * np.stack([centre + offset, centre - offset]).reshape(-1))
        u, v = both.reshape(2, *b.shape)
        parts = (u * v * (weights * root_density(b) ** 2)).sum(axis=1)
        return np.bincount(row, 2 * parts, minlength=a.size).astype(np.float64, copy=False)
