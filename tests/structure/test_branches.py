"""Branch points against what follows from the formulas by hand."""

import math
from fractions import Fraction
from typing import Any

import pytest
from mpmath import mp, mpf

from actcli.activations.registry import catalogue
from actcli.find import find
from actcli.structure.points.branch_point import BranchPoint
from actcli.structure.points.branch_points import Branches
from actcli.structure.structure import Structure
from tests.activations.known import is_endless, kinks

INF = math.inf
THIRD = 1 / 3


def branches(formula: str, window: tuple[float, float] = (-INF, INF)) -> Branches:
    return Structure(find(formula), window).branches


def points(formula: str, window: tuple[float, float] = (-INF, INF)) -> tuple[BranchPoint, ...]:
    found = branches(formula, window)
    assert not found.undecided
    return found.points


def number(limit: Any) -> float | None:
    if limit is None:
        return None
    assert limit.is_point
    return float(limit.low.mid()) + 0.0


def facts(formula: str, window: tuple[float, float] = (-INF, INF)) -> list[tuple[Any, ...]]:
    """x, kind, f(x), limits of f, limits of f'."""
    return [
        (
            *(p.x, p.kind, number(p.value)),
            (number(p.left), number(p.right)),
            (number(p.slope_left), number(p.slope_right)),
        )
        for p in points(formula, window)
    ]


KINKS = {
    "relu": [(0.0, 0.0, (0.0, 1.0))],
    "abs(x)": [(0.0, 0.0, (-1.0, 1.0))],
    "hardsigmoid": [(-3.0, 0.0, (0.0, 1 / 6)), (3.0, 1.0, (1 / 6, 0.0))],
    "hardswish": [(-3.0, 0.0, (0.0, -0.5)), (3.0, 3.0, (1.5, 1.0))],
    "max(x+1,1)": [(0.0, 1.0, (0.0, 1.0))],
    "relu(x)-relu(x-6)": [(0.0, 0.0, (0.0, 1.0)), (6.0, 6.0, (1.0, 0.0))],
    "abs(3*x-1)": [(THIRD, 0.0, (-3.0, 3.0))],
    "where(x>1,x-1,0)": [(1.0, 0.0, (0.0, 1.0))],
    "min(3*x,1)": [(THIRD, 1.0, (3.0, 0.0))],
    "sqrt((x-1.5)**2)": [(1.5, 0.0, (-1.0, 1.0))],
    "abs(abs(x)-2)": [(-2.0, 0.0, (-1.0, 1.0)), (0.0, 2.0, (1.0, -1.0)), (2.0, 0.0, (-1.0, 1.0))],
}


@pytest.mark.parametrize("formula", KINKS)
def test_kinks(formula: str) -> None:
    expected = [(x, "kink", y, (y, y), slopes) for x, y, slopes in KINKS[formula]]
    assert facts(formula) == expected


JUMPS: dict[str, list[tuple[float | None, ...]]] = {
    "sign(x)": [(0.0, 0.0, -1.0, 1.0)],
    "hardshrink": [(-0.5, 0.0, -0.5, 0.0), (0.5, 0.0, 0.0, 0.5)],
    "where(x>1,x+1e-10,x)": [(1.0, 1.0, 1.0, float(1 + Fraction(1e-10)))],
    "where(x>0,x,x+1e-300)": [(0.0, 1e-300, 1e-300, 0.0)],
    "where(exp(x)>1,1,2)": [(0.0, 2.0, 2.0, 1.0)],
    "where(3*x>1,2,1)": [(THIRD, 1.0, 1.0, 2.0)],
    "tanh(1/(3*x-1))": [(THIRD, None, -1.0, 1.0)],
    "1e3+1e-9*sign(x-1)+x": [(1.0, 1001.0, 1001 - 1e-9, 1001 + 1e-9)],
}


@pytest.mark.parametrize("formula", JUMPS)
def test_jumps(formula: str) -> None:
    found = [(*row[:3], *row[3]) for row in facts(formula)]
    assert found == [(x, "jump", value, *limits) for x, value, *limits in JUMPS[formula]]


def test_numbers_that_are_equal_without_being_doubles() -> None:
    assert [(p.kind, p.order) for p in points("where(x>1,exp(x),e)")] == [("kink", 1)]
    assert [(p.kind, p.order) for p in points("where(x>1,exp(x),e*x)")] == [("smooth", 2)]
    assert [(p.kind, p.order) for p in points("celu:alpha=0.7")] == [("smooth", 2)]
    assert [p.kind for p in points("where(x>2,log(x),log(8)/3)")] == ["kink"]
    assert [p.kind for p in points("where(x>2,log(x),log(8)/3+1e-300)")] == ["jump"]


def test_a_jump_smaller_than_doubles_can_say_is_one() -> None:
    (point,) = points("where(3*x>1,x+1e-20,x)")
    assert (point.kind, point.order) == ("jump", 0)
    assert point.left is not None
    assert point.right is not None
    assert point.left.below(point.right)


