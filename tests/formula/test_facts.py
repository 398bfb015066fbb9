"""What a formula knows about itself: endlessness, period."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import pi

import pytest

from actcli.activations.base import Activation
from actcli.activations.registry import Named, catalogue
from actcli.formula import Expression, expression

ENDLESS = {
    "sin(x)": 2 * pi,
    "sin(3*x + 1)": 2 * pi / 3,
    "cos(x/2)": 4 * pi,
    "tan(x)": pi,
    "sin(x)**2": pi,
    "abs(sin(x))": pi,
    "sin(2*x) + cos(3*x)": 2 * pi,
    "exp(sin(x)) + 1": 2 * pi,
    "x % 3": 3,
    "(2*x + 1) % 3": 1.5,
    "max(sin(x), 0)": 2 * pi,
    "sin(x) + cos(pi*x)": None,
    "x*sin(x)": None,
    "x + sin(x)": None,
    "sin(x)/x": None,
    "sin(x*x)": None,
    "floor(x)": None,
    "where(x > 0, x, sin(x))": None,
    "sin(log1p(abs(x)))": None,
}

NOT_ENDLESS = [
    "x",
    "sin(tanh(x))",
    "sin(3)*x",
    "floor(sigmoid(x)*5)",
    "where(abs(x) < 3, sin(x), 0)",
    "max(sin(x), 2 + x*x)",
    "sin(1/x)",
    "sin(exp(-x*x))",
]


@pytest.mark.parametrize("formula", ENDLESS)
def test_what_goes_on_for_ever_and_its_period(formula: str) -> None:
    f = expression(formula)
    assert f.endless
    assert (f.period or 0) == pytest.approx(ENDLESS[formula] or 0, rel=1e-15)


@pytest.mark.parametrize("formula", NOT_ENDLESS)
def test_what_settles(formula: str) -> None:
    f = expression(formula)
    assert not f.endless
    assert f.period is None


def written_out(activation: Named) -> Expression:
    """The formula of a catalogue entry with its parameters put in as numbers."""
    text = activation.formula
    for name, value in activation.params.items():
        text = re.sub(rf"\b{name}\b(?!\s*=[^=])", f"({value!r})", text)
    return expression(text)


def variants() -> Iterator[Named]:
    for cls in catalogue().values():
        yield cls()
        for parameter in cls.parameters():
            for value in parameter.examples:
                yield cls(**{parameter.name: value})


@pytest.mark.parametrize("activation", list(variants()), ids=str)
def test_what_the_catalogue_declares_is_found_in_its_formulas(activation: Named) -> None:
    found = written_out(activation)
    assert found.endless == activation.endless
    assert (found.period or 0) == pytest.approx(activation.period or 0, rel=1e-15)


def test_an_expression_is_an_activation() -> None:
    assert isinstance(expression("x"), Activation)
