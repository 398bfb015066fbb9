"""Numbers on a tail y >= Y > 1, or on a part of it: sums of monomials in y times coefficients.

A coefficient is a number within an interval, or a function of y that stays inside it (then it is no
`constant`). With x = y, -y or c +- 1/y this is what f does towards infinity or beside c.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, arb_series, ctx

from tests.certificates.numbers.duals import BOTH
from tests.certificates.numbers.intervals import interval
from tests.certificates.numbers.monomials import (
    ONE,
    CannotTellError,
    Coefficient,
    Monomial,
    Reach,
    add,
    descending,
)

TERMS = 4
TAYLOR = 3


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
            add(terms, m, a)
        return self._short(terms)

    def __mul__(self, other: Any) -> Tail:
        terms: dict[Monomial, Coefficient] = {}
        other = self._other(other)
        for m, a in self.terms.items():
            for n, b in other.terms.items():
                constant = a.is_constant and b.is_constant
                add(terms, m.times(n), Coefficient(a.within * b.within, is_constant=constant))
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
        hull = a.ball.union((a.within + r.range()).ball)  # the rest may not go all the way to 0
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

    def without(self, *some: Monomial) -> Tail:
        """Without these terms, whose coefficients have to be constant."""
        for one in some:
            self.coefficient(one)
        return Tail(self.y, {m: a for m, a in self.terms.items() if m not in some})

    def coefficient(self, m: Monomial) -> Any:
        """That of a monomial, as a ball."""
        a = self.terms.get(m)
        if a is None:
            return arb(0)
        if not a.is_constant:
            raise CannotTellError
        return a.ball

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


def _taylor(g: Callable[[Any], Any], a: Any) -> list[Any]:
    before, ctx.cap = ctx.cap, TAYLOR + 1
    try:
        found = g(arb_series([a, 1]))
        return [found[n] for n in range(TAYLOR + 1)]
    except (ValueError, ZeroDivisionError):
        raise CannotTellError from None
    finally:
        ctx.cap = before