def test_steps_in_a_window() -> None:
    assert facts("floor(x)", (-2.5, 2.5)) == [
        (n, "jump", n, (n - 1, n), (0.0, 0.0)) for n in (-2.0, -1.0, 0.0, 1.0, 2.0)
    ]
    assert facts("x % 2", (-1.0, 3.0)) == [
        (n, "jump", 0.0, (2.0, 0.0), (1.0, 1.0)) for n in (0.0, 2.0)
    ]
    assert [p.x for p in points("x % 0.1", (0.05, 1.0))] == [
        float(n * Fraction(0.1)) for n in range(1, 10)
    ]


def test_holes_and_values_out_of_the_way() -> None:
    assert facts("tanh(x)/x") == [(0.0, "removable", None, (1.0, 1.0), (0.0, 0.0))]
    assert facts("where(3*x==1,0,1)") == [(THIRD, "removable", 0.0, (1.0, 1.0), (0.0, 0.0))]
    assert facts("where((3*x-1)**2>0,1,0)")[0][:3] == (THIRD, "removable", 0.0)
    assert facts("where(x==2,5,x)") == [(2.0, "removable", 5.0, (2.0, 2.0), (1.0, 1.0))]
    assert points("tanh(x)/x")[0].order == INF


def test_edges_and_poles() -> None:
    assert facts("sqrt(x)") == [(0.0, "edge", 0.0, (None, 0.0), (None, INF))]
    assert facts("sqrt(3*x-1)") == [(THIRD, "edge", 0.0, (None, 0.0), (None, INF))]
    assert facts("sqrt(3*x-1)-x")[0][1:4] == ("edge", -THIRD, (None, -THIRD))
    assert facts("x**2.5") == [(0.0, "edge", 0.0, (None, 0.0), (None, 0.0))]
    assert facts("sqrt(1-x**2)") == [
        (-1.0, "edge", 0.0, (None, 0.0), (None, INF)),
        (1.0, "edge", 0.0, (0.0, None), (-INF, None)),
    ]
    assert facts("log(x)") == [(0.0, "pole", None, (None, -INF), (None, INF))]
    assert facts("log(3*x-1)") == [(THIRD, "pole", None, (None, -INF), (None, INF))]
    assert facts("1/x") == [(0.0, "pole", None, (-INF, INF), (-INF, -INF))]
    assert facts("1/(3*x-1)**2") == [(THIRD, "pole", None, (INF, INF), (INF, -INF))]
    assert facts("tanh(log(x))")[0][:4] == (0.0, "edge", None, (None, -1.0))
    with mp.workdps(50):
        poles = [float(mp.pi * (n + mpf(0.5))) for n in range(-2, 2)]
    assert [(p.x, p.kind) for p in points("tan(x)", (-6.0, 6.0))] == [(x, "pole") for x in poles]


def test_indefinite_forms_are_not_guessed() -> None:
    (edge,) = points("x**(-0.5)*x**0.5", (-1.0, 0.25))
    assert (edge.kind, edge.value, number(edge.right)) == ("edge", None, 1.0)
    product = points("sqrt(x)*sqrt(x)")[0]
    assert (number(product.right), number(product.slope_right)) == (0.0, 1.0)
    quotient = Structure(find("log(x)/log(2*x)"), (-1.0, 0.25), seconds=0.2).branches
    assert quotient.undecided[0].low == 0.0  # the limit is 1, but what is seen is inf/inf


def test_branches_that_are_no_bends() -> None:
    assert not points("relu(x)-relu(-x)")
    assert not points("abs(x)*abs(x)")
    assert [(p.kind, p.order) for p in points("where(x>0,exp(-1/x),0)")] == [("smooth", INF)]
    assert not points("gelu")
    assert not points("where(3*x<1,x,x)")
    assert not points("where(x==2,tanh(2),tanh(x))")
    assert not points("where(x==2,tanh(x),tanh(x))")
    assert not points("log1p(exp(-abs(x)))+relu(x)")  # softplus
    assert not points("where(x>2,sinh(x)/cosh(x),tanh(x))")
    assert not points("abs((3*x-1)**2)")
    orders = {
        "sign(x)*log1p(abs(x))": 2,
        "softsign": 2,
        "elu": 2,
        "elu:alpha=0.5": 1,
        "abs(x)**3": 3,
        "where(x>0,x**4,0)": 4,
        "x+((x-1.5)**2)**1.5": 3,
        "abs(3*x-1)**3": 3,
        "relu(3*x-1)**2": 2,
    }
    for formula, order in orders.items():
        assert [p.order for p in points(formula)] == [order]
    (vertical,) = points("sign(x)*sqrt(abs(x))")
    assert (vertical.kind, number(vertical.slope_left)) == ("vertical", INF)


