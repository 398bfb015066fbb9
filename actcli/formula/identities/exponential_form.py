"""A normal form in which equal formulas are seen to be equal: polynomials over atoms.

The coefficients are exact rationals. An atom is x, pi, a prime (under a root), exp of a monomial,
exp of i times one, the reciprocal or a root of a polynomial, or a function of one. Hyperbolic
functions, sigmoid and softplus are written by exp and log, sin and cos by exp of i x, norm_cdf by
erf; the branches are chosen beforehand. What is 0 as such a polynomial is 0 wherever the formula is
defined.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Monomial = tuple[tuple[int, Fraction], ...]
"""Atoms, by their numbers, and their powers."""

_MOST_TERMS = 200
_MOST_PRODUCTS = 4000
_HIGHEST_POWER = 16
_PRIMES = (2, 3, 5, 7, 11, 13)

_POSITIVE = ("exp", "pi", "prime")
"""Kinds of atoms that are positive, whatever x is."""


class NoFormError(Exception):
    """A formula has no normal form of bearable size."""


class Form(dict[Monomial, Fraction]):
    """A polynomial: its coefficients by monomials."""

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from others."""
        return tuple(sorted(self.items()))

    @property
    def number(self) -> Fraction | None:
        """The number that it is, None where it is none."""
        if not self:
            return Fraction(0)
        return self[()] if len(self) == 1 and () in self else None


