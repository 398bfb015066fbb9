"""The exponential function and the logarithm of its even part."""

from __future__ import annotations

from actcli.activations.registry import Named, activation
from actcli.numeric.arrays import Array
from actcli.numeric.late import np


@activation("exponential", "exp")
class Exponential(Named):
    """The exponential function, its own derivative."""

    formula = "exp(x)"
    reference = "classic; keras.activations.exponential"

    def f(self, x: Array) -> Array:
        return np.exp(x)

    def df(self, x: Array) -> Array:
        return np.exp(x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        np.exp(x, out=y)
        dy[:] = y


@activation("log_cosh")
class LogCosh(Named):
    """log(cosh(x)): a parabola at 0, |x| - log(2) far out; its derivative is tanh."""

    formula = "log(cosh(x))"
    reference = "classic"

    def f(self, x: Array) -> Array:
        # log1p(cosh(a) - 1) with cosh(a) - 1 = expm1(-a)**2/(2*exp(-a)), a = |x| up to 40
        a = np.abs(x)
        far = np.maximum(a - 40, 0)
        a = np.maximum(-a, -40)
        y = np.expm1(a)
        y *= y
        y /= 2 * np.exp(a)
        y = np.log1p(y)
        y += far
        return y

    def df(self, x: Array) -> Array:
        return np.tanh(x)
