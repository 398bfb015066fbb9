"""Derivatives of formulas against mpmath's numerical ones."""

from typing import Any

import pytest
from mpmath import mp, mpf

from actcli.formula.expression import expression
from actcli.formula.identities.arms import Arms, Terms
from actcli.formula.identities.normal_form import NoFormError
from actcli.formula.identities.term_derivative import Calculus

VALUES: dict[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "negate": lambda a: -a,
    "log1p": lambda a: mp.log(1 + a),
    "sigmoid": lambda a: 1 / (1 + mp.exp(-a)),
    "softplus": lambda a: mp.log(1 + mp.exp(a)),
}


def value(terms: Terms, place: int, x: mpf) -> mpf:
    operation, *rest = terms.terms[place]
    match operation:
        case "x":
            return x
        case "number":
            return mpf(rest[0])
        case "constant":
            return +getattr(mp, rest[0])
        case _:
            rule = VALUES.get(operation) or getattr(mp, operation)
            return rule(*(value(terms, part, x) for part in rest))


def arm(text: str) -> tuple[Terms, int]:
    terms = Terms()
    return terms, expression(text).program.walk(Arms(terms, {}), terms.term("x"), {})


@pytest.mark.parametrize(
    "text",
    [
        *("x**3-2*x+1", "3/x", "x**2.5", "x**x", "2**x", "-sqrt(x)", "exp(2*x)", "expm1(x**2)"),
        *("log(3*x)", "log1p(x)", "sin(x)*cos(x)", "tan(x/2)", "sinh(x)/cosh(x)", "tanh(x)**2"),
        *("sigmoid(3*x)", "softplus(x-1)", "atan(x**2)", "asinh(2*x)", "erf(x)", "erfc(x/2)"),
        "exp(-x**2/2)/sqrt(2*pi)",
    ],
)
def test_the_first_two_derivatives(text: str) -> None:
    terms, place = arm(text)
    calculus = Calculus(terms)
    once = calculus.derivative(place)
    twice = calculus.derivative(once)
    with mp.workdps(60):
        for x in (mpf("0.7"), mpf("1.3")):
            for order, found in ((1, once), (2, twice)):
                expected = mp.diff(lambda t: value(terms, place, t), x, order)
                assert mp.almosteq(value(terms, found, x), expected, 1e-15, 1e-15)


def test_a_choice_has_none() -> None:
    terms, place = arm("abs(x)")
    with pytest.raises(NoFormError):
        Calculus(terms).derivative(place)
