"""A number is named where the balls around it tell it, however much cancels on the way to it."""

import math

import pytest

from actcli.find import find
from actcli.functions.kinks import kinks
from actcli.structure.structure import Structure

CANCELS = "1e100*(sqrt(2)*sqrt(2) - 2)"
"""It is 0."""


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("relu(x*1e242 - 1e205) - relu(x*1e242 - 1e205 - 5.26e-8)", (0, 0), (0, 5.26e-8)),
        ("relu(x/1e-10 - 1e6) - relu(x/1e-10 - 1e6 - 5.26e-8)", (0, 0), (0, 5.26e-8)),
        ("max(min(1e30*x - 1e50, 1e50 + 1), 1e50) - 1e50", (0, 0), (0, 1)),
        ("x*(sqrt(2)*sqrt(2) - 2)", (0, 0), (0, 0)),
        (f"{CANCELS} + tanh(x)", (0, -1), (0, 1)),
        ("(1e150 + x) - 1e150", (1, 0), (1, 0)),
    ],
)
def test_lines(text: str, left: tuple[float, float], right: tuple[float, float]) -> None:
    assert Structure(find(text)).lines == (left, right)


@pytest.mark.parametrize("place", ["0.5", "1/3", "sqrt(2)"])
@pytest.mark.parametrize(
    ("arm", "level"),
    [("sin(x)**2 + cos(x)**2 - 1", 0), ("1e20*(sqrt(2)*sqrt(2) - 2)", 0), ("x - x + 1/3", 1 / 3)],
)
def test_levels_at_a_jump(place: str, arm: str, level: float) -> None:
    f = find(f"where(x > {place}, {arm}, 2)")
    (jump,) = kinks(f, Structure(f))
    assert (jump.value_left, jump.value_right) == (2, level)


@pytest.mark.parametrize("place", ["0.5", "1/3"])
def test_a_jump_is_seen_however_blurred_a_side_is(place: str) -> None:
    structure = Structure(find(f"where(x > {place}, {CANCELS}, 2)"))
    assert structure.steepness.value == math.inf
    assert len(structure.flat(1e-3).ranges) == 2
