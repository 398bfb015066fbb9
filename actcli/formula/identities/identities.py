"""Whether a formula is identically 0 on a piece: proved by its normal form."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from actcli.activations.registry import Named
from actcli.formula.identities.exponential_form import Form, Forms, NoFormError
from actcli.formula.program import Program


def is_identically_zero(program: Program, choices: Mapping[int, Any]) -> bool:
    """Whether a formula without parameters is 0 wherever it is defined, by these branches.

    True is proved; False says no more than that it is not seen.

    Args:
        program: the formula, functions of the catalogue put in by their own.
        choices: the `choices` of a walk over jets.
    """
    algebra = FormAlgebra(choices)
    try:
        result = program.walk(algebra, algebra.forms.atom("x"))
        return algebra.forms.is_zero(result)
    except (NoFormError, ZeroDivisionError, OverflowError):
        return False


class FormAlgebra:
    """What `Program.walk` needs, over normal forms; truth values are plain ones."""

    def __init__(self, choices: Mapping[int, Any]) -> None:
        self.forms, self._choices, self._calls = Forms(), choices, 0

    def number(self, value: float) -> Form:
        """The number that a literal stands for: exactly that double."""
        return self.forms.rational(value)

    def constant(self, name: str) -> Form:
        """`pi` or `e`, the numbers themselves."""
        return self.forms.atom("pi") if name == "pi" else self.forms.exp(self.forms.rational(1))

    def activation(self, cls: type[Named], x: Form, params: Mapping[str, Form]) -> Form:
        """A function of the catalogue: to be put in beforehand."""
        raise NoFormError

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One primitive applied to forms and truth values."""
        self._calls += 1
        return _RULES[operation](self, *arguments)

    # -- branches

    def _chosen(self, u: Form, of_number: Callable[[Fraction], int]) -> int:
        """What was chosen by the sign, or the floor, of u."""
        choice = self._choices.get(self._calls)
        if isinstance(choice, int):
            return choice
        whole = None if choice is None else choice.unique_fmpz()
        if whole is not None:
            return int(whole)
        if choice is not None or u.number is None:
            raise NoFormError
        return of_number(u.number)

    def sign(self, u: Form) -> int:
        """The sign."""
        return self._chosen(u, lambda number: (number > 0) - (number < 0))

    def gap_sign(self, a: Form, b: Form) -> int:
        """The sign of a - b."""
        return self.sign(self.forms.plus(a, b, -1))

    def floor(self, u: Form) -> Form:
        """The largest whole number that is not above u."""
        return self.forms.rational(self._chosen(u, math.floor))

    def modulo(self, a: Form, b: Form) -> Form:
        """The remainder."""
        forms = self.forms
        return forms.plus(a, forms.times(b, self.floor(forms.times(a, forms.inverse(b)))), -1)

    # -- functions

    def power(self, a: Form, b: Form) -> Form:
        """The power a**b."""
        if b.number is not None:
            return self.forms.power(a, b.number)
        return self.forms.exp(self.forms.times(b, self.forms.log(a)))

    def plus_one(self, a: Form) -> Form:
        """1 + a."""
        return self.forms.plus(a, self.forms.rational(1))

    def sigmoid(self, u: Form) -> Form:
        """1/(1 + exp(-u))."""
        return self.forms.inverse(self.plus_one(self.forms.exp(self.forms.scaled(u, -1))))

    def tanh(self, u: Form) -> Form:
        """2 sigmoid(2 u) - 1."""
        twice = self.forms.scaled(self.sigmoid(self.forms.scaled(u, 2)), 2)
        return self.forms.plus(twice, self.forms.rational(-1))

    def hyperbolic(self, u: Form, sign: int) -> Form:
        """(exp(u) + sign exp(-u))/2."""
        exp = self.forms.exp
        both = self.forms.plus(exp(u), exp(self.forms.scaled(u, -1)), sign)
        return self.forms.scaled(both, Fraction(1, 2))

    def asinh(self, u: Form) -> Form:
        """log(u + sqrt(u**2 + 1))."""
        root = self.forms.power(self.plus_one(self.forms.times(u, u)), Fraction(1, 2))
        return self.forms.log(self.forms.plus(u, root))

    def norm_cdf(self, u: Form) -> Form:
        """(1 + erf(u/sqrt(2)))/2."""
        share = self.forms.times(u, self.forms.power(self.forms.rational(2), Fraction(-1, 2)))
        return self.forms.scaled(self.plus_one(self.forms.odd("erf", share)), Fraction(1, 2))


_RULES: dict[str, Callable[..., Any]] = {
    "+": lambda k, a, b: k.forms.plus(a, b),
    "-": lambda k, a, b: k.forms.plus(a, b, -1),
    "*": lambda k, a, b: k.forms.times(a, b),
    "/": lambda k, a, b: k.forms.times(a, k.forms.inverse(b)),
    "%": FormAlgebra.modulo,
    "**": FormAlgebra.power,
    "negate": lambda k, a: k.forms.scaled(a, -1),
    "<": lambda k, a, b: k.gap_sign(a, b) < 0,
    "<=": lambda k, a, b: k.gap_sign(a, b) <= 0,
    ">": lambda k, a, b: k.gap_sign(a, b) > 0,
    ">=": lambda k, a, b: k.gap_sign(a, b) >= 0,
    "==": lambda k, a, b: k.gap_sign(a, b) == 0,
    "!=": lambda k, a, b: k.gap_sign(a, b) != 0,
    "and": lambda k, a, b: a and b,
    "or": lambda k, a, b: a or b,
    "not": lambda k, a: not a,
    "where": lambda k, condition, a, b: a if condition else b,
    "max": lambda k, a, b: a if k.gap_sign(a, b) >= 0 else b,
    "min": lambda k, a, b: a if k.gap_sign(a, b) <= 0 else b,
    "abs": lambda k, a: k.forms.scaled(a, 1 if k.sign(a) >= 0 else -1),
    "sign": lambda k, a: k.forms.rational(k.sign(a)),
    "floor": FormAlgebra.floor,
    "sqrt": lambda k, a: k.forms.power(a, Fraction(1, 2)),
    "exp": lambda k, a: k.forms.exp(a),
    "expm1": lambda k, a: k.forms.plus(k.forms.exp(a), k.forms.rational(-1)),
    "log": lambda k, a: k.forms.log(a),
    "log1p": lambda k, a: k.forms.log(k.plus_one(a)),
    "softplus": lambda k, a: k.forms.log(k.plus_one(k.forms.exp(a))),
    "sigmoid": FormAlgebra.sigmoid,
    "tanh": FormAlgebra.tanh,
    "sinh": lambda k, a: k.hyperbolic(a, -1),
    "cosh": lambda k, a: k.hyperbolic(a, 1),
    "asinh": FormAlgebra.asinh,
    "sin": lambda k, a: k.forms.sin(a),
    "cos": lambda k, a: k.forms.cos(a),
    "tan": lambda k, a: k.forms.times(k.forms.sin(a), k.forms.inverse(k.forms.cos(a))),
    "atan": lambda k, a: k.forms.odd("atan", a),
    "erf": lambda k, a: k.forms.odd("erf", a),
    "erfc": lambda k, a: k.forms.plus(k.forms.rational(1), k.forms.odd("erf", a), -1),
    "norm_cdf": FormAlgebra.norm_cdf,
}
"""How each operation of the formula language acts on forms."""
