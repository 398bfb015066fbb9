"""Numbers that are known exactly though no ball is: polynomials in pi with rational coefficients.

They are balls for all who do not ask, so that a germ's coefficients may be either; what is added to
its opposite is exactly 0, which is how atan(x)/pi + 1/2 is seen to vanish at -infinity.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import factorial
from typing import Any, TypeAlias

from flint import arb, arf, ctx, fmpq, fmpz

Operand: TypeAlias = "int | float | fmpz | fmpq | arf | arb"

_MOST_TERMS, _MOST_BITS = 6, 2000
"""What is longer is a ball."""

_SPARE_BITS = 64
"""For what cancels between the terms."""


class ExactNumber(arb):
    """The sum of ratio * pi**power; made by `exactly`.

    A sum of such numbers may be a plain ball, for which the types of Arb have no word.
    """

    __slots__ = ("terms",)

    def __init__(self, ball: arb, terms: Mapping[int, fmpq]) -> None:
        super().__init__(ball)
        self.terms = terms
        """The ratios by their powers."""

    def __neg__(self) -> Any:
        return exactly({power: -ratio for power, ratio in self.terms.items()})

    def __add__(self, other: Operand) -> Any:
        terms = _terms(other)
        if terms is None:
            return arb(self) + other
        return exactly(_sum(self.terms, terms))

    __radd__ = __add__

    def __sub__(self, other: Operand) -> Any:
        return self + (-other)

    def __rsub__(self, other: Operand) -> Any:
        return -self + other

    def __mul__(self, other: Operand) -> Any:
        terms = _terms(other)
        if terms is None:
            return arb(self) * other
        total: dict[int, fmpq] = {}
        for p, a in self.terms.items():
            total = _sum(total, {p + q: a * b for q, b in terms.items()})
        return exactly(total)

    __rmul__ = __mul__

    def __truediv__(self, other: Operand) -> Any:
        inverse = _inverse(_terms(other))
        return arb(self) / other if inverse is None else self * inverse

    def __rtruediv__(self, other: Operand) -> Any:
        inverse = _inverse(self.terms)
        return other / arb(self) if inverse is None else inverse * other


def exactly(terms: Mapping[int, fmpq]) -> arb:
    """The number with these ratios by the powers of pi; a plain ball where one holds it."""
    terms = {power: ratio for power, ratio in terms.items() if ratio != 0}
    before = ctx.prec
    ctx.prec += _SPARE_BITS
    try:
        ball = sum((arb(ratio) * arb.pi() ** power for power, ratio in terms.items()), arb(0))
    finally:
        ctx.prec = before
    is_short = len(terms) <= _MOST_TERMS and all(
        max(abs(ratio.p).bit_length(), ratio.q.bit_length()) <= _MOST_BITS
        for ratio in terms.values()
    )
    return ball if ball.is_exact() or not is_short else ExactNumber(ball, terms)


def pi(factor: int | fmpq = 1) -> arb:
    """A rational multiple of pi."""
    return exactly({1: fmpq(factor)})


def quotient(a: arb, b: arb) -> arb:
    """The quotient of two balls, exact where both are."""
    found = a / b
    if found.is_exact() or isinstance(found, ExactNumber):
        return found
    above, below = _terms(a), _inverse(_terms(b))
    if above is None or below is None:
        return found
    return below * a


def turns(number: arb) -> fmpq | None:
    """How often pi goes into a rational multiple of it; None of any other number."""
    if isinstance(number, ExactNumber) and list(number.terms) == [1]:
        return number.terms[1]
    return None


def ratio(number: arb) -> Fraction | None:
    """The fraction that a number is known to be."""
    terms = _terms(number)
    if terms is None or not set(terms) <= {0}:
        return None
    found = terms.get(0, fmpq(0))
    return Fraction(int(found.p), int(found.q))


def sine_series(quarter_turns: int, turns: fmpq, length: int) -> list[arb]:
    """Taylor coefficients of sin at `turns` times pi and so many quarter turns on."""
    return [
        arb.sin_pi_fmpq(turns + fmpq(quarter_turns + n, 2)) / factorial(n) for n in range(length)
    ]


def _terms(number: Operand) -> Mapping[int, fmpq] | None:
    """The ratios of a number by their powers of pi, if it is known exactly and short."""
    if isinstance(number, ExactNumber):
        return number.terms
    if isinstance(number, int):
        return {0: fmpq(number)}
    number = arb(number)
    if not (number.is_finite() and number.is_exact()):
        return None
    mantissa, exponent = number.man_exp()
    is_short = abs(int(exponent)) + int(mantissa).bit_length() <= _MOST_BITS
    return {0: number.fmpq()} if is_short else None


def _inverse(terms: Mapping[int, fmpq] | None) -> arb | None:
    """The reciprocal of a number of one term."""
    if terms is None or len(terms) != 1:
        return None
    [(power, ratio)] = terms.items()
    return None if ratio == 0 else ExactNumber(_ball(-power, 1 / ratio), {-power: 1 / ratio})


def _ball(power: int, ratio: fmpq) -> arb:
    return arb(ratio) * arb.pi() ** power


def _sum(a: Mapping[int, fmpq], b: Mapping[int, fmpq]) -> dict[int, fmpq]:
    total = dict(a)
    for power, ratio in b.items():
        total[power] = total.get(power, fmpq(0)) + ratio
    return total
