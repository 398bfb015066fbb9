"""Squares of ReLU."""

from __future__ import annotations

from actcli.activations.registry import Named, activation, param
from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import two_product, two_sum
from actcli.numeric.late import np


@activation("relu_squared", "relu2", "squared_relu")
class ReLUSquared(Named):
    """The square of ReLU."""

    formula = "max(x, 0)**2"
    reference = "So et al. 2021, arXiv:2109.08668"

    def f(self, x: Array) -> Array:
        y = np.maximum(x, 0.0)
        y *= y
        return y

    def df(self, x: Array) -> Array:
        return 2 * np.maximum(x, 0.0)


@activation("star_relu")
class StarReLU(Named):
    """The square of ReLU, scaled and shifted to mean 0 and variance 1 for normal inputs."""

    formula = "scale * max(x, 0)**2 + bias"
    reference = "Yu et al. 2022, arXiv:2210.13452"

    scale: float = param(0.8944, above=0.0, examples=(0.7, 1.3), doc="the factor of the square")
    bias: float = param(-0.4472, examples=(0.3, -1.1), doc="what is added to it")

    def f(self, x: Array) -> Array:
        """The kernel; the square is carried beyond 53 bits, for bias may cancel it."""
        r = np.maximum(x, 0.0)
        scaled, scaled_low = two_product(r, self.scale)
        square, square_low = two_product(scaled, r)
        y, y_low = two_sum(square, np.asarray(self.bias))
        y_low += square_low + scaled_low * r
        return y + np.where(np.isfinite(y_low), y_low, 0.0)

    def df(self, x: Array) -> Array:
        return 2 * (self.scale * np.maximum(x, 0.0))
