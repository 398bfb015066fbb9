"""A formula as a value: sums and products over exact rationals, simplified as they are built.

A sum holds its addends with rational coefficients, a product its factors with rational exponents,
so that equal ones are collected by being added. All that is done to a formula holds wherever it is
defined; of what is not, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

_LARGEST_POWER = 64
"""Of a rational number, for it to be written out."""

_UNORDERED = ("sum", "product", "and", "or")

Plain = float | Fraction


class UndefinedTermError(Exception):
    """A formula that has no value, such as 1/0."""


class Term:
    """An operation and its parts: other terms, names, or of sums and products pairs with a ratio.

    Equal to another of equal parts, in any order where that is no matter.
    """

    __slots__ = ("_hash", "_key", "operation", "parts")

    def __init__(self, operation: str, *parts: Any) -> None:
        self.operation, self.parts = operation, parts
        self._key = frozenset(parts) if operation in _UNORDERED else parts
        self._hash = hash((operation, self._key))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Term)
            and self._hash == other._hash
            and (self.operation, self._key) == (other.operation, other._key)
        )

    def __repr__(self) -> str:
        return f"{self.operation}{self.parts}"

    def __add__(self, other: Term | Plain) -> Term:
        return total([(self, 1), (term(other), 1)])

    def __radd__(self, other: Plain) -> Term:
        return term(other) + self

    def __sub__(self, other: Term | Plain) -> Term:
        return total([(self, 1), (term(other), -1)])

    def __rsub__(self, other: Plain) -> Term:
        return term(other) - self

    def __neg__(self) -> Term:
        return total([(self, -1)])

    def __mul__(self, other: Term | Plain) -> Term:
        return product([(self, 1), (term(other), 1)])

    def __rmul__(self, other: Plain) -> Term:
        return term(other) * self

    def __truediv__(self, other: Term | Plain) -> Term:
        return product([(self, 1), (term(other), -1)])

    def __rtruediv__(self, other: Plain) -> Term:
        return term(other) / self

    def __pow__(self, exponent: Plain) -> Term:
        return product([(self, Fraction(exponent))])

    def __lt__(self, other: Term | Plain) -> Term:
        return Term("<", self, term(other))

    @property
    def rational(self) -> Fraction | None:
        """The number that it is, if it is a plain one."""
        return self.parts[0] if self.operation == "rational" else None


def rational(number: Plain | int) -> Term:
    """A number whose multiples and powers are written out."""
    return Term("rational", Fraction(number))


ZERO, ONE = rational(0), rational(1)


def term(number: Term | Plain) -> Term:
    """A literal: exactly that double; one of many digits stays as it is typed."""
    if isinstance(number, Term):
        return number
    exact = Fraction(number)
    if exact < 0:
        return -term(-number)
    is_short = exact.denominator == 1 and exact < 2**53
    is_short = is_short or (exact.denominator <= 1024 and exact.numerator < 2**20)
    is_short = is_short or isinstance(number, Fraction)
    return rational(exact) if is_short else Term("number", float(number))


def addends(one: Term) -> Iterable[tuple[Term, Fraction]]:
    """The parts of a sum, each with its coefficient; a number is a multiple of 1."""
    match one.operation:
        case "sum":
            return one.parts
        case "rational":
            return ((ONE, one.parts[0]),) if one.parts[0] else ()
        case "product":
            coefficient, *powers = one.parts
            if len(powers) == 1 and powers[0][1] == 1 and powers[0][0].operation == "sum":
                return [(part, coefficient * c) for part, c in powers[0][0].parts]
            return ((_product(Fraction(1), dict(powers)), coefficient),)
        case _:
            return ((one, Fraction(1)),)


def total(pairs: Iterable[tuple[Term, Fraction | int]]) -> Term:
    """The sum of multiples, equal parts collected."""
    found: dict[Term, Fraction] = {}
    for one, factor in pairs:
        for part, c in addends(one):
            found[part] = found.get(part, Fraction(0)) + c * factor
    parts = [(part, c) for part, c in found.items() if c]
    if len(parts) > 1:
        return Term("sum", *parts)
    return product([(parts[0][0], 1)], parts[0][1]) if parts else ZERO


def powers(one: Term) -> tuple[Fraction, Mapping[Term, Fraction]]:
    """The coefficient of a product and its factors, each with its exponent."""
    if one.operation == "product":
        return one.parts[0], dict(one.parts[1:])
    number = one.rational
    return (Fraction(1), {one: Fraction(1)}) if number is None else (number, {})


def product(
    pairs: Iterable[tuple[Term, Fraction | int]], coefficient: Fraction = Fraction(1)
) -> Term:
    """The product of powers, equal factors collected."""
    found: dict[Term, Fraction] = {}
    pending = [(one, Fraction(exponent)) for one, exponent in pairs]
    while pending:
        for one, exponent in pending:
            parts = _powers(one, exponent)
            if parts is None:
                found[one] = found.get(one, Fraction(0)) + exponent
                continue
            coefficient *= parts[0]
            for factor, power in parts[1].items():
                found[factor] = found.get(factor, Fraction(0)) + power
        pending = [pair for pair in found.items() if pair[1] and _powers(*pair)]
        for one, _ in pending:
            del found[one]
    return _product(coefficient, {one: power for one, power in found.items() if power})


def _powers(one: Term, exponent: Fraction) -> tuple[Fraction, Mapping[Term, Fraction]] | None:
    """The coefficient and the factors of a power of a product or a number; None where it is one.

    Raises:
        UndefinedTermError: it is divided by 0.
    """
    if one.operation not in ("product", "rational") or exponent.denominator > 1:
        return None
    number, factors = powers(one)
    if not number and exponent < 0:
        raise UndefinedTermError
    if number not in (0, 1) and abs(exponent) > _LARGEST_POWER:
        return None
    return number**exponent.numerator, {part: e * exponent for part, e in factors.items()}


def _product(coefficient: Fraction, factors: Mapping[Term, Fraction]) -> Term:
    if not coefficient or not factors:
        return rational(coefficient)
    first, exponent = next(iter(factors.items()))
    is_alone = len(factors) == 1 and exponent == 1
    if is_alone and coefficient == 1:
        return first
    if is_alone and coefficient == -1 and first.operation == "sum":
        return Term("sum", *((part, -c) for part, c in first.parts))
    return Term("product", coefficient, *factors.items())