def test_needles_and_places_between_doubles() -> None:
    with mp.workdps(60):
        edges = [float(mpf(3.3) + side * mp.sqrt(mpf(1e-18))) for side in (-1, 1)]
        inside = [mpf(1) / 3 + side * mp.sqrt(mpf(1e-40)) / 3 for side in (-1, 1)]
    assert [p.x for p in points("where((x-3.3)**2<1e-18,x,0)")] == edges
    needle = points("where((3*x-1)**2<1e-40,1,0)")
    assert [p.x for p in needle] == list(map(float, inside))
    assert [(number(p.left), number(p.right)) for p in needle] == [(0.0, 1.0), (1.0, 0.0)]
    (third,) = points("abs(3*x-1)")
    assert (third.after, third.is_exact) == (THIRD, False)  # the double lies below 1/3
    (after,) = points("abs(5*x-3)")
    assert Fraction(after.after) < Fraction(3, 5) < Fraction(math.nextafter(after.after, 1))


def test_what_is_flat_to_all_orders_is_smooth_and_no_polynomial() -> None:
    """All derivatives of exp(-1/x^2) are 0 at 0, on both sides, and it is not 0 beside it."""
    (place,) = points("where(x==0,0,exp(-1/x**2))")
    assert (place.x, place.kind, place.order) == (0.0, "smooth", INF)


def test_what_is_not_decided_says_so() -> None:
    wild = Structure(find("sin(1/x)"), (-1.0, 1.0), seconds=0.5).branches
    assert any(part.low <= 0 <= part.high for part in wild.undecided)
    assert branches("where((3*x-1)*(6*x-2)>0,1,0)").undecided


@pytest.mark.parametrize("name", catalogue())
def test_the_kinks_of_the_catalogue_are_found(name: str) -> None:
    cls = catalogue()[name]
    cases = [{}, *({p.name: x} for p in cls.parameters() for x in p.examples)]
    for params in cases:
        activation = cls(**params)
        window = (-10.0, 10.0) if is_endless(activation) else (-50.0, 50.0)
        found = Structure(activation, window).branches
        assert not found.undecided
        bends = [p.x for p in found.points if p.kind != "smooth"]
        assert bends == [x for x in kinks(activation) if window[0] < x < window[1]]


STEP = "exp(-1000)"
"""A height that no number of bits in use tells from 0."""


@pytest.mark.parametrize(
    ("below", "at", "above"), [(STEP, "0", "0"), ("0", STEP, "0"), ("0", "0", STEP)]
)
def test_a_step_too_low_to_be_seen_is_not_said_to_be_none(below: str, at: str, above: str) -> None:
    formula = "where(x < 1, sqrt(x + 1) + {}, where(x > 1, sqrt(2)*x + {}, sqrt(2) + {}))"
    assert [p.kind for p in branches(formula.format("0", "0", "0"), (0, 2)).points] == ["kink"]
    found = branches(formula.format(below, above, at), (0, 2))
    assert not found.points
    assert [place.why for place in found.undecided] == ["the kind of a branch point is not decided"]


@pytest.mark.parametrize(
    ("formula", "x", "left", "right"),
    [
        ("min(3.5, where(x > 2, 3, 4))", 2, 3.5, 3),
        ("max(-3.5, where(x > 2, -3, -4))", 2, -3.5, -3),
        ("min(x + 1.5, where(x > 2, 3, 4))", 2, 3.5, 3),
        ("min(3.5, where(x < 2, 3, 4))", 2, 3, 3.5),
        ("relu(sign(x))", 0, 0, 1),
        ("max(sign(x), 0.5)", 0, 0.5, 1),
        ("min(-sign(-x), 0.5) - x", 0, -1, 0.5),
        ("max(0.5, min(0.75, where(x > 1, 1, 0)))", 1, 0.5, 0.75),
        ("clip(where(x > 1, 5, -5), -1, 1)", 1, -1, 1),
    ],
)
def test_an_argument_that_is_not_chosen_at_a_double_may_be_beside_it(
    formula: str, x: float, left: float, right: float
) -> None:
    (point,) = (one for one in points(formula) if one.kind == "jump")
    assert (point.x, number(point.left), number(point.right)) == (x, left, right)


@pytest.mark.parametrize("formula", ["max(sign(x), 2)", "min(sign(x), -1) + x", "max(2, x > 1)"])
def test_an_argument_that_is_chosen_nowhere_breaks_nothing(formula: str) -> None:
    assert not points(formula)


@pytest.mark.parametrize(
    ("formula", "x", "left", "right", "here"),
    [
        ("(x - 46) % x", -11.5, -11.5, 0, 0),
        ("min((x - 46) % x, 1)", -5.75, -5.75, 0, 0),
        ("(3*x) % (x + 1)", -4, -3, 0, 0),
        ("floor((x + 1)/(x - 2))", 0.5, -1, -2, -1),
        ("floor(46/x)", -11.5, -4, -5, -4),
    ],
)
def test_a_quotient_that_is_a_double_is_that_double(
    formula: str, x: float, left: float, right: float, here: float
) -> None:
    found = branches(formula, (-12, -3) if x < 0 else (0.25, 1))
    (point,) = (one for one in found.points if one.x == x)
    assert point.is_exact
    assert (number(point.left), number(point.right), number(point.value)) == (left, right, here)


def test_0_to_the_power_of_0_is_no_limit_of_powers_of_0() -> None:
    (point,) = points("where(x > 3, x, 0**(3 - x))", (2, 4))
    assert (number(point.left), number(point.right), number(point.value)) == (0, 3, 1)
