"""Gelu as the functions made from it need it: x*Phi(x), its tail, and where it takes a value."""

from __future__ import annotations

from functools import lru_cache
from math import inf, nan, nextafter, pi, sqrt
from typing import Any

from actcli.activations.gated.normal_steps import START, norm_cdf_and_gelu_slope
from actcli.activations.slope_roots import GELU
from actcli.numeric.arrays import Array
from actcli.numeric.exponential import scaled_exp_minus_half_square
from actcli.numeric.floats import bisect, step
from actcli.numeric.late import np
from actcli.numeric.normal import scaled_norm_cdf
from actcli.numeric.piecewise import overwrite


def gelu(x: Array) -> Array:
    """x*Phi(x)."""
    y = np.empty_like(x)
    gelu_and_derivative(x, y, np.empty_like(x))
    return y


def gelu_and_derivative(x: Array, y: Array, dy: Array) -> None:
    """Put x*Phi(x) into y and its derivative into dy."""
    norm_cdf_and_gelu_slope(x, y, dy)
    y *= x
    far = x < START
    overwrite(y, far, lambda far: _tail_value(x[far]))
    overwrite(dy, far, lambda far: _tail_derivative(x[far]))
    _CLOSE.overwrite_near(dy, x)


_CLOSE = GELU.within(2.0**-6)
_LAST = 55.0
"""Nothing is left of the normal density here, whatever double it is multiplied by."""
_PEAK = 1 / sqrt(2 * pi)
"""The normal density at 0."""


def _tail_value(x: Array) -> Array:
    """x*Phi(x) for x < 0, however little is left of it."""
    x = np.maximum(x, -_LAST)
    return scaled_exp_minus_half_square(x * scaled_norm_cdf(-x), x)


def _tail_derivative(x: Array) -> Array:
    """Phi(x) + x*phi(x) for x < 0, however little is left of it."""
    x = np.maximum(x, -_LAST)
    return scaled_exp_minus_half_square(scaled_norm_cdf(-x) + x * _PEAK, x)


def x_gelu_tail(x: Array) -> tuple[Array, Array]:
    """x*gelu(x) and its derivative x*(2*Phi(x) + x*phi(x))."""
    x = np.maximum(x, -_LAST)
    ratio = scaled_norm_cdf(-x)
    return scaled_exp_minus_half_square(x * x * ratio, x), scaled_exp_minus_half_square(
        x * (2 * ratio + x * _PEAK), x
    )


_LOWEST = -0.7517915246935645
"""Where gelu has its minimum."""


@lru_cache(maxsize=64)
def gelu_dip(level: float) -> tuple[float, float]:
    """The first and the last double at which gelu is no more than the level; NaN where none is."""
    if _exact(_LOWEST) > level:
        return nan, nan
    start = -inf if level >= 0 else _inside(_crossing(level, -_UNDERFLOWN), level)
    return start, _inside(gelu_rise(level), level)


@lru_cache(maxsize=64)
def gelu_rise(level: float) -> float:
    """The first double on the right at which gelu is no less than the level."""
    if level >= _UNDERFLOWN:  # which it is a little after x = level
        return nextafter(level, inf)
    return _crossing(level, max(level, 0.0) + 0.2)  # it is never 0.2 below relu


_UNDERFLOWN = 40.0
"""Here x and gelu(x), or 0 and gelu(-x), are the same double."""


def _crossing(level: float, end: float) -> float:
    """The first double, from the minimum towards an end, at which gelu is no less than the level.

    Gelu in doubles, an ulp off now and then, crosses at most a few doubles away.
    """
    near = bisect(lambda x: bool(gelu(np.array([x]))[0] > level), _LOWEST, end)
    way = 1 if end > _LOWEST else -1
    return next(x for n in range(-9, 10) if _exact(x := step(near, way * n)) >= level)


def _inside(crossing: float, level: float) -> float:
    """The last double before a crossing, or that where gelu is the level exactly."""
    return crossing if _exact(crossing) <= level else nextafter(crossing, _LOWEST)


def _exact(x: float) -> Any:
    """Gelu as a ball, which tells a level from the values beside it."""
    from flint import arb, ctx

    with ctx.workprec(1400):
        return arb(x) * (-arb(x) / arb(2).sqrt()).erfc() / 2
