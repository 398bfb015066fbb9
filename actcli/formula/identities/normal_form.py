"""A normal form in which equal formulas are seen to be equal: polynomials over atoms.

The coefficients are exact rationals. An atom is x, pi, a prime (under a root), exp of a monomial,
exp of i times one, the reciprocal or a root of a polynomial, or another function of some. What is 0
as such a polynomial is 0 wherever the formula is defined; of what is not, nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

Monomial = tuple[tuple[int, Fraction], ...]
"""Atoms, by their numbers, and their powers."""

_MOST_TERMS = 200
_MOST_PRODUCTS = 4000
_HIGHEST_POWER = 16
_PRIMES = (2, 3, 5, 7, 11, 13)

_HALF_TURN = 1
"""The number of the atom exp(i pi): the second of every ring."""

_POSITIVE = ("exp", "pi", "prime")
"""Kinds of atoms that are positive, whatever x is."""


class NoFormError(Exception):
    """A formula has no normal form of bearable size."""


class Form(dict[Monomial, Fraction]):
    """A polynomial over the atoms of a ring: its coefficients by monomials."""

    def __init__(self, ring: Forms, coefficients: Any = ()) -> None:
        super().__init__(coefficients)
        self.ring = ring

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from others."""
        return tuple(sorted(self.items()))

    @property
    def number(self) -> Fraction | None:
        """The rational number that it is, None where it is none."""
        if not self:
            return Fraction(0)
        return self[()] if len(self) == 1 and () in self else None

    @property
    def leading_sign(self) -> int:
        """The sign of the coefficient of its last monomial."""
        return 1 if self and self[max(self)] > 0 else -1

    @property
    def depends_on_x(self) -> bool:
        """Whether x is in it."""
        return any(self.ring.depends_on_x(atom) for monomial in self for atom, _ in monomial)

    @property
    def is_positive(self) -> bool:
        """Whether all in it is positive for every x, so that it is."""
        return all(
            c > 0 and all(self.ring.kind(atom) in _POSITIVE for atom, _ in monomial)
            for monomial, c in self.items()
        )

    def _plus(self, other: Form, factor: Fraction | int) -> Form:
        total = Form(self.ring, self)
        for monomial, c in other.items():
            c = total.get(monomial, Fraction(0)) + factor * c
            if c:
                total[monomial] = c
            else:
                total.pop(monomial, None)
        if len(total) > _MOST_TERMS:
            raise NoFormError
        return total

    def __add__(self, other: Form) -> Form:
        return self._plus(other, 1)

    def __sub__(self, other: Form) -> Form:
        return self._plus(other, -1)

    def __neg__(self) -> Form:
        return self.times(-1)

    def times(self, factor: Fraction | int) -> Form:
        """Its multiple by a rational number."""
        return Form(self.ring)._plus(self, Fraction(factor))

    def __mul__(self, other: Form) -> Form:
        if len(self) * len(other) > _MOST_PRODUCTS:
            raise NoFormError
        total = Form(self.ring)
        for m, c in self.items():
            for n, d in other.items():
                powers = dict(m)
                for atom, power in n:
                    powers[atom] = powers.get(atom, Fraction(0)) + power
                total = total + self.ring.monomial(powers.items(), c * d)
        return total

    def __truediv__(self, other: Form) -> Form:
        return self * other.inverse()

    def inverse(self) -> Form:
        """The reciprocal."""
        c, monomial, rest = self.parts()
        first = self.ring.monomial([(atom, -power) for atom, power in monomial], 1 / c)
        return first if rest.number == 1 else first * self.ring.atom("inverse", rest)

    def power(self, exponent: Fraction | int) -> Form:
        """A power by a rational number; one that is not whole, where it is not negative."""
        exponent = Fraction(exponent)
        if len(self) == 1 and exponent.denominator == 1:
            ((monomial, c),) = self.items()
            if abs(c) == 1:  # of any size
                powers = [(atom, power * exponent) for atom, power in monomial]
                return self.ring.monomial(powers, c ** (int(exponent) % 2))
        if abs(exponent) > _HIGHEST_POWER:
            raise NoFormError
        if exponent.denominator == 1:
            base = self.inverse() if exponent < 0 else self
            result = self.ring.rational(1)
            for _ in range(abs(int(exponent))):
                result = result * base
            return result
        c, monomial, rest = self.parts()
        if c < 0 or any(self.ring.kind(atom) not in _POSITIVE for atom, _ in monomial):
            c, monomial, rest = abs(c), (), self.times(1 / abs(c))
        result = self.ring.power_of_number(c, exponent)
        result = result * self.ring.monomial([(atom, p * exponent) for atom, p in monomial])
        return result if rest.number == 1 else result * self.ring.atom("root", rest, power=exponent)

    def parts(self) -> tuple[Fraction, Monomial, Form]:
        """The coefficient, the monomial and the rest, in normal form, whose product it is."""
        if not self:
            raise NoFormError
        powers: dict[int, list[Fraction]] = {}
        for monomial in self:
            for atom, power in monomial:
                powers.setdefault(atom, []).append(power)
        missing = {atom: [Fraction(0)] * (len(self) - len(of)) for atom, of in powers.items()}
        least = {atom: min([*of, *missing[atom]]) for atom, of in sorted(powers.items())}
        common = tuple((atom, power) for atom, power in least.items() if power)
        back = tuple((atom, -power) for atom, power in common)
        rest = self * Form(self.ring, {back: Fraction(1)})
        if not rest:
            raise NoFormError
        c = rest[max(rest)]
        return c, common, rest.times(1 / c)

    def cleared(self) -> tuple[Form, dict[int, Fraction]]:
        """It times its denominators, and their powers by the atoms of their reciprocals."""
        form, ring = self, self.ring
        denominators: dict[int, Fraction] = {}
        for _ in range(_MOST_TERMS):
            found = (atom for m in form for atom, _ in m if ring.kind(atom) == "inverse")
            last = max(found, default=None)
            if last is None:
                return form, denominators
            top = max(dict(m).get(last, Fraction(0)) for m in form)
            cleared = Form(ring)
            for m, c in form.items():
                missing = top - dict(m).get(last, Fraction(0))
                rest = Form(ring, {tuple(part for part in m if part[0] != last): c})
                cleared = cleared + rest * ring.inside(last).power(missing)
            form, denominators[last] = cleared, denominators.get(last, Fraction(0)) + top
        raise NoFormError

    @property
    def is_zero(self) -> bool:
        """Whether it is 0 wherever it is defined, as far as can be seen."""
        form, _ = self.cleared()
        if not form or not all(map(self.ring.is_log, form)):
            return not form
        # a sum of n log|q| is 0 where the product of all q**n is 1 or -1
        whole = math.lcm(*(c.denominator for c in form.values()))
        product, one = self.ring.rational(1), self.ring.rational(1)
        for ((atom, _power),), c in form.items():
            product = product * self.ring.inside(atom).power(c * whole)
        return any(not gap.cleared()[0] for gap in (product - one, product + one))


