"""Taylor series around a number, or around all numbers of a ball, for the checker's integrals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, arb_series, ctx

from tests.certificates.numbers.balls import Balls, exact
from tests.certificates.numbers.duals import BOTH
from tests.certificates.numbers.elementary import Elementary


class Series(Elementary):
    """The numbers of a walk: as many Taylor coefficients as flint's cap says."""

    flat = None
    unknown = property(lambda self: arb_series([arb("nan")] * ctx.cap))

    def number(self, value: Any) -> Any:
        return arb_series([arb(value)])

    def exp(self, u: Any) -> Any:
        return u.exp()

    def __getattr__(self, name: str) -> Any:
        return lambda u: getattr(u, name)()

    def sign(self, u: Any) -> Any:
        """That of the value, 0 only for what is 0 throughout."""
        if all(a.is_zero() for a in u.coeffs()):
            return 0
        return 1 if u[0] > 0 else -1 if u[0] < 0 else BOTH

    def hull(self, u: Any, w: Any) -> Any:
        return arb_series([u[0].union(w[0])])

    def rational(self, u: Any) -> Fraction | None:
        is_constant = all(a.is_zero() for a in u.coeffs()[1:])
        return exact(u[0]) if is_constant and u[0].is_exact() else None

    def power(self, u: Any, p: Fraction) -> Any:
        if not u[0] > 0:
            return self.unknown
        return (u.log() * (arb(p.numerator) / p.denominator)).exp()

    def log(self, u: Any) -> Any:
        return u.log() if u[0] > 0 else self.unknown

    def sqrt(self, u: Any) -> Any:
        return u.sqrt() if u[0] > 0 else self.unknown

    def log1p(self, u: Any) -> Any:
        return self.log(1 + u)

    def sigmoid(self, u: Any) -> Any:
        return 1 / (1 + (-u).exp()) if u[0] > 0 else u.exp() / (1 + u.exp())

    def tanh(self, u: Any) -> Any:
        return 2 * self.sigmoid(2 * u) - 1 if u[0] > 0 else 1 - 2 * self.sigmoid(-2 * u)

    def softplus(self, u: Any) -> Any:
        return (1 + u.exp()).log() if not u[0] > 0 else u + (1 + (-u).exp()).log()

    def asinh(self, u: Any) -> Any:
        root = (u * u + 1).sqrt()
        return -(root - u).log() if u[0] < 0 else (root + u).log()

    def norm_cdf(self, u: Any) -> Any:
        return (-u / arb(2).sqrt()).erfc() / 2

    def floor(self, u: Any) -> tuple[Any, Any, bool]:
        return Balls().floor(u[0])
