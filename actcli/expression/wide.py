"""Numbers m * 2**e with a double m and a double e: the precision of doubles, hardly a bound on size.

Slower than doubles by an order of magnitude, and asked only where those overflow or underflow on
the way to a result that is neither: exp(x)/(1 + exp(x)) at 800.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log, pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array
from actcli.numeric import elementary

_LIMIT = 1e300
"""Exponents beyond count as infinite."""
_TINY = -200
"""Below 2**_TINY a smooth function is its tangent at 0."""
_LN2_HI = float.fromhex("0x1.62e42feep-1")
_LN2_LO = float.fromhex("0x1.a39ef35793c76p-33")
"""log(2) = hi + lo; hi has so few bits that its multiples below 2**20 are exact."""

Truth = NDArray[np.bool_]


class Wide:
    """An array of m * 2**e, 0.5 <= |m| < 1; zeros have e = -_LIMIT, infinities and NaN e = 0."""

    __array_ufunc__ = None

    def __init__(self, mantissa: Any, exponent: Any = 0.0) -> None:
        m, shift = np.frexp(mantissa)
        e = exponent + shift
        finite = np.isfinite(m)
        self.m: Array = np.where(finite & (e < -_LIMIT), 0.0 * m, m)
        self.m = np.where(finite & (e > _LIMIT), np.copysign(np.inf, m), self.m)
        self.e: Array = np.where(np.isfinite(self.m), np.where(self.m == 0, -_LIMIT, e), 0.0)

    def double(self) -> Array:
        """The nearest doubles."""
        return _shifted(self.m, np.clip(self.e, -3000, 3000))

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
    return np.ldexp(m, np.maximum(shift, -3000).astype(np.int32))


def _choose(condition: Truth, yes: Any, no: Any) -> Wide:
    yes, no = _wide(yes), _wide(no)
    return Wide(np.where(condition, yes.m, no.m), np.where(condition, yes.e, no.e))


def _exp(u: Wide) -> Wide:
    t = u.double()
    k = np.rint(np.clip(t / log(2), -1e305, 1e305))
    rest = np.clip((t - k * _LN2_HI) - k * _LN2_LO, -1, 1)
    infinite = np.isinf(t)
    return Wide(np.where(infinite, np.exp(t), np.exp(np.where(infinite, 0, rest))), k)


def _log(u: Wide) -> Wide:
    ordinary = np.abs(u.e) < 1000
    return Wide(np.where(ordinary, np.log(u.double()), np.log(u.m) + u.e * log(2)))


def _log1p(u: Wide) -> Wide:
    return _choose(u.e > 1000, _log(u), _odd(np.log1p)(u))


def _expm1(u: Wide) -> Wide:
    return _choose(u.double() > 700, _exp(u), _odd(np.expm1)(u))


def _sqrt(u: Wide) -> Wide:
    half = np.floor(u.e / 2)
    return Wide(np.sqrt(np.ldexp(u.m, (u.e - 2 * half).astype(np.int32))), half)


def _odd(function: Callable[[Array], Array], slope: float = 1.0) -> Callable[[Wide], Wide]:
    """The function, known for doubles, with f(u) = slope * u where u is tiny."""
    return lambda u: _choose(u.e < _TINY, slope * u, function(u.double()))


_sin, _tan, _tanh, _atan = _odd(np.sin), _odd(np.tan), _odd(np.tanh), _odd(np.arctan)
_erf = _odd(elementary.erf, 2 / sqrt(pi))


def _sinh(u: Wide) -> Wide:
    return _choose(np.abs(u.double()) > 700, np.sign(u.m) * _cosh(u), _odd(np.sinh)(u))


def _cosh(u: Wide) -> Wide:
    return 0.5 * (_exp(u) + _exp(-u))


def _asinh(u: Wide) -> Wide:
    return _choose(u.e > 1000, np.sign(u.m) * _log(2.0 * _absolute(u)), _odd(np.arcsinh)(u))


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


def _exp_minus_square(u: Wide) -> Wide:
    """exp(-u*u), the square in two parts as long as it is small enough to matter."""
    t = np.clip(u.double(), -1e8, 1e8)
    high, low = elementary.two_product(t, t)
    ordinary = _exp(Wide(-high)) * (1.0 - low)
    return _choose(np.abs(t) < 1e8, ordinary, _exp(-(u * u)))


def _erfc(u: Wide) -> Wide:
    t = np.clip(u.double(), 0, 1e8)
    far = _exp_minus_square(u) * elementary.erfcx(t)
    return _choose(u.double() > 26, far, elementary.erfc(u.double()))


def _norm_cdf(u: Wide) -> Wide:
    return 0.5 * _erfc(-sqrt(0.5) * u)


def _norm_pdf(u: Wide) -> Wide:
    return 1 / sqrt(2 * pi) * _exp_minus_square(sqrt(0.5) * u)


def _floor(u: Wide) -> Wide:
    return _choose(u.e > 60, u, np.where(u.e < -1000, -1.0 * (u.m < 0), np.floor(u.double())))


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
