"""Gelu as the functions made from it need it: x*Phi(x), its tail, and where it takes a value."""

from __future__ import annotations

from functools import lru_cache
from math import inf, nan, pi, sqrt

import numpy as np

from actcli.activation import Array
from actcli.numeric.elementary import mills, norm_pdf, scaled_exp_minus_half_square
from actcli.numeric.floats import bisect, step
from actcli.numeric.piecewise import mend, positive_part


def gelu(x: Array) -> Array:
    """x*Phi(x)."""
    a, pdf, ratio = _normal_tail(x)
    y = _beneath_relu(a, ratio * pdf, x)
    mend(y, x < -37, lambda far: _times_density(-a[far] * ratio[far], a[far]))
    return y


def gelu_and_derivative(x: Array) -> tuple[Array, Array]:
    """x*Phi(x), and phi(x)*(Mills(|x|) - |x|), reflected for x > 0."""
    a, pdf, ratio = _normal_tail(x)
    y = _beneath_relu(a, ratio * pdf, x)
    d = ratio - a
    pdf *= d
    pdf = _reflected(pdf, x)
    far = x < -37
    mend(y, far, lambda far: _times_density(-a[far] * ratio[far], a[far]))
    mend(pdf, far, lambda far: _times_density(d[far], a[far]))
    return y, pdf


_END = 55.0
"""Nothing is left of the normal density here, whatever double it is multiplied by."""


def _normal_tail(x: Array) -> tuple[Array, Array, Array]:
    """|x|, the density there, and Mills' ratio Phi(-|x|)/phi(x)."""
    a = np.abs(x)
    np.clip(a, 0, _END, out=a)
    return a, norm_pdf(a), mills(a)


def _times_density(m: Array, x: Array) -> Array:
    """m*phi(x), right where phi alone is subnormal."""
    return scaled_exp_minus_half_square(m / sqrt(2 * pi), x)


def _beneath_relu(a: Array, tail: Array, x: Array) -> Array:
    """x*Phi(x) = max(x, 0) - a*Phi(-a) with a = |x|; `tail` is overwritten."""
    tail *= a
    return np.subtract(positive_part(x), tail, out=tail)


def _reflected(tail: Array, x: Array) -> Array:
    """`tail` where x < 0, 1 - tail elsewhere; `tail` is overwritten."""
    sign = np.copysign(1.0, x)
    tail *= sign
    sign += 1
    sign *= 0.5
    np.subtract(sign, tail, out=tail)
    return tail


def x_gelu_tail(x: Array) -> tuple[Array, Array]:
    """x*gelu(x) and its derivative x*phi(x)*(2*Mills(-x) + x)."""
    x = np.maximum(x, -_END)
    ratio = mills(-x)
    return _times_density(x * x * ratio, x), _times_density(x * (2 * ratio + x), x)


_LOWEST = -0.7517915246935645
"""Where gelu has its minimum."""


@lru_cache(maxsize=64)
def gelu_dip(level: float) -> tuple[float, float]:
    """Between which points gelu is below the level; NaN where it never is."""
    from actcli.numeric.decimal_normal import times_norm_cdf

    if level < times_norm_cdf(_LOWEST):
        return nan, nan
    start = -inf if level >= 0 else _crossing(level, -_UNDERFLOWN)
    return start, gelu_rise(level)


@lru_cache(maxsize=64)
def gelu_rise(level: float) -> float:
    """Where gelu, growing, crosses the level; it is never 0.2 below relu."""
    return _crossing(level, max(level, 0.0) + 0.2) if level < _UNDERFLOWN else level


_UNDERFLOWN = 40.0
"""Here x and gelu(x), or 0 and gelu(-x), are the same double."""


def _crossing(level: float, end: float) -> float:
    """The double nearest to the place where gelu crosses the level between its minimum and end.

    Gelu in doubles, an ulp off now and then, crosses at most a few doubles away.
    """
    from decimal import Decimal

    from actcli.numeric.decimal_normal import times_norm_cdf

    near = bisect(lambda x: bool(gelu(np.array([x]))[0] > level), _LOWEST, end)
    candidates = (step(near, n) for n in range(-4, 5))
    return min(candidates, key=lambda x: abs(times_norm_cdf(x) - Decimal(level)))
