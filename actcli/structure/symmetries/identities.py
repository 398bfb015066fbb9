"""What is seen of formulas by their normal forms: which are one, or have one value at a double."""

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


def _agree(terms: Terms, a: int, b: int, x: Form) -> bool:
    try:
        return (form(terms, a, x) - form(terms, b, x)).is_zero
    except (NoFormError, ZeroDivisionError):
        return False
