"""Real intervals by their ends, for the checker's boxes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from tests.certificates.numbers.balls import Balls
from tests.certificates.numbers.duals import BOTH

_RISING = {"expm1", "log", "log1p", "sqrt", "sinh", "tanh", "atan", "asinh", "erf"}
_POSITIVE = {"exp", "sigmoid", "softplus", "norm_cdf"}


class Interval:
    """All numbers from one end to the other."""

    __slots__ = ("high", "low")

    def __init__(self, low: Any, high: Any) -> None:
        self.low, self.high = low.lower(), high.upper()

    def __add__(self, other: Any) -> Interval:
        other = interval(other)
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Any) -> Interval:
        other = interval(other)
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Any) -> Interval:
        other = interval(other)
        a, b, c, d = self.low, self.high, other.low, other.high
        if a >= 0 and c >= 0:
            return Interval(a * c, b * d)
        if (a.is_zero() and b.is_zero()) or (c.is_zero() and d.is_zero()):
            return Interval(arb(0), arb(0))
        ends = a * c, a * d, b * c, b * d
        return Interval(_least(ends), -_least([-end for end in ends]))

    def __truediv__(self, other: Any) -> Interval:
        other = interval(other)
        if not (other.low > 0 or other.high < 0):
            return UNKNOWN
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(_least(ends), -_least([-end for end in ends]))

    def __rtruediv__(self, other: Any) -> Interval:
        return interval(other) / self

    def __rsub__(self, other: Any) -> Interval:
        return interval(other) - self

    __radd__, __rmul__ = __add__, __mul__

    def __gt__(self, other: Any) -> bool:
        return bool(self.low > other)

    def __ge__(self, other: Any) -> bool:
        return bool(self.low >= other)

    def __lt__(self, other: Any) -> bool:
        return bool(self.high < other)

    def __le__(self, other: Any) -> bool:
        return bool(self.high <= other)

    @property
    def ball(self) -> Any:
        return self.low if self.low == self.high else self.low.union(self.high)

    def is_finite(self) -> bool:
        return bool(self.low.is_finite() and self.high.is_finite())

    def is_zero(self) -> bool:
        return bool(self.low.is_zero() and self.high.is_zero())


UNKNOWN = Interval(arb("nan"), arb("nan"))


def interval(a: Any) -> Interval:
    return a if isinstance(a, Interval) else Interval(arb(a), arb(a))


def _least(some: Any) -> Any:
    least = arb("inf")
    for a in some:
        least = least.min(a)
    return least.lower()


class Intervals:
    """The numbers of a walk on a bounded box."""

    flat = Interval(arb(0), arb(0))
    unknown = UNKNOWN

    def __init__(self) -> None:
        self._balls = Balls()
        self.pi, self.e = interval(arb.pi()), interval(arb.const_e())

    def number(self, value: Any) -> Interval:
        return interval(value)

    def inverse_root(self, n: int) -> Interval:
        return interval(self._balls.inverse_root(n))

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._balls, name)
        if name in _POSITIVE:
            return lambda u: Interval(function(u.low).lower().max(arb(0)), function(u.high))
        if name in _RISING:
            return lambda u: Interval(function(u.low), function(u.high))
        return lambda u: interval(function(u.low.union(u.high)))

    def erfc(self, u: Interval) -> Interval:
        return Interval(u.high.erfc(), u.low.erfc())

    def cosh(self, u: Interval) -> Interval:
        return Interval(_size(u)[0].cosh(), _size(u)[1].cosh())

    def sign(self, u: Interval) -> Any:
        return 1 if u.low > 0 else -1 if u.high < 0 else 0 if u.is_zero() else BOTH

    def hull(self, u: Interval, w: Interval) -> Interval:
        return Interval(_least((u.low, w.low)), -_least((-u.high, -w.high)))

    def rational(self, u: Interval) -> Fraction | None:
        return self._balls.rational(u.low) if u.low == u.high else None

    def square(self, u: Interval) -> Interval:
        return self.whole_power(u, 2)

    def whole_power(self, u: Interval, n: int) -> Interval:
        if n < 0:
            return 1 / self.whole_power(u, -n)
        if n % 2:
            return Interval(u.low**n, u.high**n)
        return Interval(*(end**n for end in _size(u))) if n else interval(1)

    def power(self, u: Interval, p: Fraction) -> Interval:
        if not u.low > 0:
            return self.unknown
        ends = self._balls.power(u.low, p), self._balls.power(u.high, p)
        return Interval(*(ends if p > 0 else ends[::-1]))

    def floor(self, u: Interval) -> tuple[Any, Any, bool]:
        if not u.is_finite():
            return self.unknown, arb(0), False
        low, high = u.low.floor(), u.high.floor()
        return low, high, not (low == u.low or high == u.high)


def _size(u: Interval) -> tuple[Any, Any]:
    """The least and the largest absolute value."""
    if u.low >= 0:
        return u.low, u.high
    return (-u.high, -u.low) if u.high <= 0 else (arb(0), (-u.low).max(u.high).upper())
