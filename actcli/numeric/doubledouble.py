"""Double-double arithmetic: an unevaluated sum hi + lo of two doubles, about 106 bits.

Sources: Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18
(1971); Knuth, The Art of Computer Programming 2, section 4.2.2 (two_sum); Tang, "Table-driven
implementation of the exponential function", ACM TOMS 15 (1989).
"""

from __future__ import annotations

from functools import cache
from math import isqrt

from actcli.numeric.arrays import Array
from actcli.numeric.late import np
from actcli.numeric.polynomial import horner

_SPLITTER = 2.0**27 + 1
_STEPS = 64
"""Table entries per power of two in `exp_to_dd`."""
_STEP_HI = float.fromhex("0x1.62e42fefap-7")
_STEP_LO = float.fromhex("0x1.cf79abc9e3b3ap-46")
"""log(2)/64 = hi + lo; hi has so few bits that its multiples below 2**17 are exact."""
_EXP_TAIL = (1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2)
"""(exp(r) - 1 - r)/r**2 for |r| <= log(2)/128."""


def two_sum(a: Array, b: Array) -> tuple[Array, Array]:
    """The sum a + b, exact as (hi, lo), in any order of magnitudes (Knuth)."""
    hi = a + b
    b_part = hi - a
    return hi, (a - (hi - b_part)) + (b - b_part)


def split(x: Array) -> tuple[Array, Array]:
    """Split x = hi + lo, hi of 26 bits, so that hi*hi is exact (Veltkamp); |x| < 2**996."""
    scaled = _SPLITTER * x
    hi = scaled - (scaled - x)
    return hi, x - hi


def two_product(a: Array, b: Array | float) -> tuple[Array, Array]:
    """The product a * b, exact as (hi, lo) (Dekker); |a|, |b| < 2**996 and lo not subnormal.

    Outside that range hi is still the rounded product; lo is then NaN or inexact, which the
    functions below that take a pair ignore where it cannot matter.
    """
    a_hi, a_lo = split(a)
    b_hi, b_lo = split(np.asarray(b))
    hi = a * b
    return hi, ((a_hi * b_hi - hi) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo


def times_constant(x: Array, hi: float, lo: float) -> tuple[Array, Array]:
    """The product x * (hi + lo) as a double-double, for a constant known beyond 53 bits."""
    product, rest = two_product(x, hi)
    return product, rest + x * lo


def quotient(x: Array, divisor: float) -> tuple[Array, Array]:
    """The quotient x / divisor as a double-double, within the range of `two_product`."""
    hi = x / divisor
    product, rest = two_product(hi, divisor)
    return hi, ((x - product) - rest) / divisor


def exp_dd(hi: Array, lo: Array) -> Array:
    """exp(hi + lo), rounded to a double; |lo| <= 2**-27, ignored where exp(hi) is 0 or inf."""
    e = np.exp(hi)
    return e + _step(e, lo)


def expm1_dd(hi: Array, lo: Array) -> Array:
    """exp(hi + lo) - 1, rounded to a double; |lo| <= 2**-27 |hi|, ignored as in `exp_dd`."""
    e = np.expm1(hi)
    return e + _step(e + 1, lo)


def _step(slope: Array, lo: Array) -> Array:
    """`slope * lo`, but 0 where the slope is 0 or inf and lo may be NaN."""
    return np.where((slope > 0) & (slope < np.inf), slope * lo, 0.0)


def exp_to_dd(x: Array) -> tuple[Array, Array]:
    """exp(x) as a double-double, relative error below 2**-64 for -640 < x < 709 (Tang).

    Outside, hi alone is right to an ulp: subnormal, 0 or inf.
    """
    x = np.clip(x, -800, 710)
    n = np.rint(x / (_STEP_HI + _STEP_LO))
    r, r_lo = two_sum(x - n * _STEP_HI, -n * _STEP_LO)
    r_lo += horner(_EXP_TAIL, r) * (r * r)
    steps = n.astype(np.int32)
    power = steps // _STEPS
    base, base_lo = (column[steps & (_STEPS - 1)] for column in _powers_of_two())
    hi, lo = two_product(base, r)
    lo += base_lo + base * r_lo + base_lo * r
    hi, carry = two_sum(base, hi)
    lo += carry
    return np.ldexp(hi + lo, power), np.ldexp(lo - ((hi + lo) - hi), power)


@cache
def _powers_of_two() -> tuple[Array, Array]:
    """2**(j/64) for j = 0..63 as a double-double, from integer square roots."""
    bits = 160
    root = 2 << bits
    for _ in range(_STEPS.bit_length() - 1):
        root = isqrt(root << bits)
    values = [1 << bits]
    for _ in range(_STEPS - 1):
        values.append(values[-1] * root >> bits)
    hi = [value / (1 << bits) for value in values]
    lo = [
        (v - int(h * 2**53) * (1 << bits - 53)) / (1 << bits)
        for v, h in zip(values, hi, strict=True)
    ]
    return np.array(hi), np.array(lo)
