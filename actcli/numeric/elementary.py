"""Sigmoid, softplus, the normal distribution and their kin, within 3 ulp over all doubles.

Every function takes a float64 array and returns a new one; NaN stays NaN and +-inf gives the limit.
Callers switch numpy's warnings off, because intermediate results overflow and underflow by design.
The formulas avoid each cancellation and each early underflow (Higham, Accuracy and Stability of
Numerical Algorithms, section 1.7); DLMF 4.28 and 7.2 give the definitions.
"""

from __future__ import annotations

import numpy as np

from actcli.activation import Array
from actcli.numeric.doubledouble import (
    exp_dd,
    exp_to_dd,
    expm1_dd,
    times_constant,
    two_product,
    two_sum,
)
from actcli.numeric.exponential import (
    exp_minus_half_square,
    exp_minus_square,
    scaled_exp,
    scaled_exp_minus_half_square,
)
from actcli.numeric.normal import (
    erf,
    erf_derivative,
    erfc,
    erfcx,
    mills,
    norm_cdf,
    norm_cdf_and_pdf,
    norm_pdf,
)
from actcli.numeric.piecewise import mend, positive_part

__all__ = [
    "erf",
    "erf_derivative",
    "erfc",
    "erfcx",
    "exp_dd",
    "exp_minus_half_square",
    "exp_minus_square",
    "exp_to_dd",
    "expm1_dd",
    "log_sigmoid",
    "mills",
    "norm_cdf",
    "norm_cdf_and_pdf",
    "norm_pdf",
    "scaled_exp",
    "scaled_exp_minus_half_square",
    "sigmoid",
    "sigmoid_and_derivative",
    "sigmoid_derivative",
    "softplus",
    "softplus_and_derivative",
    "tanh_derivative",
    "times_constant",
    "two_product",
    "two_sum",
]


def sigmoid(x: Array) -> Array:
    """1/(1 + exp(-x)); positive down to x = -745.13."""
    return sigmoid_and_derivative(x)[0]


def sigmoid_derivative(x: Array) -> Array:
    """e/(1 + e)**2 with e = exp(-|x|); positive up to |x| = 745.13."""
    return sigmoid_and_derivative(x)[1]


def sigmoid_and_derivative(x: Array) -> tuple[Array, Array]:
    """`sigmoid` and `sigmoid_derivative` from one exponential."""
    e = _decay(x)
    y: Array = np.maximum(e, x >= 0)
    y /= 1 + e
    e /= _one_plus_squared(e)
    return y, e


def softplus(x: Array) -> Array:
    """log(1 + exp(x)); its derivative is `sigmoid`."""
    y = np.log1p(_decay(x))
    y += positive_part(x)
    return y


def softplus_and_derivative(x: Array) -> tuple[Array, Array]:
    """`softplus` and `sigmoid` from one exponential."""
    e = _decay(x)
    y = np.log1p(e)
    y += positive_part(x)
    slope: Array = np.maximum(e, x >= 0)
    e += 1
    slope /= e
    return y, slope


def log_sigmoid(x: Array) -> Array:
    """log(sigmoid(x)) = -softplus(-x)."""
    return -softplus(-x)


def tanh_derivative(x: Array) -> Array:
    """sech(x)**2 = 4e/(1 + e)**2 with e = exp(-2|x|); positive up to |x| = 373.2."""
    a = np.abs(x)
    e = np.exp(-2 * a)
    y: Array = 4 * e
    y /= _one_plus_squared(e)
    mend(y, a > 350, lambda far: scaled_exp(np.array(4.0), -2 * a[far]))
    return y


def _decay(x: Array) -> Array:
    """exp(-|x|)."""
    y: Array = np.exp(-np.abs(x))
    return y


def _one_plus_squared(e: Array) -> Array:
    """(1 + e)**2 for 0 <= e <= 1, in a form that rounds once where e is small."""
    y = 2 + e
    y *= e
    y += 1
    return y
