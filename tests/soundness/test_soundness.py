"""Random formulas of the whole language: no enclosure, sign, limit or range is refuted by a value.

The same seeds in every run; fresh ones with `--fuzz SECONDS`.
"""

from __future__ import annotations

from random import Random

import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.formula.expression import expression
from actcli.structure.function import ProvedFunction
from tests.soundness.answers import wrong_answers
from tests.soundness.breaks import halved
from tests.soundness.enclosures import wrong_enclosures
from tests.soundness.flat import stops
from tests.soundness.random_formulas import random_formula
from tests.soundness.sampled import Sampled

seeds = st.integers(0, 2**40)


@settings(max_examples=150)
@given(seeds)
def test_enclosures_hold_what_they_enclose(seed: int) -> None:
    text = random_formula(seed)
    function = ProvedFunction.of(expression(text))
    assert [text, *wrong_enclosures(text, function, Random(seed))] == [text]


@settings(max_examples=12)
@given(seeds)
def test_answers_agree_with_values(seed: int) -> None:
    text = random_formula(seed)
    assert [text, *wrong_answers(text, seed, seconds=0.2)] == [text]


REFUTED = (
    "0**x",
    "relu(x)**(1 + x*x)",
    "(-floor(-x))**x",
    "x % where(abs(x - 1) < 1e-3, x, 0)",
    "sin(x) % max(-floor(-x), x)",
    "1/max(0, 1 - abs(x - 3))**2",
    "where(abs(x - 1) < 0.01, x, 0)**(-1)",
    "log(relu(x - 2) - relu(x - 3))",
    "log(floor(-x))",
    "max(log(0*x), x)",
    "floor(x - 7e16)",
    "x % x",
    "(x**4)**0.51 + x",
    "log((x - 1)**2)",
    "x**(x % 0.3 - (x - 0.3*floor(x/0.3)))",
    "sinh(x % -x)",
    "where(log(x/6) > x - 0.5 or x != -19.4, x, 1)",
    "sigmoid(0.04 - x) % 0.5",
    "sign(x > 10)/sign(x > 10)",
    "floor(0.5 - x) % floor(0.5 - x)",
    "(x*(x == 31))/(x*(x == 31))",
    "where((x - 10)**2 < 0.899, x, 0)/where((x - 10)**2 < 0.899, x, 0)",
    "relu(x - 1) % relu(x - 1)",
    "log(relu(x))/log(relu(x))",
    "relu(x)**-0.5 - relu(x)**-0.5",
    "(sin(x)**2 + cos(x)**2 - 1)/(sin(x)**2 + cos(x)**2 - 1)",
    "x*(sqrt(2)*sqrt(2) - 2)/(sqrt(2)*sqrt(2) - 2)",
    "softshrink(x)/softshrink(x)",
    "(abs(x) - x)/(abs(x) - x)",
    "erfc(x*x/0.5 - (14 - x))",
    "norm_cdf(1e9*x)",
    "tanh(x*x*x)",
    "sin((x - 0) + -x)**max(x, x/2)",
    "norm_cdf((exp(-(11.35/3.5e-08)**2)*snake(x))**0.51)",
)
"""Formulas of the kinds of which too much was once said."""


@pytest.mark.parametrize("text", REFUTED)
def test_what_was_once_refuted(text: str) -> None:
    function = ProvedFunction.of(expression(text))
    for seed in range(3):
        assert not [*wrong_enclosures(text, function, Random(seed))]


@pytest.mark.parametrize("x", [2.0**53 + 2, 2.0**56, 1e300])
def test_whole_numbers_beyond_doubles_are_told_apart(x: float) -> None:
    from actcli.structure.points.places import at_double

    found = at_double(ProvedFunction.of(expression("floor(x)")), x)
    assert found is not None
    assert [(point.kind, point.order) for point in found] == [("jump", 0)]


@pytest.mark.parametrize("change", [1 + 1e-9, 1 - 1e-12])
def test_the_checks_see_a_small_change(change: float) -> None:
    function = ProvedFunction.of(expression(f"{change!r}*tanh(x) + 1"))
    assert any([*wrong_enclosures("tanh(x) + 1", function, Random(seed))] for seed in range(3))


@pytest.mark.parametrize(
    ("text", "order", "is_there"),
    [
        ("where(x > 1/3, 1, 0)", 0, True),
        ("relu(x - 1/3)", 1, True),
        ("relu(x - 1/3)", 0, False),
        ("relu(1e250*x) - relu(1e250*x - 1)", 0, False),
        ("cosh(x/1e-231)*x", 1, False),
        ("exp((0.05239*x) % (1e237 - x))", 1, False),
    ],
)
def test_halving_tells_a_break_from_what_is_steep(text: str, order: int, is_there: bool) -> None:
    found = halved(Sampled(text, 0), arb(-7e8), arb(1), order)
    assert (found is not None) == is_there


@pytest.mark.parametrize(
    ("text", "edge", "is_true"),
    [
        ("relu(x - 1)", 0.5, False),
        ("relu(x - 1)", 1.0, True),
        ("max(0, 1 - abs(34.298 - x)/6.31e-17)", 34.298, True),
        ("max(0, 1 - abs(34.298 - x)/6.31e-17)", 34.3, False),
        ("1e-3*max(0, 1 - abs(34.298 - x))", 34.298, False),
    ],
)
def test_an_edge_is_where_a_slope_is_large(text: str, edge: float, is_true: bool) -> None:
    assert stops(Sampled(text, 0), edge, arb(0.1)) == is_true
