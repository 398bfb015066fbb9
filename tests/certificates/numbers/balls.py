"""Real numbers as balls, for the checker: arb's own functions, made tight where it matters."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from tests.certificates.numbers.duals import BOTH


def exact(a: Any) -> Fraction:
    mantissa, exponent = a.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


_HUGE = arb(2) ** 2000


class Balls:
    """The numbers of a walk on a bounded box or at a point."""

    flat = arb(0)
    unknown = arb("nan")

    pi = property(lambda self: arb.pi())
    e = property(lambda self: arb.const_e())

    def number(self, value: Any) -> Any:
        return arb(value)

    def inverse_root(self, n: int) -> Any:
        return 1 / (n * arb.pi()).sqrt()

    def exp(self, u: Any) -> Any:
        if abs(u) < _HUGE:
            return u.exp()
        return arb(0).union(1 / _HUGE) if u < -1000 else self.unknown

    def expm1(self, u: Any) -> Any:
        return u.expm1() if abs(u) < _HUGE else self.exp(u) - 1

    def __getattr__(self, name: str) -> Any:
        return lambda u: getattr(u, name)()

    def sign(self, u: Any) -> Any:
        return 1 if u > 0 else -1 if u < 0 else 0 if u.is_zero() else BOTH

    def hull(self, u: Any, w: Any) -> Any:
        return u.union(w)

    def rational(self, u: Any) -> Fraction | None:
        return exact(u) if u.is_exact() else None

    def square(self, u: Any) -> Any:
        return self.whole_power(u, 2)

    def whole_power(self, u: Any, n: int) -> Any:
        if n < 0:
            return 1 / self.whole_power(u, -n)
        if u.is_exact() or n < 2:
            return u**n
        if n % 2:
            return (u.lower() ** n).union(u.upper() ** n)
        return arb(u.abs_lower() ** n).union(u.abs_upper() ** n)

    def power(self, u: Any, p: Fraction) -> Any:
        if not u > 0:
            return u.sqrt() if p == Fraction(1, 2) else self.unknown
        return ((arb(p.numerator) / p.denominator) * u.log()).exp()

    def sigmoid(self, u: Any) -> Any:
        return 1 / (1 + self.exp(-u)) if u > 0 else self.exp(u) / (1 + self.exp(u))

    def softplus(self, u: Any) -> Any:
        return self.exp(u).log1p() if u < 0 else u + self.exp(-u).log1p()

    def norm_cdf(self, u: Any) -> Any:
        return (-u / arb(2).sqrt()).erfc() / 2

    def floor(self, u: Any) -> tuple[Any, Any, bool]:
        if not u.is_finite():
            return self.unknown, arb(0), False
        low, high = u.lower().floor(), u.upper().floor()
        return low, high, not (low == u.lower() or high == u.upper())
