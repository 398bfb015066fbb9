"""Where there is a value, and what is said where there is none."""

from __future__ import annotations

from math import inf, isfinite, isinf, isnan, pi, sqrt

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


@pytest.mark.parametrize("text", ["sqrt(-(x**2))", "sqrt(-abs(x - 2)) + x", "sqrt(sin(x) - 1)"])
def test_values_at_single_numbers_only(text: str) -> None:
    with pytest.raises(ActcliError, match="at single numbers only"):
        of(text)


@pytest.mark.parametrize(
    ("formula", "note"),
    [
        ("x**x", "isolated numbers below 0, as -1, which"),
        ("(2 - x)**(2 - x)", "isolated numbers above 2, as 3, which"),
    ],
)
def test_isolated_numbers_with_a_value_are_noted(formula: str, note: str) -> None:
    assert note in of(formula).notes[-1]


@pytest.mark.parametrize("formula", ["log(x - 1e300)", "sqrt(3.5 - x)", "log(x)", "1/x"])
def test_nothing_else_is_noted_of_a_domain(formula: str) -> None:
    assert not of(formula).notes


@pytest.mark.parametrize(
    ("formula", "missing"),
    [
        ("log(x)", [(-inf, 0, False, True)]),
        ("sqrt(x)", [(-inf, 0, False, False)]),
        ("x**0.5", [(-inf, 0, False, False)]),
        ("exp(log(x))", [(-inf, 0, False, True)]),
        ("log(x - 1e300)", [(-inf, 1e300, False, True)]),
        ("sqrt(3.5 - x)", [(3.5, inf, False, False)]),
        ("log(abs(x))", [(0, 0, True, True)]),
        ("1/x", [(0, 0, True, True)]),
        ("x/abs(x)", [(0, 0, True, True)]),
        ("x/x", []),
        ("tanh(x)/x", []),
        ("where(x == 0, 1/x, x)", []),
        ("1/(x*x - 2)", [(-sqrt(2), -sqrt(2), True, True), (sqrt(2), sqrt(2), True, True)]),
        ("sqrt(x*x - 2)", [(-sqrt(2), sqrt(2), False, False)]),
        ("log(x*x - 2)", [(-sqrt(2), sqrt(2), True, True)]),
        ("sqrt(x**3 - x)", [(-inf, -1, False, False), (0, 1, False, False)]),
        ("sqrt(x)/(x - 1)", [(-inf, 0, False, False), (1, 1, True, True)]),
        ("log(sqrt(x) - 2)", [(-inf, 4, False, True)]),
        ("x**x", [(-inf, 0, False, False)]),
        ("exp(x*log(x))", [(-inf, 0, False, True)]),
        ("log((1 + x)/(1 - x))", [(-inf, -1, False, True), (1, inf, True, False)]),
        ("sign(x > 10)/sign(x > 10)", [(-inf, 10, False, True)]),
        ("relu(x)/relu(x)", [(-inf, 0, False, True)]),
        ("where(x > 0, x, sqrt(x))", [(-inf, 0, False, False)]),
        ("where(x > 0, x, log(x + 1))", [(-inf, -1, False, True)]),
        ("where(x > 0, 1/(x - 1), x)", [(1, 1, True, True)]),
        ("where(1 > log1p(x), x*x, log1p(x))", [(-inf, -1, False, True)]),
        ("where(log(x) > 1, log(x), sqrt(x))", [(-inf, 0, False, True)]),
        ("log(sin(x))", [(-pi, 0, True, True), (pi, pi, True, True)]),
        ("tan(x)", [(-pi / 2, -pi / 2, True, True), (pi / 2, pi / 2, True, True)]),
    ],
)
def test_where_there_is_no_value(formula: str, missing: list[tuple[float, ...]]) -> None:
    assert [tuple(one) for one in of(formula).no_value] == missing


@pytest.mark.parametrize(
    "formula",
    ["x*sqrt(1 - x*x)", "log(x + 3) + sqrt(2 - x)", "log(x*x*x - 2*x)", "1/relu(x - 0.1)"],
)
def test_there_is_a_value_beside_what_has_none(formula: str) -> None:
    missing = of(formula).no_value
    ends = [(one.low, -1) for one in missing if isfinite(one.low)]
    ends += [(one.high, 1) for one in missing if isfinite(one.high)]
    for edge, way in ends:
        inside, outside = (
            find(formula).value(edge + way * side * 1e-9 * (1 + abs(edge))) for side in (-1, 1)
        )
        assert isnan(inside) or isinf(inside)
        assert isfinite(outside)


@pytest.mark.parametrize("name", ["relu", "gelu", "tanh"])
def test_of_what_has_a_value_everywhere_there_is_nothing_to_note(name: str) -> None:
    assert not of(name).notes
    assert not of(name).no_value


@pytest.mark.parametrize(
    "formula",
    ["sin(x)/sin(x)", "(x % 1)/(x % 1)", "cos(x)/cos(x)", "(x*x - 2)/(x*x - 2)", "x/x"],
)
def test_what_is_divided_by_itself_is_1_but_for_holes(formula: str) -> None:
    found = of(formula)
    assert found.range == (1, 1, True, True)
    assert found.left == found.right == (0, 1)
    assert (found.monotone, found.lipschitz, found.proved) == ("constant", 0, True)
    assert not found.no_value
    assert any("hole" in note for note in found.notes)
    (one,) = found.saturation.ranges
    assert (one.position, one.kind, one.limit) == ("everywhere", "bounded", 1)
