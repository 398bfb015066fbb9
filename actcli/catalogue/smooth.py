"""Smooth functions of other shapes: bells, waves and soft ramps."""

from __future__ import annotations

from math import factorial, frexp, log, pi

import numpy as np

from actcli.activation import Array, Line
from actcli.catalogue.registry import Named, activation, param
from actcli.numeric.elementary import (
    atan_derivative,
    exp_minus_half_square,
    exp_minus_square,
    scaled_exp_minus_half_square,
    sigmoid,
    softplus,
    two_product,
)
from actcli.numeric.polynomial import horner


@activation("exponential", "exp")
class Exponential(Named):
    """The exponential function, its own derivative."""

    formula = "exp(x)"
    reference = "classic; keras.activations.exponential"
    left = Line(0)

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
    left = Line(-1, -log(2))
    right = Line(1, -log(2))

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


@activation("gaussian", "rbf")
class Gaussian(Named):
    """The bell exp(-x**2)."""

    formula = "exp(-x**2)"
    reference = "classic"
    left = Line(0)
    right = Line(0)

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
    left = Line(0)
    right = Line(0)

    def f(self, x: Array) -> Array:
        m = np.clip(x, -55, 55)
        return scaled_exp_minus_half_square((1 - m) * (1 + m), x)

    def df(self, x: Array) -> Array:
        m = np.clip(x, -55, 55)
        return scaled_exp_minus_half_square(m * (m * m - 3), x)


@activation("cauchy")
class Cauchy(Named):
    """The bell 1/(1 + x**2) with algebraic tails."""

    formula = "1/(1 + x**2)"
    reference = "classic"
    left = Line(0)
    right = Line(0)

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
    left = Line(0)
    right = Line(0)
    kinks = (-1.0, 0.0, 1.0)

    def f(self, x: Array) -> Array:
        y: Array = np.maximum(1 - np.abs(x), 0)
        return y

    def df(self, x: Array) -> Array:
        return -np.sign(x) * (np.abs(x) < 1)


_LARGEST = float(np.finfo(np.float64).max)


@activation("bent_identity", "bentid")
class BentIdentity(Named):
    """A hyperbola that bends from slope 1/2 to slope 3/2."""

    formula = "(sqrt(x**2 + 1) - 1)/2 + x"
    reference = "classic; dks"
    left = Line(0.5, -0.5)
    right = Line(1.5, -0.5)

    def f(self, x: Array) -> Array:
        # (h - 1)/2 = x**2/(h + 1)/2 with h = hypot(x, 1)
        finite = np.clip(x, -_LARGEST, _LARGEST)
        y: Array = finite / (np.hypot(finite, 1) + 1)
        y *= 0.5
        y += 1
        y *= x
        return y

    def df(self, x: Array) -> Array:
        finite = np.clip(x, -_LARGEST, _LARGEST)
        return 1 + 0.5 * (finite / np.hypot(finite, 1))


@activation("sqrt_softplus")
class SqrtSoftplus(Named):
    """Square root of softplus: sqrt(x) far right, exp(x/2) far left."""

    formula = "sqrt(softplus(x))"
    reference = "Hugging Face transformers"
    left = Line(0)

    def f(self, x: Array) -> Array:
        return np.where(x < -40, np.exp(x / 2), np.sqrt(softplus(x)))

    def df(self, x: Array) -> Array:
        return 0.5 * np.where(x < -40, np.exp(x / 2), sigmoid(x) / np.sqrt(softplus(x)))


@activation("sin", "sine", "siren")
class Sin(Named):
    """Sine wave."""

    formula = "sin(omega*x)"
    reference = "Sitzmann et al. 2020, arXiv:2006.09661"

    omega: float = param(1.0, above=0.0, examples=(0.3, 30.0), doc="angular frequency")

    @property
    def period(self) -> float:
        return 2 * pi / self.omega

    def f(self, x: Array) -> Array:
        return _sin(_phase(x, self.omega))

    def df(self, x: Array) -> Array:
        return self.omega * _cos(_phase(x, self.omega))

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        phase = _phase(x, self.omega)
        y[:] = _sin(phase)
        np.multiply(_cos(phase), self.omega, out=dy)


