"""Dual numbers over an arithmetic: forward differentiation."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Generic

from actcli.formula.algebras import Values
from actcli.formula.primitives import CONDITIONS, PRIMITIVES, Arithmetic, N, Primitive

MOST_ADDENDS = 4
"""Longer sums count as one term: a quotient's work is the product of the lengths."""


class Dual(Generic[N]):
    """A value and its rate of change with x, None for a constant.

    A sum remembers its addends and a square root its radicand, so that a quotient is differentiated
    term by term and equal terms vanish before they are rounded: x/(1 + abs(x)), x/sqrt(1 + x*x),
    (exp(x) - exp(-x))/(exp(x) + exp(-x)).
    """

    __slots__ = ("radicand", "rate", "summands", "value")

    def __init__(self, value: N, rate: N | float | None = None) -> None:
        self.value = value
        self.rate = rate
        self.summands: tuple[Dual[N], ...] = ()
        self.radicand: Dual[N] | None = None

    @property
    def addends(self) -> tuple[Dual[N], ...]:
        """The summands of a sum; of anything else itself."""
        return self.summands or (self,)

    @property
    def rate_or_zero(self) -> N | float:
        """The rate, of a constant too."""
        return 0.0 if self.rate is None else self.rate

    def __neg__(self) -> Dual[N]:
        return Dual(-self.value, None if self.rate is None else -self.rate)


class Duals(Generic[N]):
    """The algebra of dual numbers over an arithmetic, but for the catalogue."""

    def __init__(self, arithmetic: Arithmetic[N], values: Values[N] | None = None) -> None:
        self.arithmetic = arithmetic
        self.values = values or Values(arithmetic)

    def variable(self, x: N) -> Dual[N]:
        """The variable that rates are by."""
        return Dual(x, 1.0)

    def number(self, value: float) -> Dual[N]:
        """The number that a literal stands for."""
        return Dual(self.values.number(value))

    def constant(self, name: str) -> Dual[N]:
        """`pi` or `e`."""
        return Dual(self.values.constant(name))

    def call(self, operation: str, arguments: Sequence[Dual[N]]) -> Dual[N]:
        """One primitive applied to dual numbers, by the chain rule."""
        result = Dual(self.values.call(operation, [argument.value for argument in arguments]))
        if operation in CONDITIONS or all(argument.rate is None for argument in arguments):
            return result
        u, v = arguments[-2:] if len(arguments) > 1 else (arguments[0], arguments[0])
        match operation:
            case "where":
                chosen = arguments[0].value
                result.rate = self.arithmetic.where(chosen, u.rate_or_zero, v.rate_or_zero)
            case "max":
                result.rate = self._rate_of_choice(u, v, larger=u, smaller=v)
            case "min":
                result.rate = self._rate_of_choice(u, v, larger=v, smaller=u)
            case "/" if v.rate is not None:
                result.rate = _rate_of_quotient(u, v)
            case _:
                result.rate = self._chain_rule(PRIMITIVES[operation], result.value, arguments)
        _remember(result, operation, arguments)
        return result

    def _rate_of_choice(self, u: Dual[N], v: Dual[N], larger: Dual[N], smaller: Dual[N]) -> N:
        """The chosen argument's rate; in a tie a constant wins, and two functions share."""
        tie = 0.0 if u.rate is None or v.rate is None else 0.5 * (u.rate + v.rate)
        is_below, is_above = (self.values.call(sign, (u.value, v.value)) for sign in "<>")
        below = self.arithmetic.where(is_below, smaller.rate_or_zero, tie)
        return self.arithmetic.where(is_above, larger.rate_or_zero, below)

    def _chain_rule(self, primitive: Primitive, result: N, arguments: Sequence[Dual[N]]) -> N:
        values = [argument.value for argument in arguments]
        terms: list[N] = [
            product(partial(self.arithmetic, result, *values), argument.rate)
            for partial, argument in zip(primitive.partials, arguments, strict=True)
            if argument.rate is not None
        ]
        return terms[0] if len(terms) == 1 else terms[0] + terms[1]


def _remember(result: Dual[N], operation: str, arguments: Sequence[Dual[N]]) -> None:
    """Note what the result is made of, for a quotient that may follow."""
    if operation == "sqrt":
        result.radicand = arguments[0]
    elif operation in ("+", "-"):
        u, v = arguments
        addends = v.addends if operation == "+" else tuple(-addend for addend in v.addends)
        if len(u.addends) + len(addends) <= MOST_ADDENDS:
            result.summands = (*u.addends, *addends)


def _rate_of_quotient(u: Dual[N], v: Dual[N]) -> N:
    """(u' v - u v')/v**2 term by term; where v = sqrt(w), (u' w - u w'/2)/(w v)."""
    divisor, part = (v, 1.0) if v.radicand is None else (v.radicand, 0.5)
    pairs = ((p, q) for p in u.addends for q in divisor.addends)
    terms = [_cross_term(p, q, part) for p, q in pairs if p.rate is not None or q.rate is not None]
    return functools.reduce(operator.add, terms) / divisor.value / v.value


def _cross_term(p: Dual[N], q: Dual[N], part: float) -> N:
    """The difference p' q - p q' part."""
    if q.rate is None:
        return product(q.value, p.rate_or_zero)
    fall = product(p.value * part, q.rate)
    return -fall if p.rate is None else product(q.value, p.rate) - fall


def product(slope: N, rate: N | float) -> N:
    """The product; a rate of 1, which x has, costs nothing."""
    return slope if isinstance(rate, float) and rate == 1.0 else slope * rate
