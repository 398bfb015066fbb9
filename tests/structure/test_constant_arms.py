"""Functions that are one number on each side of a place, which their formulas hide."""

import math

import pytest

from actcli.find import find
from actcli.functions.facts import facts
from actcli.functions.saturation import saturation
from actcli.structure.structure import Structure

STEPS = {
    "x/abs(x)": (0.0, -1.0, 1.0),
    "2*x/abs(x)": (0.0, -2.0, 2.0),
    "x**3/abs(x)**3": (0.0, -1.0, 1.0),
    "(x-1)/abs(1-x)": (1.0, -1.0, 1.0),
    "abs(x-1)/(1-x)": (1.0, 1.0, -1.0),
    "tanh(x)/abs(tanh(x))": (0.0, -1.0, 1.0),
    "x/sqrt(x*x)": (0.0, -1.0, 1.0),
    "abs(x)**3/x**3+x**2/abs(x)**2": (0.0, 0.0, 2.0),
}


@pytest.mark.parametrize("formula", STEPS)
def test_it_is_constant_on_both_sides(formula: str) -> None:
    place, left, right = STEPS[formula]
    found = facts(find(formula))
    low, high = sorted((left, right))
    assert found.proved
    assert tuple(found.range) == (low, high, True, True)
    assert found.monotone == ("nondecreasing" if left < right else "nonincreasing")
    assert [kink.x for kink in found.kinks] == [place]
    below, above = found.saturation.ranges
    assert (below.low, above.high) == (-math.inf, math.inf)
    assert (below.hardness, above.hardness) == ("hard", "hard")
    assert (below.limit, above.limit) == (left, right)
    assert (below.value_low, below.value_high) == (left, left)
    assert (above.value_low, above.value_high) == (right, right)


def test_the_place_may_lie_between_two_doubles() -> None:
    structure = Structure(find("abs(x**3-2)/(x**3-2)"))
    assert structure.range == ((-1.0, True), (1.0, True))
    assert [piece.kind for piece in structure.pieces if piece.kind != "constant"] == ["switch"]


@pytest.mark.parametrize("eps", [0.0, 1e-3])
def test_it_is_hard_at_any_threshold(eps: float) -> None:
    ranges = saturation(find("x/abs(x)"), eps).ranges
    assert [(one.low, one.high, one.hard) for one in ranges] == [
        (-math.inf, 0.0, [(-math.inf, 0.0)]),
        (0.0, math.inf, [(0.0, math.inf)]),
    ]


@pytest.mark.parametrize("formula", ["exp(x)*exp(-x)", "sin(x)**2+cos(x)**2", "max(x,1)/max(x,1)"])
def test_a_constant_takes_its_value(formula: str) -> None:
    structure = Structure(find(formula))
    assert structure.range == ((1.0, True), (1.0, True))
    assert structure.steepness.value == structure.steepness.bound == 0.0


@pytest.mark.parametrize(
    "formula", ["x/(1+abs(x))", "x/abs(x)+x/1e300", "sigmoid(x)+sigmoid(-x)*0.9"]
)
def test_what_merely_looks_flat_is_not(formula: str) -> None:
    pieces = Structure(find(formula)).pieces
    assert "constant" not in {piece.kind for piece in pieces}