@activation("cos", "cosine")
class Cos(Named):
    """Cosine wave."""

    formula = "cos(omega*x)"
    reference = "classic; dks"

    omega: float = param(1.0, above=0.0, examples=(0.3, 30.0), doc="angular frequency")

    @property
    def period(self) -> float:
        return 2 * pi / self.omega

    def f(self, x: Array) -> Array:
        return _cos(_phase(x, self.omega))

    def df(self, x: Array) -> Array:
        return -self.omega * _sin(_phase(x, self.omega))

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        phase = _phase(x, self.omega)
        y[:] = _cos(phase)
        np.multiply(_sin(phase), -self.omega, out=dy)


def _phase(x: Array, omega: float) -> tuple[Array, Array | None]:
    """omega*x = hi + lo; None stands for a lo of 0."""
    if frexp(omega)[0] == 0.5 and omega <= 1:
        return omega * x, None
    # Beyond the end, doubles are so many periods apart that any phase is right within an ulp of x.
    end = 2.0**990 / max(1.0, omega)
    return two_product(np.where(np.isfinite(x), np.clip(x, -end, end), x), omega)


def _sin(phase: tuple[Array, Array | None]) -> Array:
    hi, lo = phase
    return np.sin(hi) if lo is None else np.sin(hi) * np.cos(lo) + np.cos(hi) * np.sin(lo)


def _cos(phase: tuple[Array, Array | None]) -> Array:
    hi, lo = phase
    return np.cos(hi) if lo is None else np.cos(hi) * np.cos(lo) - np.sin(hi) * np.sin(lo)


@activation("sinc")
class Sinc(Named):
    """sin(x)/x, unnormalised: ripples that die out as 1/x."""

    formula = "where(x == 0, 1, sin(x)/x)"
    reference = "classic; dks"
    left = Line(0)
    right = Line(0)
    endless = True

    def f(self, x: Array) -> Array:
        y = np.sin(x) / x
        y[x == 0] = 1
        y[np.isinf(x)] = 0
        return y

    def df(self, x: Array) -> Array:
        y = (np.cos(x) - np.sin(x) / x) / x
        near = np.abs(x) < 1
        y[near] = x[near] * horner(_SINC_SLOPE, x[near] * x[near])
        y[np.isinf(x)] = 0
        return y


_SINC_SLOPE = tuple((-1) ** k * 2 * k / factorial(2 * k + 1) for k in range(9, 0, -1))
"""The power series of sinc'(x)/x in x**2."""


@activation("snake")
class Snake(Named):
    """A ramp with ripples, x + sin(alpha*x)**2/alpha."""

    formula = "x + sin(alpha*x)**2/alpha"
    reference = "Ziyin et al. 2020, arXiv:2006.08195"
    endless = True

    alpha: float = param(
        1.0, above=0.0, most=1e300, examples=(0.3, 5.0), doc="frequency of the ripples"
    )

    def f(self, x: Array) -> Array:
        # sin(t)**2 = (1 - cos(2*t))/2, more accurate where it nearly cancels t
        ripple = (1 - _cos(_phase(x, 2 * self.alpha))) / (2 * self.alpha)
        near = np.abs(x) < 0.25 / self.alpha
        sin = _sin(_phase(x[near], self.alpha))
        ripple[near] = sin * (sin / self.alpha)
        ripple += x
        return ripple

    def df(self, x: Array) -> Array:
        # 1 + sin(2*t) = (sin(t) + cos(t))**2, t = alpha*x
        phase = _phase(x, self.alpha)
        d = _sin(phase) + _cos(phase)
        d *= d
        return d
