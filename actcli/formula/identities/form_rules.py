"""The normal form of a formula, operation by operation.

Hyperbolic functions, sigmoid and softplus are written by exp and log.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from actcli.formula.identities.arms import Terms
from actcli.formula.identities.normal_form import HALF, ONE, Form, Forms, NoFormError, number


def _hyperbolic(forms: Forms, u: Form, sign: int) -> Form:
    return forms.add(forms.exp(u), forms.exp(u.times(-ONE)), Fraction(sign)).times(HALF)


def _tanh(forms: Forms, u: Form) -> Form:
    e = forms.exp(u.times(Fraction(2)))
    return forms.mul(forms.sub(e, number(1)), forms.inverse(forms.add(e, number(1))))


def _sigmoid(forms: Forms, u: Form) -> Form:
    return forms.inverse(forms.add(forms.exp(u.times(-ONE)), number(1)))


def _floor(forms: Forms, u: Form) -> Form:
    whole = number(u.get((), Fraction(0)).__floor__())
    rest = forms.sub(u, whole)
    known = rest.number()
    return whole if known is not None else forms.add(whole, forms.atom("floor", rest.key()))


def _modulo(forms: Forms, u: Form, w: Form) -> Form:
    return forms.sub(u, forms.mul(w, _floor(forms, forms.mul(u, forms.inverse(w)))))


def _absolute(forms: Forms, u: Form) -> Form:
    known = u.number()
    if known is not None:
        return number(abs(known))
    return forms.atom("abs", u.times(ONE if u[max(u)] > 0 else -ONE).key())


RULES: dict[str, Callable[..., Form]] = {
    "+": Forms.add,
    "-": Forms.sub,
    "*": Forms.mul,
    "/": lambda forms, u, w: forms.mul(u, forms.inverse(w)),
    "**": Forms.general_power,
    "negate": lambda forms, u: u.times(-ONE),
    "sqrt": lambda forms, u: forms.root(u, HALF),
    "exp": Forms.exp,
    "expm1": lambda forms, u: forms.sub(forms.exp(u), number(1)),
    "log": Forms.log,
    "log1p": lambda forms, u: forms.log(forms.add(u, number(1))),
    "softplus": lambda forms, u: forms.log(forms.add(forms.exp(u), number(1))),
    "sigmoid": _sigmoid,
    "sinh": lambda forms, u: _hyperbolic(forms, u, -1),
    "cosh": lambda forms, u: _hyperbolic(forms, u, 1),
    "tanh": _tanh,
    "sin": Forms.sin,
    "cos": Forms.cos,
    "tan": lambda forms, u: forms.mul(forms.sin(u), forms.inverse(forms.cos(u))),
    "floor": _floor,
    "%": _modulo,
    "abs": _absolute,
    "atan": lambda forms, u: forms.odd("atan", u),
    "asinh": lambda forms, u: forms.odd("asinh", u),
    "erf": lambda forms, u: forms.odd("erf", u),
    "erfc": lambda forms, u: forms.sub(number(1), forms.odd("erf", u)),
    "norm_cdf": lambda forms, u: forms.add(number(HALF), forms.odd("norm", u)),
}
"""How each operation acts on forms; of others, what has equal arguments is equal."""


def form(forms: Forms, terms: Terms, place: int, x: Form) -> Form:
    """The form of a formula at x.

    Raises:
        NoFormError: there is none, or it is too large.
    """
    needed = {place}
    for i in range(place, -1, -1):
        if i in needed and terms.terms[i][0] not in _LEAVES:
            needed.update(terms.terms[i][1:])
    found: dict[int, Form] = {}
    for i in sorted(needed):
        operation, *rest = terms.terms[i]
        match operation:
            case "x":
                found[i] = x
            case "number":
                found[i] = number(rest[0])
            case "constant":
                found[i] = forms.atom("pi") if rest[0] == "pi" else forms.exp(number(1))
            case "truth":
                raise NoFormError
            case _:
                found[i] = _apply(forms, operation, [found[n] for n in rest])
    return found[place]


_LEAVES = ("x", "number", "constant", "truth")


def _apply(forms: Forms, operation: str, arguments: list[Form]) -> Form:
    rule = RULES.get(operation)
    if rule is not None:
        return rule(forms, *arguments)
    return forms.atom(operation, *(argument.key() for argument in arguments))
