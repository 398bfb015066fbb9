"""Closed intervals whose ends are balls of Arb: what a function does on a whole box at once.

An interval [low, high] encloses: the ends are `flint.arb` balls themselves, so a number that is not
a double is an interval of one slightly wide ball. `low is high` marks such a point, and arithmetic
on points stays as sharp as balls are (Johansson 2017, arXiv:1611.02831).
"""

from __future__ import annotations

from typing import TypeAlias

from flint import arb

Real: TypeAlias = arb | float
"""A number in a ball, or a double itself."""

INFINITY, MINUS_INFINITY = arb.pos_inf(), arb.neg_inf()
ZERO, ONE = arb(0), arb(1)

_ROUNDED = 30
"""Bits that roundoff leaves of a number."""


class Interval:
    """All reals from `low` to `high`, the ends included; an end may be infinite."""

    __slots__ = ("high", "low")

    def __init__(self, low: arb, high: arb | None = None) -> None:
        """The interval between two balls, or the one number that a ball encloses."""
        self.low = low
        self.high = low if high is None else high

    def __repr__(self) -> str:
        return f"[{self.low.str(12, radius=False)}, {self.high.str(12, radius=False)}]"

    @property
    def is_point(self) -> bool:
        """Whether it is one number (as sharply as a ball can say)."""
        return self.low is self.high

    @property
    def ball(self) -> arb:
        """One ball around all of it."""
        return self.low if self.low is self.high else self.low.union(self.high)

    @property
    def magnitude(self) -> arb:
        """The largest absolute value in it."""
        return abs(self.low).max(abs(self.high))

    def sign(self) -> int:
        """1 or -1 where every number in it has that sign, else 0."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0

    def is_zero(self) -> bool:
        """Whether it is exactly the number 0."""
        return bool(self.low.is_zero() and self.high.is_zero())

    def is_finite(self) -> bool:
        """Whether both ends are finite."""
        return bool(self.low.is_finite() and self.high.is_finite())

    def is_infinite_point(self) -> bool:
        """Whether it is one infinity, or nothing is known of it."""
        return self.low is self.high and not self.low.is_finite()

    def is_one_number(self) -> bool:
        """Whether it is a point as narrow as roundoff, or infinite: sin(inf) is all of [-1, 1]."""
        if self.low is not self.high:
            return False
        if not self.low.is_finite():
            return not self.low.is_nan()
        return bool(self.low.is_exact() or self.low.rel_accuracy_bits() > _ROUNDED)

    def below(self, other: Interval) -> bool:
        """Whether every number in it is smaller than every number in the other."""
        return bool(self.high < other.low)

    def apart(self, other: Interval) -> bool:
        """Whether they certainly have no number in common."""
        return self.below(other) or other.below(self)

    def hull(self, other: Interval) -> Interval:
        """The smallest interval around both."""
        return Interval(self.low.min(other.low), self.high.max(other.high))

    def not_negative(self) -> Interval:
        """Its part from 0 on, for what is known to be 0 or more."""
        return self if self.low >= 0 else Interval(ZERO, self.high)

    def __neg__(self) -> Interval:
        if self.low is self.high:
            return Interval(-self.low)
        return Interval(-self.high, -self.low)

    def __add__(self, other: Interval) -> Interval:
        if self.low is self.high and other.low is other.high:
            return Interval(self.low + other.low)
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        if self.low is self.high and other.low is other.high:
            return Interval(self.low - other.low)
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        if self is other:
            return self.square()
        a, b, c, d = self.low, self.high, other.low, other.high
        if a is b and c is d:
            return Interval(_times(a, c))
        if a >= 0:
            low = (a, c) if c >= 0 else (b, c)
            high = (a, d) if d <= 0 else (b, d)
        elif b <= 0:
            low = (b, d) if d <= 0 else (a, d)
            high = (b, c) if c >= 0 else (a, c)
        elif c >= 0:
            low, high = (a, d), (b, d)
        elif d <= 0:
            low, high = (b, c), (a, c)
        else:
            return Interval(
                _times(a, d).min(_times(b, c)).min(_times(a, c)).min(_times(b, d)),
                _times(a, c).max(_times(b, d)).max(_times(a, d)).max(_times(b, c)),
            )
        return Interval(_times(*low), _times(*high))

    def __truediv__(self, other: Interval) -> Interval:
        c = other.low
        if c is other.high:  # one rounding, and none where the quotient is a binary number
            if self.low is self.high:
                return Interval(self.low / c)
            if c > 0:
                return Interval(self.low / c, self.high / c)
            if c < 0:
                return Interval(self.high / c, self.low / c)
        return self * other.inverse()

    def inverse(self) -> Interval:
        """1/u for all u in it; the whole line where 0 is inside."""
        a, b = self.low, self.high
        if a is b:
            return Interval(_reciprocal(a))
        if a >= 0:
            return Interval(_reciprocal(b), _reciprocal(a) if a > 0 else INFINITY)
        if b <= 0:
            return Interval(_reciprocal(b) if b < 0 else MINUS_INFINITY, _reciprocal(a))
        return Interval(MINUS_INFINITY, INFINITY)

    def square(self) -> Interval:
        """u**2 for all u in it."""
        a, b = self.low, self.high
        if a is b:
            return Interval(a * a)
        if a >= 0:
            return Interval(a * a, b * b)
        if b <= 0:
            return Interval(b * b, a * a)
        return Interval(ZERO, (a * a).max(b * b))

    def scale(self, factor: arb) -> Interval:
        """Its multiple by a ball whose sign is known."""
        if self.low is self.high:
            return Interval(self.low * factor)
        ends = _times(self.low, factor), _times(self.high, factor)
        return Interval(*ends) if factor >= 0 else Interval(*ends[::-1])


def _times(a: arb, b: arb) -> arb:
    """The product of two ends, where 0 times infinity is 0: the finite numbers of the interval."""
    product = a * b
    if product.is_nan() and (a.is_zero() or b.is_zero()):
        return ZERO
    return product


def _reciprocal(a: arb) -> arb:
    return ZERO if a in (INFINITY, MINUS_INFINITY) else 1 / a
