"""A normal form of formulas without choices, in which many that are equal are seen to be.

A formula becomes a polynomial with rational coefficients over atoms: x, pi, exponentials of
monomials (with rational powers, so that exp(2u) is exp(u)**2), reciprocals of polynomials,
logarithms of absolute values, roots, and other functions of polynomials. Two formulas whose
difference is 0 are equal wherever both are defined; where it is not, nothing is said.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

Monomial = tuple[tuple[int, Fraction], ...]
"""The atoms, by number, and their powers."""

_LARGEST = 200
"""Terms of a form, and"""
_MOST_PRODUCTS = 4000
"""products on the way, after which it is given up."""
_HIGHEST = 12
"""The largest power that is multiplied out."""

ONE, HALF = Fraction(1), Fraction(1, 2)


class NoFormError(Exception):
    """A formula has no normal form, or too large a one."""


class Form(dict[Monomial, Fraction]):
    """The coefficients of a polynomial over atoms."""

    def key(self) -> tuple[Any, ...]:
        """The same for a table."""
        return tuple(sorted(self.items()))

    def number(self) -> Fraction | None:
        """The rational number that it is, if it is one."""
        if not self:
            return Fraction(0)
        return self[()] if len(self) == 1 and () in self else None

    def times(self, factor: Fraction) -> Form:
        """Its multiple by a number."""
        return Form({m: factor * c for m, c in self.items()}) if factor else Form()


def number(q: Any) -> Form:
    """The form of a rational number."""
    return Form({(): Fraction(q)} if q else {})


class Forms:
    """The arithmetic of forms over one table of atoms."""

    def __init__(self) -> None:
        self.keys: list[tuple[Any, ...]] = []
        self._places: dict[tuple[Any, ...], int] = {}

    def _place(self, *key: Any) -> int:
        if key not in self._places:
            self._places[key] = len(self.keys)
            self.keys.append(key)
        return self._places[key]

    def atom(self, *key: Any) -> Form:
        """The form of one atom: a name, and the keys of its arguments."""
        return Form({((self._place(*key), ONE),): ONE})

    # -- polynomials

    def add(self, a: Form, b: Form, factor: Fraction = ONE) -> Form:
        """The sum of one and a multiple of the other."""
        total = Form(a)
        for m, c in b.items():
            c = total.get(m, Fraction(0)) + factor * c
            if c:
                total[m] = c
            else:
                total.pop(m, None)
        if len(total) > _LARGEST:
            raise NoFormError
        return total

    def sub(self, a: Form, b: Form) -> Form:
        """The difference."""
        return self.add(a, b, -ONE)

    def mul(self, a: Form, b: Form) -> Form:
        """The product."""
        if len(a) * len(b) > _MOST_PRODUCTS:
            raise NoFormError
        total = Form()
        for m, c in a.items():
            for n, d in b.items():
                total = self.add(total, self._monomial(m, n), c * d)
        return total

    def _monomial(self, m: Monomial, n: Monomial) -> Form:
        """The product of two monomials: cos(u)**2 and the powers of roots are rewritten."""
        powers = dict(m)
        for i, p in n:
            powers[i] = powers.get(i, Fraction(0)) + p
        rewritten = []
        for i, p in powers.items():
            name, *rest = self.keys[i]
            if name == "cos" and p >= 2:
                sine = self.odd("sin", Form(rest[0]))
                rewritten.append(self.sub(number(1), self.mul(sine, sine)))
                powers[i] = p - 2
            elif name == "root" and (rest[1] * (p // 1)).denominator == 1 and p >= 2:
                rewritten.append(self.power(Form(rest[0]), int(rest[1] * (p // 1))))
                powers[i] = p % 1
        result = Form({tuple(sorted((i, p) for i, p in powers.items() if p)): ONE})
        for factor in rewritten:
            result = self.mul(result, factor)
        return result

    def power(self, a: Form, n: int) -> Form:
        """A whole power."""
        if abs(n) > _HIGHEST:
            raise NoFormError
        result = number(1)
        for _ in range(abs(n)):
            result = self.mul(result, a)
        return result if n >= 0 else self.inverse(result)

    def _content(self, a: Form) -> tuple[Fraction, Monomial, Form]:
        """The c, m and rest of a = c m rest, the rest in normal form."""
        if not a:
            raise NoFormError
        powers: dict[int, list[Fraction]] = {}
        for m in a:
            for i, p in m:
                powers.setdefault(i, []).append(p)
        least = {i: min([*ps, *[Fraction(0)] * (len(a) - len(ps))]) for i, ps in powers.items()}
        common = tuple((i, p) for i, p in sorted(least.items()) if p)
        back = tuple((i, -p) for i, p in common)
        rest = Form()
        for m, c in a.items():
            rest = self.add(rest, self._monomial(m, back), c)
        if not rest:
            raise NoFormError
        c = rest[max(rest)]
        return c, common, rest.times(1 / c)

    def inverse(self, a: Form) -> Form:
        """The reciprocal."""
        c, m, rest = self._content(a)
        result = Form({tuple((i, -p) for i, p in m): 1 / c})
        return result if rest.number() == 1 else self.mul(result, self.atom("inverse", rest.key()))

    # -- functions

    def exp(self, u: Form) -> Form:
        """The exponential: a product of powers of exponentials of monomials; of logarithms undone.

        exp(n log |q|) is q**n where n is even, or q a sum of exponentials.
        """
        result = number(1)
        for m, c in u.items():
            q = Form(self.keys[m[0][0]][1]) if m and self._is_log(m) else None
            if q is not None and c.denominator == 1 and (c % 2 == 0 or self._is_positive(q)):
                factor = self.power(q, int(c))
            else:
                factor = Form({((self._place("exp", m), c),): ONE})
            result = self.mul(result, factor)
        return result

    def _is_positive(self, q: Form) -> bool:
        """Whether it is a sum of exponentials with positive coefficients."""
        atoms = (i for m in q for i, _ in m)
        return all(c > 0 for c in q.values()) and all(self.keys[i][0] == "exp" for i in atoms)

    def log(self, u: Form) -> Form:
        """The logarithm of the absolute value, which is that of u where it is defined."""
        c, m, rest = self._content(u)
        result = Form() if abs(c) == 1 else self.atom("log", number(abs(c)).key())
        for i, p in m:
            name, *inner = self.keys[i]
            part = Form({((i, ONE),): ONE})
            part = Form({inner[0]: ONE}) if name == "exp" else self.atom("log", part.key())
            result = self.add(result, part, p)
        if rest.number() == 1:
            return result
        return self.add(result, self.atom("log", rest.key()))

    def root(self, u: Form, exponent: Fraction) -> Form:
        """A power that is not whole, of what is not negative."""
        c, m, rest = self._content(u)
        if rest.number() == 1 and c == 1 and all(self.keys[i][0] == "exp" for i, _ in m):
            return Form({tuple((i, p * exponent) for i, p in m): ONE})
        return self.atom("root", u.key(), exponent)

    def general_power(self, u: Form, w: Form) -> Form:
        """The power u**w."""
        n = w.number()
        if n is None:
            return self.exp(self.mul(w, self.log(u)))
        if n.denominator > 1:
            return self.root(u, n)
        return self.power(u, int(n))

    def odd(self, name: str, u: Form) -> Form:
        """An odd function: of what has a positive leading coefficient."""
        if not u:
            return Form()
        sign = ONE if u[max(u)] > 0 else -ONE
        return self.atom(name, u.times(sign).key()).times(sign)

    def sin(self, u: Form, quarters: int = 0) -> Form:
        """The sine of u and some quarter turns: whole ones in u go."""
        pi = next(iter(self.atom("pi")))
        turns = u.get(pi, Fraction(0)) * 2
        whole = turns.numerator // turns.denominator
        u = self.add(u, self.atom("pi"), Fraction(-whole, 2))
        quarters = (quarters + whole) % 4
        sign = ONE if quarters < 2 else -ONE
        if quarters % 2 == 0:
            return self.odd("sin", u).times(sign)
        cosine = self.atom("cos", u.times(ONE if u[max(u)] > 0 else -ONE).key()) if u else number(1)
        return cosine.times(sign)

    def cos(self, u: Form) -> Form:
        """The cosine."""
        return self.sin(u, 1)

    # -- questions

    def is_zero(self, a: Form) -> bool:
        """Whether it is seen to be 0 wherever it is defined."""
        a = self._cleared(a)
        if not a or not all(self._is_log(m) for m in a):
            return not a
        product = number(1)  # a sum of n log |q| is 0 where the product of q**n is 1
        common = lcm(*(c.denominator for c in a.values()))
        for m, c in a.items():
            argument = Form(self.keys[m[0][0]][1])
            product = self.mul(product, self.power(argument, int(c * common)))
        return not self._cleared(self.sub(product, number(1)))

    def _is_log(self, m: Monomial) -> bool:
        return len(m) == 1 and m[0][1] == 1 and bool(self.keys[m[0][0]][0] == "log")

    def _cleared(self, a: Form) -> Form:
        """It times its denominators."""
        for _ in range(40):
            inverses = {i for m in a for i, _ in m if self.keys[i][0] == "inverse"}
            if not inverses:
                return a
            i = max(inverses)
            divisor = Form(self.keys[i][1])
            top = max(dict(m).get(i, Fraction(0)) for m in a)
            total = Form()
            for m, c in a.items():
                rest = Form({tuple(factor for factor in m if factor[0] != i): c})
                missing = int(top - dict(m).get(i, Fraction(0)))
                total = self.add(total, self.mul(rest, self.power(divisor, missing)))
            a = total
        raise NoFormError

    def depends_on_x(self, a: Form) -> bool:
        """Whether x is in it."""
        return any(self._holds_x(i) for m in a for i, _ in m)

    def _holds_x(self, i: int) -> bool:
        name, *arguments = self.keys[i]
        if name == "exp":
            return self.depends_on_x(Form({arguments[0]: ONE}))
        parts = (part for part in arguments if isinstance(part, tuple))
        return bool(name == "x") or any(self.depends_on_x(Form(part)) for part in parts)
