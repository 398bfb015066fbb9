"""Rectifiers with one half bent towards a level or a logarithm."""

from __future__ import annotations

from math import sqrt

from actcli.activations.registry import Named, activation, param
from actcli.numeric.arrays import Array
from actcli.numeric.late import np


@activation("nlrelu")
class NLReLU(Named):
    """The logarithm of 1 plus a scaled ReLU: grows ever more slowly."""

    formula = "log1p(beta * max(x, 0))"
    reference = "Liu et al. 2019, arXiv:1908.03682"

    beta: float = param(1.0, above=0.0, examples=(0.7, 1.7), doc="the slope right of 0")

    def f(self, x: Array) -> Array:
        r = np.maximum(x, 0.0)
        scaled = self.beta * r
        overflown = np.isinf(scaled)
        y = np.log1p(scaled)
        y[overflown] = np.log(r[overflown]) + np.log(self.beta)
        return y

    def df(self, x: Array) -> Array:
        y = 1 / (1 / self.beta + np.maximum(x, 0.0))
        y *= x > 0
        return y


@activation("isrlu")
class ISRLU(Named):
    """Inverse square root linear unit: x on the right, falls to -1/sqrt(alpha) on the left."""

    formula = "where(x > 0, x, x / sqrt(1 + alpha * x**2))"
    reference = "Carlile et al. 2017, arXiv:1710.09967"

    alpha: float = param(
        1.0, least=1e-100, most=1e100, examples=(0.7, 3.0), doc="the left plateau, as 1/depth**2"
    )

    def f(self, x: Array) -> Array:
        y = np.maximum(x, -(2.0**60) / sqrt(self.alpha))  # from there on it is level to a double
        return np.maximum(x, 0.0) + np.minimum(y, 0.0) / np.sqrt(1 + self.alpha * y * y)

    def df(self, x: Array) -> Array:
        n = np.minimum(x, 0.0)
        s = 1 + self.alpha * n * n
        return 1 / s / np.sqrt(s)
