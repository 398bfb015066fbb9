"""Where a function that turns for ever was looked at."""

from __future__ import annotations

import math

import pytest

from actcli.find import find
from actcli.functions.facts import facts
from tests.functions.facts.known_facts import of


def test_a_function_that_turns_for_ever_says_where_it_was_seen() -> None:
    assert of("sin").window == (-math.pi, math.pi)
    assert of("gcu").window == (-10.0, 10.0)
    assert facts(find("gcu"), (-1.0, 1.0)).roots == [0.0]
    assert of("gelu").window is None
    assert "seen from -10 to 10" in of("gcu").notes[0]


@pytest.mark.parametrize("steps", [3, 32, 256, 1000, 2.0**20])
def test_a_fine_staircase_is_seen_by_its_steps(steps: float) -> None:
    found = facts(find(f"floor(x*{steps!r})/{steps!r}"))
    assert found.proved
    assert found.monotone == "nondecreasing"
    assert found.window is not None
    low, high = (n * steps for n in found.window)
    expected = [n / steps for n in range(math.ceil(low), math.floor(high) + 1)]
    assert [kink.x for kink in found.kinks] == expected
    assert [kink.value for kink in found.kinks] == expected
    assert len(expected) > 10


def test_a_window_is_where_one_that_turns_for_ever_is_looked_at() -> None:
    found = facts(find("floor(x*256)/256"), (3.0, 3.01))
    assert found.window == (3.0, 3.01)
    assert [kink.x for kink in found.kinks] == [3.0, 3 + 1 / 256, 3 + 2 / 256]
    assert not facts(find("relu"), (-1.0, 1.0)).window
    assert "does not turn for ever" in facts(find("relu"), (-1.0, 1.0)).notes[0]


@pytest.mark.parametrize(("ulps", "is_listed"), [(0, True), (4, True), (5, False)])
def test_a_place_at_the_end_of_a_window_is_in_it(ulps: int, is_listed: bool) -> None:
    """Of a function that turns for ever; four units in the last place are roundoff."""
    top = math.pi / 2
    for low, high in ((0.1, top - ulps * math.ulp(top)), (-top + ulps * math.ulp(top), -0.1)):
        assert bool(facts(find("sin"), window=(low, high)).extrema) == is_listed
