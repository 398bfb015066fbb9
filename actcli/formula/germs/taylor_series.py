"""Taylor series of the elementary functions, composed from those that Arb has."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, arb_series


def _tanh(s: arb_series) -> arb_series:
    power = (2 * s).exp()
    return (power - 1) / (power + 1)


def _tanh_slope(s: arb_series) -> arb_series:
    power = (2 * s).exp()
    return 4 * power / ((power + 1) * (power + 1))


def _sigmoid_slope(s: arb_series) -> arb_series:
    power = (-s).exp()
    return power / ((1 + power) * (1 + power))


def _sigmoid_curvature(s: arb_series) -> arb_series:
    power = (-s).exp()
    return power * (power - 1) / ((1 + power) * (1 + power) * (1 + power))


SERIES: dict[str, Callable[[arb_series], arb_series]] = {
    "exp": lambda s: s.exp(),
    "expm1": lambda s: s.exp() - 1,
    "log": lambda s: s.log(),
    "log1p": lambda s: (s + 1).log(),
    "sqrt": lambda s: s.sqrt(),
    "sin": lambda s: s.sin(),
    "cos": lambda s: s.cos(),
    "sinh": lambda s: (s.exp() - (-s).exp()) / 2,
    "cosh": lambda s: (s.exp() + (-s).exp()) / 2,
    "tanh": _tanh,
    "tanh_slope": _tanh_slope,
    "sigmoid": lambda s: 1 / ((-s).exp() + 1),
    "sigmoid_slope": _sigmoid_slope,
    "sigmoid_curvature": _sigmoid_curvature,
    "softplus": lambda s: (s.exp() + 1).log(),
    "atan": lambda s: s.atan(),
    "asinh": lambda s: (s + (s * s + 1).sqrt()).log(),
    "erf": lambda s: s.erf(),
    "erfc": lambda s: s.erfc(),
    "norm_cdf": lambda s: (s * (-1 / arb(2).sqrt())).erfc() / 2,
}
"""Each function over `arb_series`, at the cap and precision in force."""
