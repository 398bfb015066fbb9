"""Weights that are drawn anew for each step, at the cost of vectors.

Of a matrix W that is used once, forward on h and back on g, only W h and W^T g matter. W h is
normal; and given W h = u, W^T g is (g u) h/|h|^2 and normal noise orthogonal to h. So a step costs
O(width) in place of O(width^2), and the numbers have exactly the distribution of those of a matrix.
"""

from __future__ import annotations

import math

import numpy as np

from actcli.numeric.arrays import Array


class FreshWeights:
    """A (rows x width) matrix of N(0, sigma_w^2/width), for one `self @ h`, then one `g @ self`."""

    __array_ufunc__ = None  # so that numpy leaves `g @ self` to this class

    def __init__(self, rows: int, width: int, sigma_w: float, random: np.random.Generator) -> None:
        self._rows, self._scale, self._random = rows, sigma_w / math.sqrt(width), random

    def __matmul__(self, h: Array) -> Array:
        """What the matrix makes of a state: (width,) -> (rows,)."""
        self._size = math.sqrt(h @ h)
        self._direction = h / (self._size or 1.0)
        self._noise = self._scale * self._random.standard_normal(self._rows)
        return self._size * self._noise

    def __rmatmul__(self, g: Array) -> Array:
        """What its transpose makes of a gradient, given what it made of h: (rows,) -> (width,)."""
        direction = self._direction
        noise = self._scale * math.sqrt(g @ g) * self._random.standard_normal(direction.size)
        back: Array = noise + direction * (g @ self._noise - direction @ noise)
        return back
