"""The error function, the normal distribution and their tails, from two polynomials.

The tail is (x + D) erfcx(x) as a polynomial in (x - K)/(x + K), one for all x >= 0, after Shepherd
and Laframboise, Math. Comp. 36 (1981); erfcx(x) = exp(x*x) erfc(x), DLMF 7.2. Its D makes it nearly
flat, so that the rounding of the variable does no harm. The middle is erf(x) = -expm1(x P(x)) with
P(x) = log(erfc(x))/x, which needs no cases. `tests/numeric/make_erfcx_table.py` makes the numbers.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import NamedTuple

from actcli.numeric.arrays import Array
from actcli.numeric.exponential import exp_minus_square, exp_of_square
from actcli.numeric.late import np
from actcli.numeric.polynomial import horner


class _Tail(NamedTuple):
    """scale/unit * erfcx(a/unit): the polynomial times the scale."""

    unit: float
    constant: float
    coefficients: tuple[float, ...]
    """The others."""


_K = 3.482421875
_D = 457 / 512
_TAIL = (
    -5.541355532122389e-10,
    7.710794567361945e-11,
    6.423405200220118e-09,
    -1.5245821881451738e-10,
    -4.499880306409993e-08,
    -1.8194002837771085e-09,
    2.772438479005945e-07,
    -2.3675023632392104e-08,
    -1.734319181439929e-06,
    1.0004070223338388e-06,
    1.0944172817855752e-05,
    -1.816126879800808e-05,
    -5.603015776019207e-05,
    0.00024003056394162006,
    -8.282858643752915e-05,
    -0.0018642347185965477,
    0.007656571147526913,
    -0.01755430389443572,
    0.02621233348011529,
    -0.020911776382087834,
    -0.013936699664312772,
    0.08588914528150954,
    -0.18399706491320447,
)
_ERFCX = _Tail(1.0, 0.682602179855097, _TAIL)
_CDF = _Tail(sqrt(2), 0.4826726302282584, tuple(sqrt(0.5) * c for c in _TAIL))
_LOG_ERFC = (
    3.3788897879308774e-15,
    -1.525214124913824e-13,
    3.1898156166682945e-12,
    -4.092780255233699e-11,
    3.588238143710661e-10,
    -2.2563900929602173e-09,
    1.0296810520589212e-08,
    -3.289427994362597e-08,
    6.101920555998714e-08,
    2.2126977623594973e-08,
    -5.889492656380448e-07,
    2.0628056581117355e-06,
    -3.1613658721753496e-06,
    -3.1448761594750412e-06,
    2.955880767189241e-05,
    -6.4411678660865e-05,
    -2.590794397034596e-05,
    0.0005901334143454363,
    -0.001696207866949865,
    0.00020919488002677297,
    0.01912844699099992,
    -0.10277260330122745,
    -0.6366197723675924,
    -1.1283791670955126,
)

DENSITY_AT_0 = (0.3989422804014327, -2.4923272022777e-17)
"""1/sqrt(2 pi) as a sum of two doubles."""
_TWO_OVER_SQRT_PI = 2 / sqrt(pi)


def erf(x: Array) -> Array:
    """The error function, 2/sqrt(pi) times the integral of exp(-t*t) from 0 to x."""
    a = np.minimum(np.abs(x), 6.0)
    y = horner(_LOG_ERFC, a)
    y *= a
    return np.copysign(np.expm1(y), x)


def erf_derivative(x: Array) -> Array:
    """2/sqrt(pi) exp(-x*x)."""
    return _TWO_OVER_SQRT_PI * exp_minus_square(x)


def erfc(x: Array) -> Array:
    """1 - erf(x); positive up to x = 27.22."""
    head, correction = exp_of_square(x, -1.0)
    head *= _tail(np.abs(x), _ERFCX, correction)
    return _reflect(head, x, 2.0)


def norm_cdf(x: Array) -> Array:
    """The standard normal distribution function Phi; positive down to x = -38.5."""
    return norm_cdf_and_pdf(x)[0]


def norm_pdf(x: Array) -> Array:
    """The standard normal density exp(-x*x/2)/sqrt(2 pi)."""
    return _density(*exp_of_square(x, -0.5))


def norm_cdf_and_pdf(x: Array) -> tuple[Array, Array]:
    """`norm_cdf` and `norm_pdf` from one exponential."""
    head, correction = exp_of_square(x, -0.5)
    tail = _tail(np.abs(x), _CDF, correction)
    tail *= head
    return _reflect(tail, -x, 1.0), _density(head, correction)


def scaled_norm_cdf(a: Array) -> Array:
    """Phi(-a) exp(a*a/2) for a >= 0; about 1/(a sqrt(2 pi)) far out."""
    return _tail(a, _CDF)


def _density(e: Array, correction: Array) -> Array:
    """The density e (1 + correction)/sqrt(2 pi); `correction` is overwritten."""
    hi, lo = DENSITY_AT_0
    correction *= hi
    correction += lo
    correction += hi
    correction *= e
    return correction


def _tail(a: Array, form: _Tail, correction: Array | None = None) -> Array:
    """The form of the tail for a >= 0, times 1 + correction, which thus costs no rounding."""
    k = _K * form.unit
    near = np.clip(a, 0, 1e17)  # inf would make t NaN
    t = near - k
    near += k
    t /= near
    y = horner(form.coefficients, t)
    y *= t
    if correction is not None:
        y += correction * (y + form.constant)
    y += form.constant
    y /= a + _D * form.unit
    return y


def _reflect(tail: Array, x: Array, total: float) -> Array:
    """`tail` where x >= 0, total - tail where x < 0; `tail` is overwritten."""
    sign = np.copysign(0.5, x)
    tail *= 2 * sign
    tail += total * (0.5 - sign)
    return tail
