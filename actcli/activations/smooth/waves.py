"""Waves: sines, cosines and what ripples."""

from __future__ import annotations

from math import factorial, frexp

from actcli.activations.registry import Named, activation, param
from actcli.numeric.arrays import Array
from actcli.numeric.elementary import two_product
from actcli.numeric.late import np
from actcli.numeric.polynomial import horner


@activation("sin", "sine", "siren")
class Sin(Named):
    """Sine wave."""

    formula = "sin(omega*x)"
    reference = "Sitzmann et al. 2020, arXiv:2006.09661"

    omega: float = param(
        1.0, least=1e-100, most=1e100, examples=(0.3, 30.0), doc="angular frequency"
    )

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

    omega: float = param(
        1.0, least=1e-100, most=1e100, examples=(0.3, 30.0), doc="angular frequency"
    )

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

    alpha: float = param(
        1.0, least=1e-100, most=1e100, examples=(0.3, 5.0), doc="frequency of the ripples"
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
