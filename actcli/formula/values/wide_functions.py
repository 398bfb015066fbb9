"""The arithmetic of wide numbers, by the names that `functions` uses."""

# ruff: noqa: D103 - the functions are what their names say

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from actcli.formula.primitives import CONSTANTS
from actcli.formula.values.wide import BITS, COARSE, Truth, Wide, shifted, wide
from actcli.numeric import elementary
from actcli.numeric.arrays import Array

_UNIT_HI = float.fromhex("0x1.62e42feep+5")
_UNIT_LO = float.fromhex("0x1.a39ef35793c76p-27")
"""64 log(2) = hi + lo; hi has so few bits that its multiples below 2**20 are exact."""

number = wide


def constant(name: str) -> Wide:
    return wide(CONSTANTS[name])


negation = np.logical_not


def where(condition: Truth, yes: Any, no: Any) -> Wide:
    yes, no = wide(yes), wide(no)
    return Wide(np.where(condition, yes.m, no.m), np.where(condition, yes.e, no.e))


def exp(u: Wide) -> Wide:
    count = np.rint(shifted(u.m / (BITS * math.log(2)), np.minimum(u.e, 18)))
    t = u.double()
    high, low = elementary.two_sum(t - count * _UNIT_HI, -count * _UNIT_LO)
    rest = np.exp(high) * (1 + low)
    scaled = Wide(np.where(np.abs(count) < COARSE, rest, 1.0), count)
    return where(np.isinf(count) | np.isnan(t), np.exp(t), scaled)


def log(u: Wide) -> Wide:
    ordinary = np.abs(u.e) < 14
    near = np.where(ordinary, np.log(u.double()), np.log(u.m))
    return Wide(near) + Wide(np.where(ordinary, 0.0, u.e)) * (BITS * math.log(2))


def log1p(u: Wide) -> Wide:
    return where(u.is_huge, log(u), _odd(np.log1p)(u))


def expm1(u: Wide) -> Wide:
    return where(u.double() > 700, exp(u), _odd(np.expm1)(u))


def sqrt(u: Wide) -> Wide:
    half = np.floor(u.e / 2)
    return Wide(np.sqrt(shifted(u.m, u.e - 2 * half)), half)


def _odd(function: Callable[[Array], Array], slope: float = 1.0) -> Callable[[Wide], Wide]:
    """The function, known for doubles, with f(u) = slope * u where u is tiny."""
    return lambda u: where(u.is_tiny, slope * u, function(u.double()))


sin, tan, tanh, atan = _odd(np.sin), _odd(np.tan), _odd(np.tanh), _odd(np.arctan)
erf = _odd(elementary.erf, 2 / math.sqrt(math.pi))


def sinh(u: Wide) -> Wide:
    return where(np.abs(u.double()) > 700, np.sign(u.m) * cosh(u), _odd(np.sinh)(u))


def cosh(u: Wide) -> Wide:
    return 0.5 * (exp(u) + exp(-u))


def asinh(u: Wide) -> Wide:
    return where(u.is_huge, np.sign(u.m) * log(2.0 * absolute(u)), _odd(np.arcsinh)(u))


def absolute(u: Wide) -> Wide:
    return Wide(np.abs(u.m), u.e)


def sigmoid(u: Wide) -> Wide:
    e = exp(-absolute(u))
    return where(u.m < 0, e, 1.0) / (1.0 + e)


def softplus(u: Wide) -> Wide:
    return where(u.m > 0, u, 0.0) + log1p(exp(-absolute(u)))


def sigmoid_derivative(u: Wide) -> Wide:
    e = exp(-absolute(u))
    return e / ((1.0 + e) * (1.0 + e))


def tanh_derivative(u: Wide) -> Wide:
    return 4.0 * sigmoid_derivative(2.0 * u)


def _gaussian(u: Wide, scale: float) -> Wide:
    """exp(-scale*u*u), the square in two parts as long as it is small enough to matter."""
    t = np.clip(u.double(), -1e8, 1e8)
    high, low = elementary.two_product(t, t)
    ordinary = exp(Wide(-scale * high)) * (1.0 - scale * low)
    return where(np.abs(t) < 1e8, ordinary, exp(-scale * (u * u)))


def erf_derivative(u: Wide) -> Wide:
    return 2 / math.sqrt(math.pi) * _gaussian(u, 1.0)


def erfc(u: Wide) -> Wide:
    far = _gaussian(u, 1.0) * elementary.erfcx(np.clip(u.double(), 0, 1e8))
    return where(u.double() > 26, far, elementary.erfc(u.double()))


def norm_cdf(u: Wide) -> Wide:
    far = norm_pdf(u) * elementary.mills(np.clip(-u.double(), 0, 1e8))
    return where(u.double() < -37, far, elementary.norm_cdf(u.double()))


def norm_pdf(u: Wide) -> Wide:
    return 1 / math.sqrt(2 * math.pi) * _gaussian(u, 0.5)


def floor(u: Wide) -> Wide:
    tiny = np.where(u.m < 0, -1.0, 0.0)
    return where(u.e > 1, u, np.where(u.is_tiny, tiny, np.floor(u.double())))


def modulo(u: Wide, v: Wide) -> Wide:
    v = wide(v)
    return where(v.m == 0, np.nan, u - v * floor(u / v))


def power(u: Any, v: Any) -> Wide:
    u, v = wide(u), wide(v)
    exponent = v.double()
    if exponent.size == 1 and exponent.item() in range(-64, 65):
        return _whole_power(u, int(exponent.item()))
    whole, odd = np.floor(exponent) == exponent, np.fmod(exponent, 2) != 0
    sign = np.where(u.m < 0, np.where(whole, np.where(odd, -1.0, 1.0), np.nan), 1.0)
    return where(v.m == 0, 1.0, sign * _power_of_size(absolute(u), v))


def _power_of_size(u: Wide, v: Wide) -> Wide:
    """u**v of u >= 0: mantissa and exponent apart where v is moderate, else by the logarithm."""
    exponent = np.clip(v.double(), -30, 30)
    count, rest = elementary.two_product(BITS * u.e, exponent)
    units = np.rint(count / BITS)
    scale = np.exp2(count - BITS * units) * (1 + rest * math.log(2))
    apart = Wide(u.m**exponent * scale, units)
    moderate = (exponent == v.double()) & (np.abs(u.e) < COARSE) & (u.m > 0)
    return where(moderate, apart, exp(v * log(u)))


def _whole_power(u: Wide, n: int) -> Wide:
    result, square, rest = wide(np.ones_like(u.m)), u, abs(n)
    while rest:
        if rest & 1:
            result = result * square
        square = square * square
        rest >>= 1
    return result if n >= 0 else 1.0 / result


def maximum(u: Any, v: Any) -> Wide:
    u, v = wide(u), wide(v)
    return where((u < v) | np.isnan(v.m), v, u)


def minimum(u: Any, v: Any) -> Wide:
    return -maximum(-wide(u), -wide(v))


def cos(u: Wide) -> Wide:
    return Wide(np.cos(u.double()))


def sign(u: Wide) -> Wide:
    return Wide(np.sign(u.m))


def apply(kernel: Callable[[Array], Array], x: Wide) -> Wide:
    """A catalogue kernel, which knows doubles only."""
    points = x.double()
    return Wide(kernel(points.reshape(-1)).reshape(points.shape))
