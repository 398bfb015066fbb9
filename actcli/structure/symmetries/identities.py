"""Whether two formulas are one function, or have one value at a double, by their normal forms."""

from __future__ import annotations

from actcli.formula.identities.arms import Terms
from actcli.formula.identities.form_rules import form
from actcli.formula.identities.normal_form import Form, Forms, NoFormError, number
from actcli.formula.identities.term_derivative import Calculus


def is_one_function(terms: Terms, a: int, b: int) -> bool:
    """Whether two formulas are seen to be equal wherever both are defined."""
    if a == b:
        return True
    forms = Forms()
    return _agree(terms, a, b, forms, forms.atom("x"))


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
    return a == b or _agree(terms, a, b, Forms(), number(x))


def _agree(terms: Terms, a: int, b: int, forms: Forms, x: Form) -> bool:
    try:
        return forms.is_zero(forms.sub(*(form(forms, terms, place, x) for place in (a, b))))
    except (NoFormError, ZeroDivisionError):
        return False