class Forms:
    """The ring of forms."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._atoms: list[tuple[Any, ...]] = []
        self._half_turn = "turn", ((self._number("pi", None), Fraction(1)),)

    # -- what there is

    def rational(self, value: Any) -> Form:
        """A number."""
        number = Fraction(value)
        return Form({(): number} if number else {})

    def atom(self, kind: str, of: Any = None, power: Any = 1) -> Form:
        """A power of an atom."""
        return self._monomial({self._number(kind, of): Fraction(power)}, Fraction(1))

    def _number(self, kind: str, of: Any) -> int:
        if (kind, of) not in self._numbers:
            self._numbers[kind, of] = len(self._atoms)
            self._atoms.append((kind, of))
        return self._numbers[kind, of]

    def kind(self, atom: int) -> str:
        """What an atom is."""
        return str(self._atoms[atom][0])

    def inside(self, atom: int) -> Form:
        """The polynomial that an atom is a function of."""
        return Form(self._atoms[atom][1])

    # -- arithmetic

    def plus(self, a: Form, b: Form, factor: Any = 1) -> Form:
        """The sum a + factor b."""
        total = Form(a)
        for monomial, c in b.items():
            c = total.get(monomial, Fraction(0)) + factor * c
            if c:
                total[monomial] = c
            else:
                total.pop(monomial, None)
        if len(total) > _MOST_TERMS:
            raise NoFormError
        return total

    def scaled(self, a: Form, factor: Any) -> Form:
        """The multiple of a form."""
        return self.plus(Form(), a, Fraction(factor))

    def times(self, a: Form, b: Form) -> Form:
        """The product."""
        if len(a) * len(b) > _MOST_PRODUCTS:
            raise NoFormError
        total = Form()
        for m, c in a.items():
            for n, d in b.items():
                powers = dict(m)
                for atom, power in n:
                    powers[atom] = powers.get(atom, Fraction(0)) + power
                total = self.plus(total, self._monomial(powers, c * d))
        return total

    def _monomial(self, powers: Mapping[int, Fraction], c: Fraction) -> Form:
        """A product of powers of atoms, roots of whole powers taken."""
        left, rest = [], None
        for atom, power in sorted(powers.items()):
            kind, whole = self.kind(atom), math.floor(power)
            if kind == "prime" and whole:
                c *= Fraction(self._atoms[atom][1]) ** whole
                power -= whole
            elif kind == "root" and whole:
                rest = self._and(rest, self.power(self.inside(atom), whole))
                power -= whole
            elif self._atoms[atom] == self._half_turn and whole:
                c = -c if whole % 2 else c
                power -= whole
            if power:
                left.append((atom, power))
        product = Form({tuple(left): c} if c else {})
        return product if rest is None else self.times(product, rest)

    def _and(self, a: Form | None, b: Form) -> Form:
        return b if a is None else self.times(a, b)

    def power(self, a: Form, exponent: Any) -> Form:
        """A power by a rational number."""
        exponent = Fraction(exponent)
        if abs(exponent) > _HIGHEST_POWER:
            raise NoFormError
        if exponent.denominator == 1:
            base = self.inverse(a) if exponent < 0 else a
            result = self.rational(1)
            for _ in range(abs(int(exponent))):
                result = self.times(result, base)
            return result
        c, monomial, rest = self._parts(a)
        if c < 0 or any(self.kind(atom) not in _POSITIVE for atom, _ in monomial):
            c, monomial, rest = abs(c), (), self.scaled(a, 1 / abs(c))
        result = self._number_power(c, exponent)
        for atom, power in monomial:
            result = self.times(result, self._monomial({atom: power * exponent}, Fraction(1)))
        if rest.number == 1:
            return result
        return self.times(result, self.atom("root", rest.key, exponent))

    def _number_power(self, c: Fraction, exponent: Fraction) -> Form:
        """A power of a positive number, by primes."""
        result = self.rational(1)
        for number, way in ((c.numerator, 1), (c.denominator, -1)):
            for prime in (*_PRIMES, number):
                count = 0
                while prime > 1 and number % prime == 0:
                    number, count = number // prime, count + 1
                if count:
                    result = self.times(result, self.atom("prime", prime, way * count * exponent))
        return result

    def _parts(self, a: Form) -> tuple[Fraction, Monomial, Form]:
        """The coefficient, the monomial and the rest, in normal form, whose product it is."""
        if not a:
            raise NoFormError
        powers: dict[int, list[Fraction]] = {}
        for monomial in a:
            for atom, power in monomial:
                powers.setdefault(atom, []).append(power)
        missing = {atom: [Fraction(0)] * (len(a) - len(of)) for atom, of in powers.items()}
        least = {atom: min([*of, *missing[atom]]) for atom, of in sorted(powers.items())}
        common = tuple((atom, power) for atom, power in least.items() if power)
        rest = self.times(a, Form({tuple((atom, -power) for atom, power in common): Fraction(1)}))
        if not rest:
            raise NoFormError
        c = rest[max(rest)]
        return c, common, self.scaled(rest, 1 / c)

    def inverse(self, a: Form) -> Form:
        """The reciprocal."""
        c, monomial, rest = self._parts(a)
        first = self._monomial({atom: -power for atom, power in monomial}, 1 / c)
        if rest.number == 1:
            return first
        return self.times(first, self.atom("inverse", rest.key))

    # -- functions

    def exp(self, u: Form) -> Form:
        """A product of powers of exponentials of monomials; the exponential of log q is q."""
        result = self.rational(1)
        for monomial, c in u.items():
            of = self.inside(monomial[0][0]) if self._is_log(monomial) else None
            if of is not None and self._is_positive(of):
                factor = self.power(of, c)
            else:
                factor = self.atom("exp", monomial, c)
            result = self.times(result, factor)
        return result

    def sin(self, u: Form) -> Form:
        """The sine, (exp(i u) - exp(-i u))/(2 i)."""
        both = self.plus(self._turned(u, 1), self._turned(u, -1), -1)
        return self.scaled(self.times(both, self.atom(*self._half_turn, -0.5)), Fraction(1, 2))

    def cos(self, u: Form) -> Form:
        """The cosine, (exp(i u) + exp(-i u))/2."""
        return self.scaled(self.plus(self._turned(u, 1), self._turned(u, -1)), Fraction(1, 2))

    def _turned(self, u: Form, way: int) -> Form:
        """exp(way i u), by powers of atoms exp(i monomial); i itself is the root of exp(i pi)."""
        result = self.rational(1)
        for monomial, c in u.items():
            result = self.times(result, self.atom("turn", monomial, way * c))
        return result

    def _is_positive(self, a: Form) -> bool:
        """Whether all in it is positive for every x, so that it is."""
        return all(
            c > 0 and all(self.kind(atom) in _POSITIVE for atom, _ in monomial)
            for monomial, c in a.items()
        )

    def log(self, u: Form) -> Form:
        """The logarithm of the absolute value, which it is where it is defined."""
        numerator, denominators = self._cleared(u)
        result = self._log(numerator)
        for atom, power in denominators.items():
            result = self.plus(result, self._log(self.inside(atom)), -power)
        return result

    def _log(self, u: Form) -> Form:
        c, monomial, rest = self._parts(u)
        result = self._log_of(self.rational(abs(c)))
        for atom, power in monomial:
            kind, of = self._atoms[atom]
            if kind == "exp":
                share = Form({of: Fraction(1)})
            elif kind == "turn":
                continue
            elif kind == "prime":
                share = self._log_of(self.rational(of))
            else:
                share = self._log_of(Form({((atom, Fraction(1)),): Fraction(1)}))
            result = self.plus(result, share, power)
        return self.plus(result, self._log_of(rest))

    def _log_of(self, u: Form) -> Form:
        return self.rational(0) if u.number == 1 else self.atom("log", u.key)

    def odd(self, name: str, u: Form) -> Form:
        """An odd function."""
        if not u:
            return u
        sign = 1 if u[max(u)] > 0 else -1
        return self.scaled(self.atom(name, self.scaled(u, sign).key), sign)

    # -- questions

    def is_zero(self, a: Form) -> bool:
        """Whether a form is 0 wherever it is defined, as far as can be seen."""
        a, _ = self._cleared(a)
        if not a or not all(map(self._is_log, a)):
            return not a
        # a sum of n log|q| is 0 where the product of all q**n is 1 or -1
        whole = math.lcm(*(c.denominator for c in a.values()))
        product = self.rational(1)
        for ((atom, _power),), c in a.items():
            product = self.times(product, self.power(self.inside(atom), c * whole))
        return any(not self._cleared(self.plus(product, self.rational(s)))[0] for s in (1, -1))

    def _is_log(self, monomial: Monomial) -> bool:
        return len(monomial) == 1 and monomial[0][1] == 1 and self.kind(monomial[0][0]) == "log"

    def _cleared(self, a: Form) -> tuple[Form, dict[int, Fraction]]:
        """The form times its denominators, and their powers by the atoms of their reciprocals."""
        denominators: dict[int, Fraction] = {}
        for _ in range(_MOST_TERMS):
            found = (atom for m in a for atom, _ in m if self.kind(atom) == "inverse")
            last = max(found, default=None)
            if last is None:
                return a, denominators
            top = max(dict(m).get(last, Fraction(0)) for m in a)
            cleared = Form()
            for m, c in a.items():
                power = top - dict(m).get(last, Fraction(0))
                rest = Form({tuple(part for part in m if part[0] != last): c})
                cleared = self.plus(cleared, self.times(rest, self.power(self.inside(last), power)))
            a, denominators[last] = cleared, denominators.get(last, Fraction(0)) + top
        raise NoFormError
