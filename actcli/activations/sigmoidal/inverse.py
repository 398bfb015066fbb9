"""Inverses of the tangent, the hyperbolic sine and the symmetric exponential."""

from __future__ import annotations

from actcli.activations.registry import Named, activation
from actcli.numeric import elementary
from actcli.numeric.arrays import Array
from actcli.numeric.late import np


@activation("atan", "arctan")
class Atan(Named):
    """The inverse tangent: rises from -pi/2 to pi/2."""

    formula = "atan(x)"
    reference = "DLMF 4.23.3; torch.atan"

    def f(self, x: Array) -> Array:
        return np.arctan(x)

    def df(self, x: Array) -> Array:
        return elementary.atan_derivative(x)


@activation("asinh", "arcsinh")
class Asinh(Named):
    """The inverse hyperbolic sine: a logarithm on both sides."""

    formula = "asinh(x)"
    reference = "DLMF 4.37.1; torch.asinh"

    def f(self, x: Array) -> Array:
        return np.arcsinh(x)

    def df(self, x: Array) -> Array:
        a = np.abs(x)
        near = np.minimum(a, 2.0**60)
        y: Array = 1 / np.maximum(np.sqrt(1 + near * near), a)
        return y


@activation("symlog")
class Symlog(Named):
    """The logarithm of 1 + |x| with the sign of x."""

    formula = "where(x > 0, log1p(x), -log1p(-x))"
    reference = "Hafner et al. 2023, arXiv:2301.04104"

    def f(self, x: Array) -> Array:
        return np.copysign(np.log1p(np.abs(x)), x)

    def df(self, x: Array) -> Array:
        y: Array = 1 / (np.abs(x) + 1)
        return y
