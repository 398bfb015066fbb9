"""How far in a function keeps near to its line, beyond a kink that is no double's multiple."""

from __future__ import annotations

from fractions import Fraction

import pytest

from actcli.find import find
from actcli.functions.saturation import saturation


@pytest.mark.parametrize("slope", ["1/3", "1/6", "2/7", "10/3", "5/49"])
@pytest.mark.parametrize("text", ["max(({k})*x + 1, 0)", "relu(x*({k}) + 1)", "relu(1 + ({k})*x)"])
def test_a_slope_that_is_no_double_keeps_the_line_up_to_where_it_leaves_it(
    text: str, slope: str
) -> None:
    found = saturation(find(text.format(k=slope)), eps=1e-3)
    left, right = found.value_ranges
    kink = -1 / Fraction(slope)
    away = Fraction("1/1000") / Fraction(slope)
    assert not found.open
    assert left.high == pytest.approx(float(kink + away), rel=1e-14)
    assert right.low == pytest.approx(float(kink - away), rel=1e-14)


def test_a_kink_at_a_double_that_balls_do_not_see_is_passed() -> None:
    """The kink is at -2 because sqrt(2)*2 is 2*sqrt(2)."""
    found = saturation(find("max(x*sqrt(2) + 2*sqrt(2), 0)"), eps=1e-3)
    left, right = found.value_ranges
    assert left.high == pytest.approx(-2 + 1e-3 / 2**0.5, rel=1e-14)
    assert right.low == pytest.approx(-2 - 1e-3 / 2**0.5, rel=1e-14)


@pytest.mark.parametrize("height", ["1", "1e-4"])
def test_a_jump_that_balls_do_not_see_is_not_called_proved(height: str) -> None:
    """The condition is a tie at -2: whether f jumps before or behind it is not found out."""
    found = saturation(find(f"where(x*sqrt(2) + 2*sqrt(2) > 0, {height}, 0)"), eps=1e-3)
    assert "how far f is from its line" in {one.why for one in found.open}
