"""Numbers m * 2**(64 e) with doubles m and e: the precision of doubles, hardly a bound on size.

Slower than doubles by an order of magnitude, and asked only where those overflow or underflow on
the way to a result that does neither: exp(x)/(1 + exp(x)) at 800.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.numeric.arrays import Array

BITS = 64
"""The exponent e counts so many powers of two; the mantissa's own exponent does the rest."""
_LIMIT = 1e308
"""Exponents beyond count as infinite."""
COARSE = 2.0**52
"""Exponents beyond are no longer exact integers: mantissas are then left as they come."""

Truth = NDArray[np.bool_]


class Wide:
    """An array of m * 2**(64 e); zeros have e = -_LIMIT, infinities and NaN e = 0."""

    __array_ufunc__ = None

    def __init__(self, mantissa: Any, exponent: Any = 0.0) -> None:
        m = np.asarray(mantissa, dtype=np.float64)
        e = np.asarray(exponent, dtype=np.float64)
        shift = np.where(np.abs(e) < COARSE, np.rint(np.frexp(m)[1] / BITS), 0.0)
        m, e = shifted(m, -shift), e + shift
        m = np.where(e < -_LIMIT, 0.0 * m, np.where(e > _LIMIT, np.inf * m, m))
        self.m: Array = m
        self.e: Array = np.where(np.isfinite(m), np.where(m == 0, -_LIMIT, e), 0.0)

    def double(self) -> Array:
        """The nearest doubles."""
        return shifted(self.m, self.e)

    @property
    def is_tiny(self) -> Truth:
        """Where a smooth function is its tangent at 0."""
        return self.e < -2

    @property
    def is_huge(self) -> Truth:
        """Where the number may be beyond the doubles."""
        return self.e > 14

    @property
    def _is_nothing(self) -> bool:
        """Whether it is the constant 0: times what overflowed, or times a pole, that is 0 still."""
        return self.m.ndim == 0 and self.m.item() == 0

    def __float__(self) -> float:
        return float(self.double())

    def __add__(self, other: Any) -> Wide:
        other = wide(other)
        top = np.maximum(self.e, other.e)
        return Wide(shifted(self.m, self.e - top) + shifted(other.m, other.e - top), top)

    def __mul__(self, other: Any) -> Wide:
        other = wide(other)
        product = self.m * other.m
        if self._is_nothing or other._is_nothing:
            product = np.where(np.isnan(self.m) | np.isnan(other.m), product, 0.0)
        return Wide(product, self.e + other.e)

    def __truediv__(self, other: Any) -> Wide:
        other = wide(other)
        return Wide(self.m / other.m, self.e - np.where(other.m == 0, 0.0, other.e))

    def __neg__(self) -> Wide:
        return Wide(-self.m, self.e)

    def __sub__(self, other: Any) -> Wide:
        return self + -wide(other)

    def __rsub__(self, other: Any) -> Wide:
        return wide(other) - self

    def __rtruediv__(self, other: Any) -> Wide:
        return wide(other) / self

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
        same: Truth = self._sign_of_difference(other) == 0
        return same

    def __ne__(self, other: object) -> Truth:  # type: ignore[override]
        return ~(self == other)

    __hash__ = None  # type: ignore[assignment]

    def _sign_of_difference(self, other: Any) -> Array:
        other = wide(other)
        same = np.isinf(self.m) & (self.m == other.m)
        return np.where(same, 0.0, np.sign((self - other).m))


def wide(value: Any) -> Wide:
    """Doubles, or wide numbers, as wide numbers."""
    return value if isinstance(value, Wide) else Wide(np.asarray(value, dtype=np.float64))


def shifted(m: Array, shift: Array) -> Array:
    """The doubles m * 2**(64 shift)."""
    return np.ldexp(m, (BITS * np.clip(shift, -50, 50)).astype(np.int32))
