"""Quantisers: every step against exact fractions, rounded to even as Python does."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest
from mpmath import mp, mpf

from actcli.find import find
from actcli.functions.compare import compare
from actcli.functions.facts import facts
from actcli.functions.saturation import saturation

HALF = Fraction(1, 2)
Exact = Callable[[Fraction], Fraction]

QUANTISERS: dict[str, tuple[Exact, Fraction, Fraction, str]] = {
    "round(x*127)/127": (lambda x: Fraction(round(x * 127), 127), Fraction(1, 127), HALF, "odd"),
    "round(x*15)/15": (lambda x: Fraction(round(x * 15), 15), Fraction(1, 15), HALF, "odd"),
    "round(x/0.1)*0.1": (
        lambda x: round(x / Fraction(0.1)) * Fraction(0.1),
        Fraction(0.1),
        HALF,
        "odd",
    ),
    "ceil(x*100)/100": (
        lambda x: Fraction(math.ceil(x * 100), 100),
        Fraction(1, 100),
        Fraction(0),
        "none",
    ),
    "floor(x*100)/100": (
        lambda x: Fraction(math.floor(x * 100), 100),
        Fraction(1, 100),
        Fraction(0),
        "none",
    ),
    "floor(x*256+0.5)/256": (
        lambda x: Fraction(math.floor(x * 256 + HALF), 256),
        Fraction(1, 256),
        HALF,
        "none",
    ),
    "relu(round(x*8)/8)": (
        lambda x: max(Fraction(round(x * 8), 8), Fraction(0)),
        Fraction(1, 8),
        HALF,
        "none",
    ),
    "clip(round(x*15),-15,15)/15": (
        lambda x: min(max(Fraction(round(x * 15), 15), Fraction(-1)), Fraction(1)),
        Fraction(1, 15),
        HALF,
        "odd",
    ),
}
"""f, the width of a step, where steps begin in units of it, and the symmetry."""


def jumps(f: Exact, step: Fraction, offset: Fraction, low: float, high: float) -> list[Fraction]:
    """Where f jumps from low to high."""
    first, last = math.ceil(low / step - offset), math.floor(high / step - offset)
    places = ((n + offset) * step for n in range(first, last + 1))
    return [x for x in places if f(x - step / 8) != f(x + step / 8)]


@pytest.mark.parametrize("formula", QUANTISERS)
def test_every_step_of_a_quantiser_is_proved(formula: str) -> None:
    f, step, offset, symmetry = QUANTISERS[formula]
    found = facts(find(formula))
    assert found.proved
    assert found.symmetry == symmetry
    assert found.monotone == "nondecreasing"
    low, high = found.window or (-1.5, 1.5)
    places = jumps(f, step, offset, low, high)
    assert len(places) > 10
    assert [kink.x for kink in found.kinks] == [float(x) for x in places]
    assert [kink.value for kink in found.kinks] == [float(f(x)) for x in places]


@pytest.mark.parametrize("formula", QUANTISERS)
def test_a_quantiser_is_flat_from_step_to_step(formula: str) -> None:
    f, step, offset, _ = QUANTISERS[formula]
    found = saturation(find(formula))
    assert found.proved
    assert {one.hardness for one in found.ranges} == {"hard"}
    low, high = found.window or (-1.5, 1.5)
    inner = [x for x in map(float, jumps(f, step, offset, low, high)) if low < x < high]
    edges = [found.ranges[0].low, *inner, found.ranges[-1].high]
    assert [(one.low, one.high) for one in found.ranges] == [*pairwise(edges)]
    for one in found.ranges[1:-1]:
        level = f(Fraction(one.low) + step / 2)
        assert one.value_low == one.value_high == float(level)


@pytest.mark.parametrize("formula", ["floor(x*100)/100", "ceil(x*100)/100", "floor(x/0.3)*0.3"])
def test_fixed_points_at_the_steps_themselves(formula: str) -> None:
    step = Fraction(0.3) if "0.3" in formula else Fraction(1, 100)
    found = facts(find(formula))
    assert found.window is not None
    reach = math.floor(Fraction(found.window[1]) / step)
    expected = [float(n * step) for n in range(-reach, reach + 1)]
    assert list(found.fixed_points) == expected


@pytest.mark.parametrize(
    ("formula", "levels", "inverse"),
    [
        ("round(sigmoid(x)*63)/63", 63, lambda y: mp.log(y / (1 - y))),
        ("round(63/2*(1 + tanh(x)))/63", 63, lambda y: mp.atanh(2 * y - 1)),
    ],
)
def test_a_quantised_sigmoid(formula: str, levels: int, inverse: Callable[[mpf], mpf]) -> None:
    found = saturation(find(formula))
    assert found.proved
    with mp.workdps(40):
        edges = [float(inverse((mpf(n) + 0.5) / levels)) for n in range(levels)]
    assert [one.high for one in found.ranges[:-1]] == pytest.approx(edges, rel=1e-15, abs=1e-17)
    assert (found.ranges[0].kind, found.ranges[0].limit) == ("bounded", 0.0)
    assert (found.ranges[-1].kind, found.ranges[-1].limit) == ("bounded", 1.0)


def test_slopes_that_part_at_steps_are_seen_there_not_listed() -> None:
    (pair,) = compare([find("floor(4*x)/4"), find("tanh")]).pairs
    assert math.isinf(pair.max_abs)
    assert math.isinf(pair.max_abs_derivative)
    assert all((4 * x).is_integer() for x in pair.places_derivative)
