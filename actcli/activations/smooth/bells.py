"""Bells: bumps that die out on both sides."""

from __future__ import annotations

from actcli.activations.registry import Named, activation
from actcli.numeric.arrays import Array
from actcli.numeric.elementary import atan_derivative
from actcli.numeric.exponential import (
    exp_minus_half_square,
    exp_minus_square,
    scaled_exp_minus_half_square,
)
from actcli.numeric.late import np


@activation("gaussian", "rbf")
class Gaussian(Named):
    """The bell exp(-x**2)."""

    formula = "exp(-x**2)"
    reference = "classic"

    def f(self, x: Array) -> Array:
        return exp_minus_square(x)

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        y[:] = exp_minus_square(x)
        clipped = np.clip(x, -55, 55)
        np.multiply(clipped, -2, out=dy)
        dy *= y
        far = np.abs(x) > 26
        if far.any():
            m, x = clipped[far], x[far]
            dy[far] = scaled_exp_minus_half_square(-2 * m * exp_minus_half_square(x), x)


@activation("ricker", "mexican_hat")
class Ricker(Named):
    """Ricker wavelet or Mexican hat, (1 - x**2)*exp(-x**2/2)."""

    formula = "(1 - x**2)*exp(-x**2/2)"
    reference = "Ricker 1953, Geophysics 18"

    def f(self, x: Array) -> Array:
        m = np.clip(x, -55, 55)
        return scaled_exp_minus_half_square((1 - m) * (1 + m), x)

    def df(self, x: Array) -> Array:
        # m*(m**2 - 3) = m*(a + sqrt(3))*(a - sqrt(3)) with a = |m|
        m = np.clip(x, -55, 55)
        a = np.abs(m)
        m *= a + _SQRT_3
        m *= (a - _SQRT_3) - _SQRT_3_REST
        return scaled_exp_minus_half_square(m, x)


_SQRT_3, _SQRT_3_REST = 1.7320508075688772, 1.0035084221806903e-16


@activation("cauchy")
class Cauchy(Named):
    """The bell 1/(1 + x**2) with algebraic tails."""

    formula = "1/(1 + x**2)"
    reference = "classic"

    def f(self, x: Array) -> Array:
        return atan_derivative(x)

    def df(self, x: Array) -> Array:
        x = np.clip(x, -(2.0**400), 2.0**400)  # beyond, nothing is left of it
        below = 1 + x * x
        return -2 * x / below / below


@activation("triangle")
class Triangle(Named):
    """The triangle max(0, 1 - |x|); its derivative at the three kinks is 0."""

    formula = "max(0, 1 - abs(x))"
    reference = "classic"

    def f(self, x: Array) -> Array:
        y: Array = np.maximum(1 - np.abs(x), 0)
        return y

    def df(self, x: Array) -> Array:
        return -np.sign(x) * (np.abs(x) < 1)
