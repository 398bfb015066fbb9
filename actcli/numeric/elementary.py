"""Sigmoid, softplus and their kin, within 3 ulp over all doubles.

Every function takes a float64 array and returns a new one; NaN stays NaN and +-inf gives the limit.
Callers switch numpy's warnings off, because intermediate results overflow and underflow by design.
The formulas avoid each cancellation and each early underflow (Higham, Accuracy and Stability of
Numerical Algorithms, section 1.7); DLMF 4.28 and 7.2 give the definitions.
"""

from __future__ import annotations

from actcli.numeric.arrays import Array
from actcli.numeric.exponential import (
    FAR,
    scaled_exp,
)
from actcli.numeric.late import np
from actcli.numeric.piecewise import at_most, overwrite


def sigmoid(x: Array) -> Array:
    """1/(1 + exp(-x)) = e/(1 + e) with e = exp(x); positive down to x = -745.13."""
    y = _growth(x)
    y /= 1 + y
    return y


def sigmoid_derivative(x: Array) -> Array:
    """e/(1 + e)**2 with e = exp(-|x|); positive up to |x| = 745.13."""
    y: Array = np.exp(-np.abs(x))
    y /= _one_plus_squared(y)
    return y


def softplus(x: Array) -> Array:
    """log(1 + exp(x)); its derivative is `sigmoid`."""
    y: Array = np.maximum(np.log1p(_growth(x)), x)
    return y


def softplus_and_sigmoid(x: Array, y: Array, slope: Array) -> None:
    """Put `softplus` into y and `sigmoid` into `slope`, from one exponential."""
    np.exp(x, out=slope)
    np.log1p(slope, out=y)
    slope /= 1 + slope
    if not at_most(x, -FAR):
        far = x > -FAR
        overwrite(y, far, lambda far: x[far])
        overwrite(slope, far, lambda far: np.ones(1))


def log_sigmoid(x: Array) -> Array:
    """log(sigmoid(x)) = -softplus(-x)."""
    return -softplus(-x)


def tanh_derivative(x: Array) -> Array:
    """sech(x)**2 = 4e/(1 + e)**2 with e = exp(-2|x|); positive up to |x| = 373.2."""
    a = np.abs(x)
    e = np.exp(-2 * a)
    y: Array = 4 * e
    y /= _one_plus_squared(e)
    overwrite(y, a > 350, lambda far: scaled_exp(np.array(4.0), -2 * a[far]))
    return y


def atan_derivative(x: Array) -> Array:
    """1/(1 + x*x); positive up to |x| = 4.5e161."""
    y = 2.0**-60 * x  # so that the square overflows only where nothing is left of the result
    y *= y
    y += 2.0**-120
    return 2.0**-120 / y


def _growth(x: Array, out: Array | None = None) -> Array:
    """exp(x), no longer growing where 1 + exp(x) has long been the same double."""
    y = np.clip(x, -np.inf, -FAR, out=out)
    return np.exp(y, out=out)


def _one_plus_squared(e: Array) -> Array:
    """(1 + e)**2 for 0 <= e <= 1, in a form that rounds once where e is small."""
    y = 2 + e
    y *= e
    y += 1
    return y
