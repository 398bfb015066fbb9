"""The elementary functions on a tail: by expansion at a finite limit, by rewriting at infinity."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb

from tests.certificates.numbers.balls import exact
from tests.certificates.numbers.duals import BOTH
from tests.certificates.numbers.elementary import Elementary
from tests.certificates.numbers.intervals import Interval
from tests.certificates.numbers.monomials import (
    ONE,
    CannotTellError,
    Coefficient,
    Monomial,
    Reach,
    ball_of,
    descending,
    fraction,
    key_of,
    up_to,
)
from tests.certificates.numbers.tails import Tail

_RATES = (1024.0, 1.0, 2.0**-10, 2.0**-100, 2.0**-1000)
"""How fast a vanishing exponential is said to fall, at least."""


class Tails(Elementary):
    """The numbers of a walk on a tail."""

    def __init__(self, near: Any, far: Any = None, end: float = 0.0) -> None:
        self.y = Reach(near, far)
        self.end = end
        """Where it goes: -inf, inf or, beside a number, 0."""
        self.flat = None
        self.unknown = None

    def number(self, value: Any) -> Tail:
        return Tail(self.y, {ONE: Coefficient(arb(value), is_constant=True)})

    def powers(self, *terms: tuple[Any, int]) -> Tail:
        """The sum of a y^p."""
        made = {Monomial((), Fraction(p)): Coefficient(arb(a), is_constant=True) for a, p in terms}
        return Tail(self.y, made)

    def sign(self, u: Tail) -> Any:
        return u.sign()

    def hull(self, u: Any, w: Any) -> Any:
        raise CannotTellError

    def rational(self, u: Tail) -> Fraction | None:
        if not u.terms:
            return Fraction(0)
        a = u.terms.get(ONE)
        return exact(a.ball) if a is not None and len(u.terms) == 1 and a.ball.is_exact() else None

    def whole_power(self, u: Tail, n: int) -> Any:
        if abs(n) > 8:
            return self.power(u, Fraction(n))
        return super().whole_power(u, n)

    def power(self, u: Tail, p: Fraction) -> Tail:
        if not u.terms:
            return u
        lead, _ = u.lead_and_rest()
        ((m, a),) = lead.terms.items()
        q = tuple((k, key_of(ball_of(key) * fraction(p))) for k, key in m.exponents)
        if m.l * p.numerator % p.denominator or not (a.within > 0 or p.denominator == 1):
            raise CannotTellError
        new = Monomial(q, m.p * p, int(m.l * p))
        scale = a.ball ** int(p) if p.denominator == 1 else (a.ball.log() * fraction(p)).exp()
        front = Tail(self.y, {new: Coefficient(scale, is_constant=a.is_constant)})
        return front * u.folded(lambda r: ((1 + r).log() * fraction(p)).exp())

    def sqrt(self, u: Tail) -> Tail:
        return self.power(u, Fraction(1, 2))

    def log(self, u: Tail) -> Tail:
        lead, _ = u.lead_and_rest()
        ((m, a),) = lead.terms.items()
        if m.l or not a.within > 0:
            raise CannotTellError
        terms = {ONE: Coefficient(a.ball.log(), is_constant=a.is_constant)}
        for k, key in m.exponents:
            terms[Monomial((), k)] = Coefficient(ball_of(key), is_constant=True)
        terms[Monomial((), Fraction(0), 1)] = Coefficient(fraction(m.p), is_constant=True)
        return Tail(self.y, terms) + u.folded(lambda r: (1 + r).log())

    def exp(self, u: Tail) -> Tail:
        factor, rest = self.number(1), {m: a for m, a in u.terms.items() if m.growth <= 0}
        for m, a in u.terms.items():
            if m in rest:
                continue
            if m.exponents or not a.is_constant or (m.l and (m.p or m.l > 1)):
                return self._vanishing(u)
            if m.l:
                if not a.ball.is_exact():
                    return self._vanishing(u)
                new = Monomial((), exact(a.ball))
            else:
                new = Monomial(((m.p, key_of(a.ball)),))
            factor = factor * Tail(self.y, {new: Coefficient(arb(1), is_constant=True)})
        return factor * Tail(self.y, rest).analytic(lambda r: r.exp())

    def _vanishing(self, u: Tail) -> Tail:
        """exp(u) of a u that goes to -infinity: from 0 to a bound."""
        first = descending(u.terms)[0]
        most = u.relative().high
        if not most < 0:
            raise CannotTellError
        degree = first.p if not first.exponents and not first.l else Fraction(2)
        beside = Monomial(first.exponents, first.p - degree, first.l)
        rate = most * (beside.at(self.y.near) if beside != ONE else 1)
        simple = next((q for q in _RATES if rate < -q), None)
        if simple is None:
            raise CannotTellError
        bound = Monomial(((degree, key_of(arb(-simple))),))
        return Tail(self.y, {bound: Coefficient(up_to(arb(1)), is_constant=False)})

    def _at_infinity(self, u: Tail) -> int:
        """The sign of a u that goes to infinity, else 0."""
        if not u.terms or descending(u.terms)[0].growth <= 0:
            return 0
        sign = u.sign()
        if sign == BOTH:
            raise CannotTellError
        return int(sign)

    def sigmoid(self, u: Tail) -> Tail:
        match self._at_infinity(u):
            case 0:
                return u.analytic(lambda r: 1 / (1 + (-r).exp()))
            case 1:
                return 1 / (1 + self.exp(-u))
        e = self.exp(u)
        return e / (1 + e)

    def softplus(self, u: Tail) -> Tail:
        match self._at_infinity(u):
            case 0:
                return u.analytic(lambda r: (1 + r.exp()).log())
            case 1:
                return u + self.log1p(self.exp(-u))
        return self.log1p(self.exp(u))

    def log1p(self, u: Tail) -> Tail:
        return self.log(1 + u) if self._at_infinity(u) else u.analytic(lambda r: (1 + r).log())

    def sinh(self, u: Tail) -> Any:
        if self._at_infinity(u):
            return super().sinh(u)
        return u.analytic(lambda r: (r.exp() - (-r).exp()) / 2)

    def tanh(self, u: Tail) -> Tail:
        sign = self._at_infinity(u)
        if not sign:
            return u.analytic(lambda r: ((2 * r).exp() - 1) / ((2 * r).exp() + 1))
        e = self.exp(-2 * sign * u)
        return sign * (1 - e) / (1 + e)

    def atan(self, u: Tail) -> Tail:
        sign = self._at_infinity(u)
        if not sign:
            return u.analytic(lambda r: r.atan())
        return self.number(sign * arb.pi() / 2) - self.atan(1 / u)

    def asinh(self, u: Tail) -> Tail:
        sign = self._at_infinity(u)
        if not sign:
            return u.analytic(lambda r: (r + (r * r + 1).sqrt()).log())
        return sign * self.log(sign * u + self.sqrt(u * u + 1))

    def norm_cdf(self, u: Tail) -> Tail:
        match self._at_infinity(u):
            case 0:
                root = arb(2).sqrt()
                return u.analytic(lambda r: (-r / root).erfc() / 2)
            case 1:
                return 1 - self.norm_cdf(-u)
        return self._beyond(self.exp(-u * u / 2) * self.inverse_root(2), -1 / u, 1 / (u * u))

    def erfc(self, u: Tail) -> Tail:
        match self._at_infinity(u):
            case 0:
                return u.analytic(lambda r: r.erfc())
            case -1:
                return 2 - self.erfc(-u)
        return self._beyond(self.exp(-u * u) * self.inverse_root(1), 1 / u, 1 / (2 * u * u))

    def _beyond(self, density: Tail, inverse: Tail, w: Tail) -> Tail:
        """The integral of a normal density beyond u: its expansion encloses it (DLMF 7.12.1)."""
        last = Tail(self.y, {ONE: Coefficient(up_to(arb(3)), is_constant=False)})
        return density * inverse * (1 - w + last * w * w)

    def erf(self, u: Tail) -> Tail:
        return u.analytic(lambda r: r.erf()) if not self._at_infinity(u) else 1 - self.erfc(u)

    def sin(self, u: Tail) -> Tail:
        return self._wave(u, lambda r: r.sin())

    def cos(self, u: Tail) -> Tail:
        return self._wave(u, lambda r: r.cos())

    def tan(self, u: Tail) -> Tail:
        return u.analytic(lambda r: r.tan())

    def _wave(self, u: Tail, g: Callable[[Any], Any]) -> Tail:
        if not self._at_infinity(u):
            return u.analytic(g)
        return Tail(self.y, {ONE: Coefficient(Interval(arb(-1), arb(1)), is_constant=False)})

    def floor(self, u: Tail) -> tuple[Any, Any, bool]:
        if self._at_infinity(u):
            raise CannotTellError
        limit = u.limit
        level = limit.mid().floor()
        if (u - level).sign() == -1:
            level -= 1
        below, above = (u - level).is_at_least_0(), (u - level - 1).sign() == -1
        if not (below and above):
            raise CannotTellError
        return level, level, True
