"""Sigmoids from roots and squares alone."""

from __future__ import annotations

from math import sqrt

from actcli.activations.registry import Named, activation, param
from actcli.numeric.arrays import Array
from actcli.numeric.late import np


@activation("isru")
class ISRU(Named):
    """Inverse square root unit: rises from -1/sqrt(alpha) to 1/sqrt(alpha)."""

    formula = "x / sqrt(1 + alpha * x**2)"
    reference = "Carlile et al. 2017, arXiv:1710.09967"

    alpha: float = param(
        1.0, least=1e-100, most=1e100, examples=(0.7, 3.0), doc="the plateaus, as 1/height**2"
    )

    def f(self, x: Array) -> Array:
        level = 2.0**60 / sqrt(self.alpha)  # from there on it is level to a double
        y = np.clip(x, -level, level)
        return y / np.sqrt(1 + self.alpha * y * y)

    def df(self, x: Array) -> Array:
        s = 1 + self.alpha * x * x
        return 1 / s / np.sqrt(s)


@activation("sqnl", "square_nonlinearity")
class SQNL(Named):
    """Two parabolas in place of tanh: reaches -1 at -2 and 1 at 2."""

    formula = "where(abs(x) < 2, x - sign(x) * x**2 / 4, sign(x))"
    reference = "Wuraola and Patel 2018, IJCNN"

    def f(self, x: Array) -> Array:
        y = np.clip(x, -2.0, 2.0)
        return y * (1 - np.abs(y) / 4)

    def df(self, x: Array) -> Array:
        return 1 - np.minimum(np.abs(x), 2.0) / 2
