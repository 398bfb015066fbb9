"""Where there is a value, and what is said where there is none."""

from __future__ import annotations

import pytest

from actcli.errors import ActcliError
from actcli.find import find
from actcli.functions.facts import facts
from tests.functions.facts.known_facts import of


@pytest.mark.parametrize("text", ["sqrt(-1 - x**2)", "log(-exp(x))", "sqrt(sin(x) - 2)"])
def test_a_function_without_values_has_no_facts(text: str) -> None:
    with pytest.raises(ActcliError, match="has no value anywhere"):
        of(text)


def test_where_there_is_no_value_there_is_no_derivative() -> None:
    with pytest.raises(ActcliError, match="no value anywhere"):
        facts(find("x % (1 - 1)"))


def test_values_at_single_numbers_only() -> None:
    found = facts(find("sqrt(-(x**2))"))
    assert "at single numbers only" in found.notes[-1]


@pytest.mark.parametrize(
    ("formula", "note"),
    [
        ("x**x", "below 0 but at isolated numbers, as -1"),
        ("(2 - x)**(2 - x)", "above 2 but at isolated numbers, as 3"),
        ("log(x - 1e300)", "below 1e+300"),
        ("sqrt(3.5 - x)", "above 3.5"),
    ],
)
def test_isolated_numbers_with_a_value_are_noted(formula: str, note: str) -> None:
    assert of(formula).notes[-1].endswith(f" is not a number {note}")


@pytest.mark.parametrize("name", ["relu", "gelu", "tanh"])
def test_of_what_has_a_value_everywhere_there_is_nothing_to_note(name: str) -> None:
    assert not of(name).notes
