"""Formulas that are written in another way before they are enclosed keep their values."""

import pytest

from actcli.find import find
from actcli.structure.structure import Structure
from tests.present import present


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("sqrt(x**2)", 3),
        ("(x**2)**0.5", 3),
        ("x**2*0.5", 4.5),
        ("(x*x)*0.5", 4.5),
        ("x**2-0.5", 8.5),
        ("x**2/0.5", 18),
        ("x**2%0.75", 0),
        ("min(x**2,0.5)", 0.5),
        ("(x**4)**0.5", 9),
        ("(x*(x+9))**0.5", 6),
        ("sqrt(0+x*x)", 3),
        ("sqrt(x**2-0)+0", 3),
        ("0-x", -3),
        ("sqrt(0-(0-x**2))", 3),
    ],
)
def test_only_the_root_of_a_square_is_an_absolute_value(formula: str, value: float) -> None:
    """At 3, where all are known."""
    enclosure = present(Structure(find(formula)).function.at(3.0).value)
    ends = float(enclosure.low.mid()), float(enclosure.high.mid())
    assert ends == pytest.approx((value, value), rel=1e-15)


@pytest.mark.parametrize("formula", ["squareplus:b=0", "(x+sqrt(x**2+0))/2", "(0+x+sqrt(x*x-0))/2"])
def test_a_square_is_seen_beside_a_zero(formula: str) -> None:
    structure = Structure(find(formula))
    (kink,) = structure.branches.points
    assert (kink.x, kink.kind) == (0, "kink")
    assert structure.steepness.is_proved
