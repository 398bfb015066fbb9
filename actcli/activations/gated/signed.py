"""x gated by what changes its sign: tanh and cosine."""

from __future__ import annotations

from actcli.activations.registry import Named, activation
from actcli.numeric.arrays import Array
from actcli.numeric.elementary import tanh_derivative
from actcli.numeric.late import np


@activation("lisht")
class LiSHT(Named):
    """Linearly scaled hyperbolic tangent: a smooth |x|."""

    formula = "x*tanh(x)"
    reference = "Roy et al. 2019, arXiv:1901.05894"

    def f(self, x: Array) -> Array:
        return x * np.tanh(x)

    def df(self, x: Array) -> Array:
        y = np.clip(x, -400, 400) * tanh_derivative(x)
        y += np.tanh(x)
        return y


@activation("gcu", "growing_cosine")
class GCU(Named):
    """Growing cosine unit: oscillates without end, wider and wider."""

    formula = "x*cos(x)"
    reference = "Noel et al. 2021, arXiv:2108.12943"

    def f(self, x: Array) -> Array:
        return x * np.cos(x)

    def df(self, x: Array) -> Array:
        y = np.cos(x)
        y -= x * np.sin(x)
        return y
