"""Shrinkage functions: small inputs are pulled to 0."""

from __future__ import annotations

import numpy as np

from actcli.activation import Array, Line
from actcli.catalogue.registry import Named, activation, param
from actcli.numeric.piecewise import indicator


@activation("hardshrink", "hard_threshold", "shrink")
class Hardshrink(Named):
    """Hard shrinkage: inputs up to lambd in size become 0, the others stay (hard thresholding)."""

    formula = "where(abs(x) > lambd, x, 0)"
    reference = "Donoho and Johnstone 1994, Biometrika 81; torch.nn.Hardshrink"
    left = Line(1)
    right = Line(1)

    lambd: float = param(0.5, above=0.0, examples=(0.3, 2.0), doc="half the width of the dead zone")

    @property
    def kinks(self) -> tuple[float, ...]:
        return (-self.lambd, self.lambd)

    def f(self, x: Array) -> Array:
        return x * (np.abs(x) > self.lambd)

    def df(self, x: Array) -> Array:
        return indicator(np.abs(x) > self.lambd, x)


@activation("softshrink", "soft_threshold")
class Softshrink(Named):
    """Soft shrinkage: every input moves by lambd towards 0 and stops there (soft thresholding)."""

    formula = "where(x > lambd, x - lambd, where(x < -lambd, x + lambd, 0))"
    reference = "Donoho 1995, IEEE Trans. Inf. Theory 41; torch.nn.Softshrink"

    lambd: float = param(0.5, above=0.0, examples=(0.3, 2.0), doc="half the width of the dead zone")

    @property
    def kinks(self) -> tuple[float, ...]:
        return (-self.lambd, self.lambd)

    @property
    def left(self) -> Line:
        return Line(1, self.lambd)

    @property
    def right(self) -> Line:
        return Line(1, -self.lambd)

    def f(self, x: Array) -> Array:
        return x - np.clip(x, -self.lambd, self.lambd)

    def df(self, x: Array) -> Array:
        return indicator(np.abs(x) > self.lambd, x)


@activation("tanhshrink")
class Tanhshrink(Named):
    """Tanh shrinkage: x less its hyperbolic tangent, flat like x**3/3 at 0."""

    formula = "x - tanh(x)"
    reference = "torch.nn.Tanhshrink"
    left = Line(1, 1)
    right = Line(1, -1)

    def f(self, x: Array) -> Array:
        a = np.abs(x)
        return np.copysign(np.where(a < 1, _near_zero(a), _away_from_zero(a)), x)

    def df(self, x: Array) -> Array:
        y = np.tanh(x)
        y *= y
        return y


def _near_zero(a: Array) -> Array:
    """A - tanh(a) for 0 <= a < 1 by Lambert's continued fraction, DLMF 4.39.1.

    With tanh(a) = a/(1 + g) and g = a*a/(3 + a*a/(5 + ...)), it is a*g/(1 + g): all positive.
    """
    square = a * a
    g = 17 + square / 19
    for odd in (15, 13, 11, 9, 7, 5, 3):
        g = odd + square / g
    g = square / g
    return a * (g / (1 + g))


def _away_from_zero(a: Array) -> Array:
    """(a - 1) + (1 - tanh(a)) for a >= 1, where a - 1 is exact or harmlessly rounded."""
    e = np.exp(-2 * a)
    y: Array = (a - 1) + 2 * e / (1 + e)
    return y
