"""Numbers on a tail y >= Y > 1, or on a part of it: sums of monomials in y times coefficients.

A monomial is exp(q_1 y^k_1 + ...) y^p (log y)^l. Its coefficient is a number within an interval, or
a function of y that stays inside it (then it is no `constant`). With x = y, -y or c +- 1/y this is
what f does towards infinity or beside c. Constants in exponents that agree to 100 bits, of the 200
that they are computed with, are taken to be the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, NamedTuple

from flint import arb, arb_series, ctx

from tests.certificates.balls import exact
from tests.certificates.duals import BOTH
from tests.certificates.intervals import Interval, interval

TERMS = 4
TAYLOR = 3


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


class Tail:
    """A sum of monomials; all of its arithmetic is for y >= Y."""

    def __init__(self, y: Reach, terms: dict[Monomial, Coefficient]) -> None:
        self.y = y
        self.terms = {m: a for m, a in terms.items() if not a.within.is_zero()}

    def _other(self, other: Any) -> Tail:
        if isinstance(other, Tail):
            return other
        return Tail(self.y, {ONE: Coefficient(arb(other), is_constant=True)})

    def __add__(self, other: Any) -> Tail:
        terms = dict(self.terms)
        for m, a in self._other(other).terms.items():
            _add(terms, m, a)
        return self._short(terms)

    def __mul__(self, other: Any) -> Tail:
        terms: dict[Monomial, Coefficient] = {}
        other = self._other(other)
        for m, a in self.terms.items():
            for n, b in other.terms.items():
                constant = a.is_constant and b.is_constant
                _add(terms, m.times(n), Coefficient(a.within * b.within, is_constant=constant))
        return self._short(terms)

    def __neg__(self) -> Tail:
        return self * -1

    def __sub__(self, other: Any) -> Tail:
        return self + -self._other(other)

    def __rsub__(self, other: Any) -> Tail:
        return self._other(other) - self

    def __truediv__(self, other: Any) -> Tail:
        lead, rest = self._other(other).lead_and_rest()
        ((n, b),) = lead.terms.items()
        terms = {
            m.over(n): Coefficient(a.within / b.within, is_constant=a.is_constant and b.is_constant)
            for m, a in self.terms.items()
        }
        quotient = Tail(self.y, terms)
        return quotient * rest.analytic(lambda r: 1 / (1 + r)) if rest.terms else quotient

    def __rtruediv__(self, other: Any) -> Tail:
        return self._other(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def _short(self, terms: dict[Monomial, Coefficient]) -> Tail:
        terms = {m: a for m, a in terms.items() if not a.within.is_zero()}
        if len(terms) <= TERMS:
            return Tail(self.y, terms)
        ordered = descending(terms)
        kept = {m: terms[m] for m in ordered[:TERMS]}
        last = ordered[TERMS - 1]
        for m in ordered[TERMS:]:
            part = terms[m].within * m.over(last).within(self.y)
            kept[last] = Coefficient(kept[last].within + part, is_constant=False)
        return Tail(self.y, kept)

    def lead_and_rest(self) -> tuple[Tail, Tail]:
        """The term that grows most, and the others over it, which go to 0."""
        if not self.terms:
            raise CannotTellError
        first, *others = descending(self.terms)
        lead = Tail(self.y, {first: self.terms[first]})
        if not (self.terms[first].within > 0 or self.terms[first].within < 0):
            raise CannotTellError
        rest = {m.over(first): self.terms[m] for m in others}
        scale = Coefficient(1 / self.terms[first].within, is_constant=self.terms[first].is_constant)
        return lead, Tail(self.y, rest) * Tail(self.y, {ONE: scale})

    def folded(self, g: Callable[[Any], Any]) -> Tail:
        """g(r) for the rest r."""
        return self.lead_and_rest()[1].analytic(g)

    def analytic(self, g: Callable[[Any], Any]) -> Tail:
        """g(u) of a u with a limit at which g is analytic: Taylor's formula."""
        a, r = self.limit_and_rest()
        hull = (a.within + r.range()).ball
        derivatives, last = _taylor(g, a.ball), _taylor(g, hull)[TAYLOR]
        total, power = self._other(0), self._other(1)
        for n in range(TAYLOR if r.terms else 1):
            total += power * Tail(
                self.y, {ONE: Coefficient(derivatives[n], is_constant=a.is_constant)}
            )
            power *= r
        if r.terms:
            total += power * Tail(self.y, {ONE: Coefficient(last, is_constant=False)})
        return total

    def limit_and_rest(self) -> tuple[Coefficient, Tail]:
        """The coefficient of 1, and the other terms, which have to go to 0."""
        rest = {m: a for m, a in self.terms.items() if m != ONE}
        if any(m.growth >= 0 for m in rest):
            raise CannotTellError
        return self.terms.get(ONE, Coefficient(arb(0), is_constant=True)), Tail(self.y, rest)

    def range(self) -> Any:
        """An interval around all its values: only of what stays bounded."""
        total = interval(0)
        for m, a in self.terms.items():
            if m.growth > 0:
                raise CannotTellError
            total += a.within if m == ONE else a.within * m.within(self.y)
        return total

    def at(self, y: Any) -> Any:
        """A ball around its value at one y."""
        total = interval(0)
        for m, a in self.terms.items():
            total += a.within * m.value(y)
        return total.ball

    def sign(self) -> Any:
        if not self.terms:
            return 0
        level = self.relative()
        return 1 if level > 0 else -1 if level < 0 else BOTH

    def is_at_least_0(self) -> bool:
        return not self.terms or bool(self.relative() >= 0)

    def relative(self) -> Any:
        """An interval around all its values, over the term that grows most."""
        first = descending(self.terms)[0]
        return Tail(self.y, {m.over(first): a for m, a in self.terms.items()}).range()

    @property
    def limit(self) -> Any:
        """What it tends to, infinite or not."""
        first = descending(self.terms)[0] if self.terms else ONE
        if first.growth > 0:
            return {1: arb("inf"), -1: arb("-inf")}.get(self.sign(), arb("nan"))
        return self.terms[ONE].ball if ONE in self.terms else arb(0)


def _add(terms: dict[Monomial, Coefficient], m: Monomial, a: Coefficient) -> None:
    if m in terms:
        a = Coefficient(
            terms[m].within + a.within, is_constant=terms[m].is_constant and a.is_constant
        )
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


def _taylor(g: Callable[[Any], Any], a: Any) -> list[Any]:
    before, ctx.cap = ctx.cap, TAYLOR + 1
    try:
        found = g(arb_series([a, 1]))
        return [found[n] for n in range(TAYLOR + 1)]
    except (ValueError, ZeroDivisionError):
        raise CannotTellError from None
    finally:
        ctx.cap = before
