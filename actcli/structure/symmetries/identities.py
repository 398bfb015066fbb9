"""What is seen of formulas by their normal forms: which are one, or have one value somewhere."""

from __future__ import annotations

from actcli.formula.identities.arms import Terms
from actcli.formula.identities.form_rules import form
from actcli.formula.identities.normal_form import Form, Forms, NoFormError
from actcli.formula.identities.term_derivative import Calculus


def is_one_function(terms: Terms, a: int, b: int) -> bool:
    """Whether two formulas are seen to be equal wherever both are defined."""
    return a == b or _agree(terms, a, b, Forms().atom("x"))


def is_zero_function(terms: Terms, a: int) -> bool:
    """Whether a formula is seen to be 0 wherever it is defined."""
    return _agree(terms, a, terms.term("number", 0.0), Forms().atom("x"))


def is_constant_function(terms: Terms, a: int) -> bool:
    """Whether a formula is seen to be one number wherever it is defined around a place."""
    try:
        return is_zero_function(terms, Calculus(terms).derivative(a))
    except NoFormError:
        return False


def is_one_value(terms: Terms, a: int, b: int, x: float, order: int = 0) -> bool:
    """Whether two formulas, or derivatives of them, are seen to be equal at a double.

    Where both are defined.
    """
    calculus = Calculus(terms)
    try:
        for _ in range(order):
            a, b = calculus.derivative(a), calculus.derivative(b)
    except NoFormError:
        return False
    return a == b or _agree(terms, a, b, Forms().rational(x))


def is_zero_where(terms: Terms, a: int, u: int, w: int) -> bool:
    """Whether a formula is seen to be 0 at the one number where a line u is equal to w."""
    x = Forms().atom("x")
    try:
        place = _root(form(terms, u, x) - form(terms, w, x), x)
        return place is not None and form(terms, a, place).is_zero
    except (NoFormError, ZeroDivisionError):
        return False


def _root(line: Form, x: Form) -> Form | None:
    """Where a form is 0 that is a line in x; None where it is none."""
    ((variable,),) = x
    slope, rest = Form(x.ring), Form(x.ring)
    for monomial, c in line.items():
        if variable in monomial:
            others = tuple(factor for factor in monomial if factor != variable)
            slope = slope + Form(x.ring, {others: c})
        else:
            rest = rest + Form(x.ring, {monomial: c})
    return None if slope.depends_on_x or rest.depends_on_x else -rest / slope


def _agree(terms: Terms, a: int, b: int, x: Form) -> bool:
    try:
        return (form(terms, a, x) - form(terms, b, x)).is_zero
    except (NoFormError, ZeroDivisionError):
        return False
