"""Numbers m * 2**(64 e) with doubles m and e: the precision of doubles, hardly a bound on size.

Slower than doubles by an order of magnitude, and asked only where those overflow or underflow on
the way to a result that does neither: exp(x)/(1 + exp(x)) at 800.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log, pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array
from actcli.numeric import elementary

_BITS = 64
"""The exponent e counts so many powers of two; the mantissa's own exponent does the rest."""
_LIMIT = 1e308
"""Exponents beyond count as infinite."""
_COARSE = 2.0**52
"""Exponents beyond are no longer exact integers: mantissas are then left as they come."""
_UNIT_HI = float.fromhex("0x1.62e42feep+5")
_UNIT_LO = float.fromhex("0x1.a39ef35793c76p-27")
"""64 log(2) = hi + lo; hi has so few bits that its multiples below 2**20 are exact."""

Truth = NDArray[np.bool_]


class Wide:
    """An array of m * 2**(64 e); zeros have e = -_LIMIT, infinities and NaN e = 0."""

    __array_ufunc__ = None

    def __init__(self, mantissa: Any, exponent: Any = 0.0) -> None:
        m = np.asarray(mantissa, dtype=np.float64)
        e = np.asarray(exponent, dtype=np.float64)
        shift = np.where(np.abs(e) < _COARSE, np.rint(np.frexp(m)[1] / _BITS), 0.0)
        m, e = _shifted(m, -shift), e + shift
        m = np.where(e < -_LIMIT, 0.0 * m, np.where(e > _LIMIT, np.inf * m, m))
        self.m: Array = m
        self.e: Array = np.where(np.isfinite(m), np.where(m == 0, -_LIMIT, e), 0.0)

    def double(self) -> Array:
        """The nearest doubles."""
        return _shifted(self.m, self.e)

    @property
    def is_tiny(self) -> Truth:
        """Where a smooth function is its tangent at 0."""
        return self.e < -2

    @property
    def is_huge(self) -> Truth:
        """Where the number may be beyond the doubles."""
        return self.e > 14

    def __float__(self) -> float:
        return float(self.double())

    def __add__(self, other: Any) -> Wide:
        other = _wide(other)
        top = np.maximum(self.e, other.e)
        return Wide(_shifted(self.m, self.e - top) + _shifted(other.m, other.e - top), top)

    def __mul__(self, other: Any) -> Wide:
        other = _wide(other)
        return Wide(self.m * other.m, self.e + other.e)

    def __truediv__(self, other: Any) -> Wide:
        other = _wide(other)
        return Wide(self.m / other.m, self.e - np.where(other.m == 0, 0.0, other.e))

    def __neg__(self) -> Wide:
        return Wide(-self.m, self.e)

    def __sub__(self, other: Any) -> Wide:
        return self + -_wide(other)

    def __rsub__(self, other: Any) -> Wide:
        return _wide(other) - self

    def __rtruediv__(self, other: Any) -> Wide:
        return _wide(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def __lt__(self, other: Any) -> Truth:
        return self._sign_of_difference(other) < 0

    def __gt__(self, other: Any) -> Truth:
        return self._sign_of_difference(other) > 0

    def __le__(self, other: Any) -> Truth:
        return self._sign_of_difference(other) <= 0

    def __ge__(self, other: Any) -> Truth:
        return self._sign_of_difference(other) >= 0

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        return self._sign_of_difference(other) == 0

    def __ne__(self, other: object) -> Truth:  # type: ignore[override]
        return ~(self == other)

    __hash__ = None  # type: ignore[assignment]

    def _sign_of_difference(self, other: Any) -> Array:
        other = _wide(other)
        same = np.isinf(self.m) & (self.m == other.m)
        return np.where(same, 0.0, np.sign((self - other).m))


def _wide(value: Any) -> Wide:
    return value if isinstance(value, Wide) else Wide(np.asarray(value, dtype=np.float64))


def _shifted(m: Array, shift: Array) -> Array:
    return np.ldexp(m, (_BITS * np.clip(shift, -50, 50)).astype(np.int32))


def _choose(condition: Truth, yes: Any, no: Any) -> Wide:
    yes, no = _wide(yes), _wide(no)
    return Wide(np.where(condition, yes.m, no.m), np.where(condition, yes.e, no.e))


def _exp(u: Wide) -> Wide:
    count = np.rint(_shifted(u.m / (_BITS * log(2)), np.minimum(u.e, 16)))
    t = u.double()
    high, low = elementary.two_sum(t - count * _UNIT_HI, -count * _UNIT_LO)
    rest = np.exp(high) * (1 + low)
    scaled = Wide(np.where(np.abs(count) < _COARSE, rest, 1.0), count)
    return _choose(np.isinf(count) | np.isnan(t), np.exp(t), scaled)


def _log(u: Wide) -> Wide:
    ordinary = np.abs(u.e) < 14
    near = np.where(ordinary, np.log(u.double()), np.log(u.m))
    return Wide(near) + Wide(np.where(ordinary, 0.0, u.e)) * (_BITS * log(2))


def _log1p(u: Wide) -> Wide:
    return _choose(u.is_huge, _log(u), _odd(np.log1p)(u))


def _expm1(u: Wide) -> Wide:
    return _choose(u.double() > 700, _exp(u), _odd(np.expm1)(u))


def _sqrt(u: Wide) -> Wide:
    half = np.floor(u.e / 2)
    return Wide(np.sqrt(_shifted(u.m, u.e - 2 * half)), half)


def _odd(function: Callable[[Array], Array], slope: float = 1.0) -> Callable[[Wide], Wide]:
    """The function, known for doubles, with f(u) = slope * u where u is tiny."""
    return lambda u: _choose(u.is_tiny, slope * u, function(u.double()))


_sin, _tan, _tanh, _atan = _odd(np.sin), _odd(np.tan), _odd(np.tanh), _odd(np.arctan)
_erf = _odd(elementary.erf, 2 / sqrt(pi))


def _sinh(u: Wide) -> Wide:
    return _choose(np.abs(u.double()) > 700, np.sign(u.m) * _cosh(u), _odd(np.sinh)(u))


def _cosh(u: Wide) -> Wide:
    return 0.5 * (_exp(u) + _exp(-u))


def _asinh(u: Wide) -> Wide:
    return _choose(u.is_huge, np.sign(u.m) * _log(2.0 * _absolute(u)), _odd(np.arcsinh)(u))


def _absolute(u: Wide) -> Wide:
    return Wide(np.abs(u.m), u.e)


def _sigmoid(u: Wide) -> Wide:
    e = _exp(-_absolute(u))
    return _choose(u.m < 0, e, 1.0) / (1.0 + e)


def _softplus(u: Wide) -> Wide:
    return _choose(u.m > 0, u, 0.0) + _log1p(_exp(-_absolute(u)))


def _sigmoid_derivative(u: Wide) -> Wide:
    e = _exp(-_absolute(u))
    return e / ((1.0 + e) * (1.0 + e))


def _tanh_derivative(u: Wide) -> Wide:
    return 4.0 * _sigmoid_derivative(2.0 * u)


def _gaussian(u: Wide, scale: float) -> Wide:
    """exp(-scale*u*u), the square in two parts as long as it is small enough to matter."""
    t = np.clip(u.double(), -1e8, 1e8)
    high, low = elementary.two_product(t, t)
    ordinary = _exp(Wide(-scale * high)) * (1.0 - scale * low)
    return _choose(np.abs(t) < 1e8, ordinary, _exp(-scale * (u * u)))


def _exp_minus_square(u: Wide) -> Wide:
    return _gaussian(u, 1.0)


def _erfc(u: Wide) -> Wide:
    far = _gaussian(u, 1.0) * elementary.erfcx(np.clip(u.double(), 0, 1e8))
    return _choose(u.double() > 26, far, elementary.erfc(u.double()))


def _norm_cdf(u: Wide) -> Wide:
    far = _norm_pdf(u) * elementary.mills(np.clip(-u.double(), 0, 1e8))
    return _choose(u.double() < -37, far, elementary.norm_cdf(u.double()))


def _norm_pdf(u: Wide) -> Wide:
    return 1 / sqrt(2 * pi) * _gaussian(u, 0.5)


def _floor(u: Wide) -> Wide:
    tiny = np.where(u.m < 0, -1.0, 0.0)
    return _choose(u.e > 1, u, np.where(u.is_tiny, tiny, np.floor(u.double())))


def _modulo(u: Any, v: Any) -> Wide:
    u, v = _wide(u), _wide(v)
    return u - v * _floor(u / v)


def _power(u: Any, v: Any) -> Wide:
    u, v = _wide(u), _wide(v)
    exponent = v.double()
    if exponent.size == 1 and abs(exponent.item()) <= 64 and exponent.item() == int(exponent.item()):
        return _whole_power(u, int(exponent.item()))
    size = _exp(v * _log(_absolute(u)))
    whole = np.floor(exponent) == exponent
    odd = np.fmod(exponent, 2) != 0
    value = _choose(u.m < 0, np.where(whole, np.where(odd, -1.0, 1.0), np.nan) * size, size)
    return _choose(v.m == 0, 1.0, value)


def _whole_power(u: Wide, n: int) -> Wide:
    result, square, rest = _wide(np.ones_like(u.m)), u, abs(n)
    while rest:
        if rest & 1:
            result = result * square
        square = square * square
        rest >>= 1
    return result if n >= 0 else 1.0 / result


def _maximum(u: Any, v: Any) -> Wide:
    u, v = _wide(u), _wide(v)
    return _choose((u < v) | np.isnan(v.m), v, u)


class WideNumbers:
    """The elementary functions of wide numbers."""

    number = staticmethod(_wide)
    where = staticmethod(_choose)
    negation = np.logical_not
    exp, expm1, log, log1p = map(staticmethod, (_exp, _expm1, _log, _log1p))
    sqrt, absolute, floor, modulo = map(staticmethod, (_sqrt, _absolute, _floor, _modulo))
    power, maximum = map(staticmethod, (_power, _maximum))
    sinh, cosh, asinh = map(staticmethod, (_sinh, _cosh, _asinh))
    sin, tan, tanh, atan, erf = map(staticmethod, (_sin, _tan, _tanh, _atan, _erf))
    erfc, norm_cdf, norm_pdf = map(staticmethod, (_erfc, _norm_cdf, _norm_pdf))
    exp_minus_square = staticmethod(_exp_minus_square)
    sigmoid, softplus = map(staticmethod, (_sigmoid, _softplus))
    sigmoid_derivative = staticmethod(_sigmoid_derivative)
    tanh_derivative = staticmethod(_tanh_derivative)

    @staticmethod
    def cos(u: Wide) -> Wide:
        """The cosine, of doubles."""
        return Wide(np.cos(u.double()))

    @staticmethod
    def sign(u: Wide) -> Wide:
        """-1, 0 or 1."""
        return Wide(np.sign(u.m))

    @staticmethod
    def minimum(u: Any, v: Any) -> Wide:
        """The smaller of two; NaN if either is."""
        return -_maximum(-_wide(u), -_wide(v))

    @staticmethod
    def apply(kernel: Callable[[Array], Array], x: Wide) -> Wide:
        """A catalogue kernel, known for doubles."""
        return Wide(kernel(x.double()))
