"""The normal form of a formula without choices, operation by operation.

Hyperbolic functions, sigmoid and softplus are written by exp and log, sin and cos by exp of i x,
norm_cdf by erf.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction

from actcli.formula.identities.arms import LEAVES, Terms
from actcli.formula.identities.normal_form import Form, Forms, NoFormError

_HALF = Fraction(1, 2)


def _plus_one(u: Form) -> Form:
    return u + u.ring.rational(1)


def _exp(u: Form) -> Form:
    """A product of powers of exponentials of monomials; exp(n log|q|) is q**n where q > 0.

    Or where n is even.
    """
    ring = u.ring
    result = ring.rational(1)
    for monomial, c in u.items():
        of = ring.inside(monomial[0][0]) if ring.is_log(monomial) else None
        if of is not None and (of.is_positive or c % 2 == 0):
            factor = of.power(c)
        else:
            factor = ring.atom("exp", Form(ring, {monomial: Fraction(1)}), power=c)
        result = result * factor
    return result


def _turned(u: Form, way: int) -> Form:
    """exp(way i u), by powers of atoms exp(i monomial); i itself is the root of exp(i pi)."""
    result = u.ring.rational(1)
    for monomial, c in u.items():
        of = Form(u.ring, {monomial: Fraction(1)})
        result = result * u.ring.atom("turn", of, power=way * c)
    return result


def _sin(u: Form) -> Form:
    """The sine, (exp(i u) - exp(-i u))/(2 i)."""
    both = _turned(u, 1) - _turned(u, -1)
    return (both * u.ring.imaginary()).times(-_HALF)


def _cos(u: Form) -> Form:
    """The cosine, (exp(i u) + exp(-i u))/2."""
    return (_turned(u, 1) + _turned(u, -1)).times(_HALF)


def _log(u: Form) -> Form:
    """The logarithm of the absolute value, which it is where it is defined."""
    numerator, denominators = u.cleared()
    result = _log_of_polynomial(numerator)
    for atom, power in denominators.items():
        result = result - _log_of_polynomial(u.ring.inside(atom)).times(power)
    return result


def _log_of_polynomial(u: Form) -> Form:
    ring = u.ring
    c, monomial, rest = u.parts()
    result = _log_atom(ring.rational(abs(c))) + _log_atom(rest)
    for atom, power in monomial:
        match ring.kind(atom):
            case "exp":
                share = ring.inside(atom)
            case "turn":
                continue
            case "prime":
                share = _log_atom(ring.inside(atom))
            case _:
                share = _log_atom(ring.monomial([(atom, Fraction(1))]))
        result = result + share.times(power)
    return result


def _log_atom(u: Form) -> Form:
    return u.ring.rational(0) if u.number == 1 else u.ring.atom("log", u)


def _odd(rule: Callable[[Form], Form]) -> Callable[[Form], Form]:
    """An odd function: the forms of f(-u) and -f(u) are the same."""

    def of(u: Form) -> Form:
        sign = u.leading_sign
        return rule(u.times(sign)).times(sign) if u else u

    return of


_erf = _odd(lambda u: u.ring.atom("erf", u))


def _norm_cdf(u: Form) -> Form:
    return _plus_one(_erf(u * u.ring.rational(2).power(-_HALF))).times(_HALF)


def _absolute(u: Form) -> Form:
    known = u.number
    return (
        u.ring.atom("abs", u.times(u.leading_sign))
        if known is None
        else u.ring.rational(abs(known))
    )


def _sigmoid(u: Form) -> Form:
    return _plus_one(_exp(-u)).inverse()


def _hyperbolic(u: Form, sign: int) -> Form:
    return (_exp(u) + _exp(-u).times(sign)).times(_HALF)


def _floor(u: Form) -> Form:
    whole = u.ring.rational(math.floor(u.get((), Fraction(0))))
    rest = u - whole
    return whole if rest.number is not None else whole + u.ring.atom("floor", rest)


def _power(u: Form, w: Form) -> Form:
    return _exp(w * _log(u)) if w.number is None else u.power(w.number)


def _largest(u: Form, w: Form) -> Form:
    """The larger; of what is clipped at two numbers, the lower one first."""
    if u.number is not None:
        u, w = w, u
    if w.number is None:
        return u.ring.atom("max", u, w)
    if u.number is not None:
        return u if u.number >= w.number else w
    if u.leading_sign < 0:
        return -_smallest(-u, -w)
    inner = u.ring.arguments_of(u, "min")
    if inner and inner[1].number is not None and inner[1].number >= w.number:
        return _smallest(_largest(inner[0], w), inner[1])
    return u.ring.atom("max", u, w)


def _smallest(u: Form, w: Form) -> Form:
    """The smaller; the larger of the negatives where that is simpler."""
    if u.number is not None:
        u, w = w, u
    if w.number is None:
        return u.ring.atom("min", u, w)
    if u.number is not None or u.leading_sign < 0:
        return -_largest(-u, -w)
    return u.ring.atom("min", u, w)


RULES: dict[str, Callable[..., Form]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "negate": operator.neg,
    "**": _power,
    "%": lambda u, w: u - w * _floor(u / w),
    "floor": _floor,
    "abs": _absolute,
    "sqrt": lambda u: u.power(_HALF),
    "exp": _exp,
    "expm1": lambda u: _exp(u) - u.ring.rational(1),
    "log": _log,
    "log1p": lambda u: _log(_plus_one(u)),
    "softplus": lambda u: _log(_plus_one(_exp(u))),
    "sigmoid": _sigmoid,
    "tanh": lambda u: _sigmoid(u.times(2)).times(2) - u.ring.rational(1),
    "sinh": lambda u: _hyperbolic(u, -1),
    "cosh": lambda u: _hyperbolic(u, 1),
    "asinh": _odd(lambda u: _log(u + _plus_one(u * u).power(_HALF))),
    "sin": _sin,
    "cos": _cos,
    "tan": lambda u: _sin(u) / _cos(u),
    "atan": _odd(lambda u: u.ring.atom("atan", u)),
    "max": _largest,
    "min": _smallest,
    "sign": _odd(lambda u: u.ring.atom("sign", u)),
    "erf": _erf,
    "erfc": lambda u: u.ring.rational(1) - _erf(u),
    "norm_cdf": _norm_cdf,
}
"""How each operation acts on forms; of others, what has equal arguments is equal."""


def form(terms: Terms, place: int, x: Form) -> Form:
    """The form of a formula at x.

    Raises:
        NoFormError: there is none, or it is too large.
    """
    needed = {place}
    for i in range(place, -1, -1):
        if i in needed and terms.terms[i][0] not in LEAVES:
            needed.update(terms.terms[i][1:])
    ring: Forms = x.ring
    found: dict[int, Form] = {}
    for i in sorted(needed):
        operation, *rest = terms.terms[i]
        match operation:
            case "x":
                found[i] = x
            case "number":
                found[i] = ring.rational(rest[0])
            case "constant":
                found[i] = ring.pi if rest[0] == "pi" else _exp(ring.rational(1))
            case "parameter":
                found[i] = ring.atom("parameter " + rest[0])
            case "truth":
                raise NoFormError
            case _:
                found[i] = apply(operation, [found[n] for n in rest])
    return found[place]


def apply(operation: str, arguments: Sequence[Form]) -> Form:
    """An operation on forms."""
    rule = RULES.get(operation)
    return rule(*arguments) if rule else arguments[0].ring.atom(operation, *arguments)
