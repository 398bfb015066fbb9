"""Turns within half an ulp of a double, beside a pole or a steep ramp, against closed forms."""

import math

import pytest

from actcli.find import find
from actcli.functions.facts import facts
from actcli.structure.structure import Structure

LEAST = 3 / 2 ** (2 / 3)
"""Of t**-2 + t for t > 0, at 2**(1/3)."""
INF = math.inf


@pytest.mark.parametrize("place", [3.0, -14.224805390490708, 1e-3, 4.0])
@pytest.mark.parametrize("steep", [1e60, 1e150, 1e240])
def test_a_minimum_beside_a_pole(place: float, steep: float) -> None:
    found = facts(find(f"(x - {place!r})**(-2) + {steep!r}*abs(x - {place!r})"), effort=8)
    least = LEAST * steep ** (2 / 3)
    assert found.range.low == pytest.approx(least, rel=1e-12)
    assert found.range[1:] == (INF, True, False)
    assert [(e.x, e.kind) for e in found.extrema] == [(place, "minimum")] * 2
    assert [e.value for e in found.extrema] == pytest.approx([least] * 2, rel=1e-12)
    assert found.monotone == "no"
    assert not found.roots


@pytest.mark.parametrize(
    ("text", "monotone", "extrema"),
    [
        ("(x - 3)**(-2) + 1e60*(x - 3)", "no", [(3.0, "minimum")]),
        ("1/(x - 3) + 1e60*(x - 3)", "no", [(3.0, "maximum"), (3.0, "minimum")]),
        ("-1/(x - 3) + 1e60*(x - 3)", "no", []),
        ("tanh((x - 6)/1.03e-19)*0.044715*x", "no", [(6.0, "minimum")]),
        ("1e-3*(x - 6) - exp(-((x - 6)/1e-19)**2)", "no", [(6.0, "minimum"), (6.0, "maximum")]),
    ],
)
def test_pieces_narrower_than_doubles(
    text: str, monotone: str, extrema: list[tuple[float, str]]
) -> None:
    found = facts(find(text), effort=8)
    assert found.monotone == monotone
    assert sorted((e.x, e.kind) for e in found.extrema) == sorted(extrema)


def test_what_a_ramp_between_doubles_hides() -> None:
    structure = Structure(find("tanh((x - 6)/1.03e-19)*0.044715*x"))
    assert structure.range is not None
    assert structure.range.low.value == pytest.approx(-6 * 0.044715, rel=1e-15)
    assert structure.range.low.is_attained
    assert structure.zeros.points == (0.0, 6.0)


def test_zeros_on_both_sides_of_turns_beside_a_pole() -> None:
    zeros = Structure(find("(x - 3)**(-2) + 1e60*abs(x - 3) - 1e50")).zeros
    assert zeros.points == (3 - 1e-10, 3.0, 3 + 1e-10)
    assert not zeros.undecided


def test_a_flat_range_beside_a_pole_lies_on_its_side() -> None:
    flat = Structure(find("(x - 3)**(-2) + 1e60*abs(x - 3)")).flat(1e-3)
    below, above = math.nextafter(3, 0), math.nextafter(3, 4)
    assert [one[:2] for one in flat.ranges] == [(below, 3.0), (3.0, above)]
