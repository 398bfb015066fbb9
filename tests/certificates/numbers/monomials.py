"""Monomials exp(q_1 y^k_1 + ...) y^p (log y)^l on a tail y >= Y > 1, and their coefficients.

Constants are taken to be the same that agree to 180 of the 240 bits that they are computed with,
in exponents to 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, NamedTuple

from flint import arb

from tests.certificates.numbers.balls import exact
from tests.certificates.numbers.intervals import Interval, interval

_SAME = arb(2) ** -180


class CannotTellError(Exception):
    """What is asked about a tail is not seen by so few terms."""


class Reach(NamedTuple):
    """From which y on, and how far; None is infinity."""

    near: Any
    far: Any = None


class Coefficient:
    """The numbers that a coefficient lies between."""

    __slots__ = ("is_constant", "within")

    def __init__(self, within: Any, *, is_constant: bool) -> None:
        self.within, self.is_constant = interval(within), is_constant

    @property
    def ball(self) -> Any:
        return self.within.ball


@dataclass(frozen=True)
class Monomial:
    exponents: tuple[tuple[Fraction, Any], ...] = ()
    """The degree k and the key of the coefficient q, highest first."""
    p: Fraction = Fraction(0)
    l: int = 0  # noqa: E741

    def over(self, other: Monomial) -> Monomial:
        return self.times(other, -1)

    @cache  # noqa: B019
    def times(self, other: Monomial, sign: int = 1) -> Monomial:
        q = dict(self.exponents)
        for k, key in other.exponents:
            same = sign * ball_of(key)
            if k in q and q[k] == key_of(-same):
                del q[k]
            else:
                q[k] = key_of(ball_of(q[k]) + same if k in q else same)
        ordered = tuple(sorted(q.items(), reverse=True))
        return Monomial(ordered, self.p + sign * other.p, self.l + sign * other.l)

    @cached_property
    def growth(self) -> int:
        """1 where it goes to infinity, -1 where it goes to 0, 0 for 1."""
        if self.exponents:
            q = ball_of(self.exponents[0][1])
            if not (q > 0 or q < 0):
                raise CannotTellError
            return 1 if q > 0 else -1
        return _sign(self.p) or _sign(self.l)

    def within(self, reach: Reach) -> Interval:
        """The numbers that it takes, if it falls."""
        near = self.at(reach.near)
        return Interval(arb(0) if reach.far is None else self.value(reach.far), near)

    def at(self, y: Any) -> Any:
        """Its value where it falls from there on, or rises to infinity."""
        falling = self if self.growth < 0 else ONE.over(self)
        rate = fraction(max(falling.p, Fraction(0))) + max(falling.l, 0) / y.log()
        if falling.exponents:  # y d/dy log m = p + l / log y + sum k q y^k
            (highest, q), *others = falling.exponents
            rate = rate * _pow(y, -highest) + fraction(highest) * ball_of(q)
            for k, other in others:
                if ball_of(other) > 0:
                    rate += fraction(k) * ball_of(other) * _pow(y, k - highest)
        else:
            rate = fraction(falling.p) + (falling.l / y.log() if falling.p else falling.l)
        if not rate < 0:
            raise CannotTellError
        return self.value(y)

    def value(self, y: Any) -> Any:
        total = arb(0)
        for k, key in self.exponents:
            total += ball_of(key) * _pow(y, k)
        return total.exp() * _pow(y, self.p) * y.log() ** self.l


ONE = Monomial()


def _sign(a: Any) -> int:
    return bool(a > 0) - bool(a < 0)


def fraction(a: Fraction) -> Any:
    return arb(a.numerator) / a.denominator


def _pow(y: Any, p: Fraction) -> Any:
    return y ** int(p) if p.denominator == 1 else y ** fraction(p)


def key_of(ball: Any) -> Fraction:
    """A ball's middle to 100 bits, or itself if it is exact."""
    key = exact(ball.mid())
    if not ball.is_exact():
        unit = Fraction(2) ** (len(bin(abs(key.numerator))) - len(bin(key.denominator)) - 100)
        key = round(key / unit) * unit
    return _CONSTANTS.setdefault(key, (key, ball))[0]


def ball_of(key: Fraction) -> Any:
    return _CONSTANTS[key][1]


_CONSTANTS: dict[Fraction, tuple[Fraction, Any]] = {}


def add(terms: dict[Monomial, Coefficient], m: Monomial, a: Coefficient) -> None:
    """Add a term; one that vanishes leaves 0, for the sum to drop."""
    if m in terms:
        constant, within = terms[m].is_constant and a.is_constant, terms[m].within + a.within
        if constant and abs(within.ball) < _SAME * abs(a.ball):
            within = interval(0)
        a = Coefficient(within, is_constant=constant)
    terms[m] = a


def up_to(size: Any) -> Any:
    """[0, size]."""
    return Interval(arb(0), size)


def descending(terms: dict[Monomial, Coefficient]) -> list[Monomial]:
    ordered: list[Monomial] = []
    for m in terms:
        place = 0
        while place < len(ordered) and ordered[place].over(m).growth > 0:
            place += 1
        ordered.insert(place, m)
    return ordered
