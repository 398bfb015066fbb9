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
    "tanh_derivative",
    "times_constant",
    "two_product",
    "two_sum",
]


def sigmoid(x: Array) -> Array:
    """1/(1 + exp(-x)); positive down to x = -745.13."""
    return _sigmoid(np.exp(-np.abs(x)), x)


def sigmoid_derivative(x: Array) -> Array:
    """e/(1 + e)**2 with e = exp(-|x|); positive up to |x| = 745.13."""
    e = np.exp(-np.abs(x))
    return e / _one_plus_squared(e)


def sigmoid_and_derivative(x: Array) -> tuple[Array, Array]:
    """`sigmoid` and `sigmoid_derivative` from one exponential."""
    e = np.exp(-np.abs(x))
    return _sigmoid(e, x), e / _one_plus_squared(e)


def softplus(x: Array) -> Array:
    """log(1 + exp(x)); its derivative is `sigmoid`."""
    y = np.log1p(np.exp(-np.abs(x)))
    y += np.maximum(x, 0.0)
    return y


def log_sigmoid(x: Array) -> Array:
    """log(sigmoid(x)) = -softplus(-x)."""
    return -softplus(-x)


def tanh_derivative(x: Array) -> Array:
    """sech(x)**2 = 4e/(1 + e)**2 with e = exp(-2|x|); positive up to |x| = 373.2.

    The exponential is taken in two parts: alone it would be subnormal before 4e is.
    """
    exponent = -2 * np.abs(x)
    near = np.maximum(exponent, -700.0)
    e = np.exp(near)
    y: Array = 4 * e / _one_plus_squared(e)
    y *= np.exp(exponent - near)
    return y


def _sigmoid(e: Array, x: Array) -> Array:
    """1/(1 + e) where x >= 0, e/(1 + e) where x < 0; e = exp(-|x|)."""
    y: Array = np.maximum(e, x >= 0)
    y /= 1 + e
    return y


def _one_plus_squared(e: Array) -> Array:
    """(1 + e)**2 for 0 <= e <= 1, in a form that rounds once where e is small."""
    y = 2 + e
    y *= e
    y += 1
    return y