class Forms:
    """The ring of forms over one table of atoms."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._atoms: list[tuple[Any, ...]] = []
        self.pi = self.atom("pi")
        self.atom("turn", self.pi)

    def rational(self, value: Fraction | float) -> Form:
        """A rational number."""
        number = Fraction(value)
        return Form(self, {(): number} if number else {})

    def imaginary(self) -> Form:
        """The number i, the root of exp(i pi)."""
        return self.monomial([(_HALF_TURN, Fraction(1, 2))])

    def atom(self, kind: str, *of: Form, power: Fraction | int = 1) -> Form:
        """A power of an atom."""
        atom = kind, *(argument.key for argument in of)
        if atom not in self._numbers:
            self._numbers[atom] = len(self._atoms)
            self._atoms.append(atom)
        return self.monomial([(self._numbers[atom], Fraction(power))])

    def kind(self, atom: int) -> str:
        """What an atom is."""
        return str(self._atoms[atom][0])

    def inside(self, atom: int) -> Form:
        """The polynomial that an atom is a function of."""
        return Form(self, self._atoms[atom][1])

    def arguments_of(self, u: Form, kind: str) -> Sequence[Form]:
        """What a form that is one atom of this kind is a function of; none where it is not."""
        if len(u) != 1 or len(*u) != 1:
            return ()
        (((atom, power),), c) = next(iter(u.items()))
        is_it = power == c == 1 and self.kind(atom) == kind
        return [Form(self, argument) for argument in self._atoms[atom][1:]] if is_it else ()

    def depends_on_x(self, atom: int) -> bool:
        """Whether x is in an atom."""
        kind, *of = self._atoms[atom]
        return kind == "x" or any(Form(self, argument).depends_on_x for argument in of)

    def is_log(self, monomial: Monomial) -> bool:
        """Whether it is a logarithm."""
        return len(monomial) == 1 and monomial[0][1] == 1 and self.kind(monomial[0][0]) == "log"

    def monomial(self, powers: Iterable[tuple[int, Fraction]], c: Fraction | int = 1) -> Form:
        """A product of powers of atoms, whole powers of roots taken."""
        left, rest, c = [], self.rational(1), Fraction(c)
        for atom, power in sorted(powers):
            kind, whole = self.kind(atom), math.floor(power)
            if kind == "prime" and whole:
                c *= self._atoms[atom][1][0][1] ** whole
            elif kind == "root" and whole:
                rest = rest * self.inside(atom).power(whole)
            elif atom == _HALF_TURN and whole:
                c = -c if whole % 2 else c
            else:
                whole = 0
            if power - whole:
                left.append((atom, power - whole))
        product = Form(self, {tuple(left): c} if c else {})
        return product if rest.number == 1 else product * rest

    def power_of_number(self, c: Fraction, exponent: Fraction) -> Form:
        """A power of a positive number, by primes."""
        result = self.rational(1)
        for number, way in ((c.numerator, 1), (c.denominator, -1)):
            for prime in (*_PRIMES, number):
                count = 0
                while prime > 1 and number % prime == 0:
                    number, count = number // prime, count + 1
                if count:
                    root = self.atom("prime", self.rational(prime), power=way * count * exponent)
                    result = result * root
        return result
