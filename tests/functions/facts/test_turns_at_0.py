"""Turns at which a function is 0, or so close to it that doubles do not tell."""

from __future__ import annotations

from math import isnan, log, sqrt

import pytest

from actcli.find import find
from actcli.functions.saturation import saturation
from tests.functions.facts.known_facts import of


@pytest.mark.parametrize(
    ("formula", "places"),
    [
        ("(x*x - 2)**2", [-sqrt(2), sqrt(2)]),
        ("-3*(x*x - 2)**2", [-sqrt(2), sqrt(2)]),
        ("(exp(x) - 3)**2", [log(3)]),
        ("(x - 1/3)**4", [1 / 3]),
        ("x*x", [0]),
    ],
)
def test_a_square_that_vanishes_is_0_at_its_turn(formula: str, places: list[float]) -> None:
    found = of(formula)
    zeros = [one.x for one in found.extrema if one.value == 0]
    assert zeros == pytest.approx(places, rel=1e-15)
    assert 0 in found.range[:2]
    assert found.range.low_attained if found.range.low == 0 else found.range.high_attained


@pytest.mark.parametrize(
    ("formula", "truth"),
    [("sin(x) - 1", 0), ("log(sin(x))", 0), ("cosh(x - 1/3) - 1", 0), ("exp(x) - x - 1", 0)],
)
def test_a_turn_is_no_number_that_roundoff_left(formula: str, truth: float) -> None:
    found = of(formula)
    assert all(isnan(one.value) or one.value in (truth, -2) for one in found.extrema)
    ends = [end for end in found.range[:2] if end is not None and abs(end) < 1e-6]
    assert not ends or ends == [truth]


@pytest.mark.parametrize("formula", ["sin(x) - 1", "(x*x - 2)**2", "cosh(x) - 1", "log(sin(x))"])
def test_the_values_of_a_plateau_end_at_the_turn_or_are_not_decided(formula: str) -> None:
    ranges = saturation(find(formula)).ranges
    ends = [end for one in ranges for end in (one.value_low, one.value_high)]
    small = [end for end in ends if abs(end) < 1e-20]
    assert all(end == 0 for end in small)
    assert small or any(map(isnan, ends))
