"""Waves: sines, cosines and what ripples."""

from __future__ import annotations

from math import factorial, frexp

from actcli.activations.registry import Named, activation, param
from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import two_product, two_sum
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


def _phase(x: Array, omega: float, most: float = 2.0**990) -> tuple[Array, Array | None]:
    """omega*x = hi + lo, less whole turns beyond `most`; None stands for a lo of 0."""
    if frexp(omega)[0] == 0.5 and omega <= 1 and most == 2.0**990:
        return omega * x, None
    end = most / max(1.0, omega)
    is_far = np.isfinite(x) & (np.abs(x) > end)
    hi, lo = two_product(np.where(is_far, 0.0, x), omega)
    if is_far.any():
        hi[is_far], lo[is_far] = _without_turns(x[is_far], omega)
    return hi, lo


def _bits(x: Array, omega: float) -> int:
    """Enough for the turns in omega*x, for two doubles, and for what cancels at a root."""
    turns = frexp(float(np.abs(x).max()))[1] + frexp(omega)[1]
    return max(turns, 0) + 400


def _without_turns(x: Array, omega: float) -> tuple[Array, Array]:
    """omega*x less whole turns."""
    from flint import arb, ctx

    with ctx.workprec(_bits(x, omega)):
        turn, factor = 2 * arb.pi(), arb(omega)
        products = [arb(one) * factor for one in x.tolist()]
        rest = [product - turn * (product / turn).mid().floor() for product in products]
        hi = [float(one.mid()) for one in rest]
        lo = [float((one - part).mid()) for one, part in zip(rest, hi, strict=True)]
    return np.array(hi), np.array(lo)


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


_EIGHTH = 0.7853981633974483, 3.061616997868383e-17
"""An eighth of a turn, pi/4, in two doubles."""


def _slope_at_root(x: Array, alpha: float) -> Array:
    """1 + sin(2*alpha*x) where it nearly vanishes."""
    from flint import arb, ctx

    with ctx.workprec(_bits(x, alpha)):
        eighth, factor = arb.pi() / 4, arb(alpha)
        sines = [(arb(one) * factor + eighth).sin() for one in x.tolist()]
        return np.array([float((2 * sin * sin).mid()) for sin in sines])


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
        ripple[np.isinf(x)] = 0
        ripple += x
        return ripple

    def df(self, x: Array) -> Array:
        # 1 + sin(2*t) = (sin(t) + cos(t))**2 = 2*sin(t + pi/4)**2, t = alpha*x
        phase = hi, lo = _phase(x, self.alpha, most=2.0**20)
        root = _sin(phase) + _cos(phase)
        near = np.abs(root) < 0.5
        angle, rest = two_sum(hi[near], np.full(np.count_nonzero(near), _EIGHTH[0]))
        rest += _EIGHTH[1] if lo is None else _EIGHTH[1] + lo[near]
        d: Array = root * root
        root[near] = _sin((angle, rest))
        d[near] = 2 * root[near] ** 2
        at_root = np.abs(root) < 1e-12
        if at_root.any():
            d[at_root] = _slope_at_root(x[at_root], self.alpha)
        return d
