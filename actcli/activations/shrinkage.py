"""Shrinkage functions: small inputs are pulled to 0."""

from __future__ import annotations

from math import factorial

from actcli.activations.registry import Named, activation, param
from actcli.numeric.arrays import Array
from actcli.numeric.late import np
from actcli.numeric.piecewise import Mask, indicator, overwrite
from actcli.numeric.polynomial import horner


@activation("hardshrink", "hard_threshold", "shrink")
class Hardshrink(Named):
    """Hard shrinkage: inputs up to lambd in size become 0, the others stay (hard thresholding)."""

    formula = "where(abs(x) > lambd, x, 0)"
    reference = "Donoho and Johnstone 1994, Biometrika 81; torch.nn.Hardshrink"

    lambd: float = param(0.5, examples=(0.3, 2.0), doc="half the width of the dead zone")

    def f(self, x: Array) -> Array:
        return self.f_and_df(x)[0]

    def df(self, x: Array) -> Array:
        return indicator(_beyond(np.abs(x), self.lambd), x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        np.abs(x, out=y)
        indicator(_beyond(y, self.lambd), x, out=dy)
        np.multiply(x, dy, out=y)


@activation("softshrink", "soft_threshold")
class Softshrink(Named):
    """Soft shrinkage: every input moves by lambd towards 0 and stops there (soft thresholding)."""

    formula = "where(x > lambd, x - lambd, where(x < -lambd, x + lambd, 0))"
    reference = "Donoho 1995, IEEE Trans. Inf. Theory 41; torch.nn.Softshrink"

    lambd: float = param(0.5, least=0.0, examples=(0.3, 2.0), doc="half the width of the dead zone")

    def f(self, x: Array) -> Array:
        return x - np.clip(x, -self.lambd, self.lambd)

    def df(self, x: Array) -> Array:
        return indicator(_beyond(np.abs(x), self.lambd), x)


def _beyond(size: Array, lambd: float) -> Mask:
    """Where |x| is beyond the dead zone: everywhere where there is none."""
    return size > lambd if lambd > 0 else size >= 0


@activation("tanhshrink")
class Tanhshrink(Named):
    """Tanh shrinkage: x less its hyperbolic tangent, flat like x**3/3 at 0."""

    formula = "x - tanh(x)"
    reference = "torch.nn.Tanhshrink"

    def f(self, x: Array) -> Array:
        return self.f_and_df(x)[0]

    def df(self, x: Array) -> Array:
        y = np.tanh(x)
        y *= y
        return y

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        np.tanh(x, out=dy)
        np.subtract(x, dy, out=y)
        overwrite(y, (x > -1.03) & (x < 1.03), lambda near: _near_zero(x[near]))
        dy *= dy


def _near_zero(x: Array) -> Array:
    """The value for |x| <= 1.03 without cancellation: all coefficients are positive.

    With c[k] those of the diagonal Pade approximant of exp(2x), whose even and odd part have the
    quotient tanh, it is the sum of (c[2j] - c[2j + 1]) x**(2j + 1) over the even part.
    """
    square = x * x
    y = horner(_ABOVE, square)
    y /= horner(_BELOW, square)
    y *= square
    y *= x
    return y


_ORDER = 10
_PADE = (
    *(
        2**k * factorial(2 * _ORDER - k) / (factorial(k) * factorial(_ORDER - k))
        for k in range(_ORDER + 1)
    ),
    0.0,
)
"""c[0], c[1], ... and one more, which is 0."""
_BELOW = _PADE[-2::-2]
_ABOVE = tuple(even - odd for even, odd in zip(_PADE[-2:1:-2], _PADE[:2:-2], strict=True))
