"""Exponentials of products and squares, accurate where exp of the rounded argument is not."""

from __future__ import annotations

import sys

from actcli.numeric.arrays import Array
from actcli.numeric.late import np
from actcli.numeric.polynomial import horner

FAR = -700.0
"""Left of here exp(x) is about to lose digits to underflow."""
_LARGEST = sys.float_info.max
_GRID = 1.5 * 2.0**32
"""Added and taken away again, this leaves a multiple of 2**-20."""


def scaled_exp(m: Array, x: Array) -> Array:
    """The product m * exp(x), right wherever it is a double, even if exp(x) alone is not.

    An infinite m counts as the largest double: a polynomial that overflowed still vanishes under
    exp(-inf).
    """
    rest = np.clip(x, -1500, 1500)
    y: Array = np.clip(m, -_LARGEST, _LARGEST)
    for _ in range(3):
        part = np.clip(rest, -700, 700)
        y = y * np.exp(part)
        rest = rest - part
    return y


def exp_minus_square(x: Array) -> Array:
    """exp(-x*x); positive up to |x| = 27.29."""
    return _join(*exp_of_square(x, -1.0))


def exp_minus_half_square(x: Array) -> Array:
    """exp(-x*x/2); positive up to |x| = 38.6."""
    return _join(*exp_of_square(x, -0.5))


def scaled_exp_minus_half_square(m: Array, x: Array) -> Array:
    """The product m * exp(-x*x/2), with `scaled_exp`'s care for subnormal tails."""
    exponent, correction = _square(x, -0.5)
    return scaled_exp(m + m * correction, exponent)


def exp_of_square(x: Array, factor: float) -> tuple[Array, Array]:
    """(e, c) with exp(factor*x*x) = e * (1 + c), |c| < 2**-14, for a factor of -1 or -1/2."""
    exponent, correction = _square(x, factor)
    return np.exp(exponent), correction


def _square(x: Array, factor: float) -> tuple[Array, Array]:
    """(s, c) with exp(factor*x*x) = exp(s) * (1 + c).

    With x = h + l, x*x = h*h + l*(x + h), whose first part is exact (Cody, Math. Comp. 23, 1969)
    if h is a multiple of 2**-20. Of expm1 of the second part, three terms do. |x| is cut at 55,
    where nothing is left even of 1.8e308 * exp(-x*x/2).
    """
    x = np.clip(x, -55, 55)
    exponent = x + _GRID
    exponent -= _GRID
    low = x - exponent
    x += exponent
    low *= x
    low *= factor
    exponent *= exponent
    exponent *= factor
    correction = horner((1 / 6, 1 / 2, 1), low)
    correction *= low
    return exponent, correction


def _join(e: Array, correction: Array) -> Array:
    """The product e * (1 + correction); both are overwritten."""
    correction *= e
    e += correction
    return e
