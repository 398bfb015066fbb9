"""Formulas that are written in another way before they are enclosed keep their values."""

import pytest
from flint import ctx

from actcli.find import find
from actcli.structure.differences.less_line import less_multiple
from actcli.structure.function import ProvedFunction
from actcli.structure.structure import Structure
from tests.oracle import exact_value
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


@pytest.mark.parametrize("g", ["tanh", "sigmoid", "erf", "erfc", "norm_cdf"])
@pytest.mark.parametrize("u", ["x", "-x", "2*x+1"])
@pytest.mark.parametrize("form", ["1-g(u)", "g(u)-1", "1+g(u)", "g(u)+1"])
@pytest.mark.parametrize("x", [-7.5, 0.25, 7.5])
def test_what_is_left_to_one_is_known_to_all_bits(g: str, u: str, form: str, x: float) -> None:
    f = find(form.replace("u", u).replace("g", g))
    with ctx.workprec(60):
        ball = present(ProvedFunction.of(f).at(x).value).ball
    exact = str(exact_value(f, x))
    assert ball.rel_accuracy_bits() > 40
    assert float(ball.mid()) == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize("f", ["x*tanh(exp(x))", "x/(1-x*exp(-x-exp(x)))", "x*norm_cdf(x)"])
@pytest.mark.parametrize("x", [0.5, 3.5])
def test_a_gate_less_the_identity_is_known_to_all_bits(f: str, x: float) -> None:
    function = less_multiple(ProvedFunction.of(find(f)), 1.0)
    with ctx.workprec(60):
        ball = present(function.at(x).value).ball
    assert ball.rel_accuracy_bits() > 40
    exact = float(exact_value(find(f"({f})-x"), x))
    assert float(ball.mid()) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize(
    "formula",
    [
        "(exp(x)-exp(-x))/(exp(x)+exp(-x))",
        "(exp(-x)-exp(x))/(exp(x)+exp(-x))",
        "(1-exp(-x))/(1+exp(-x))",
        "(exp(2*x)-1)/(1+exp(2*x))",
        "(exp(3*x)-exp(x))/(exp(x)+exp(3*x))",
        "sinh(x-1)/cosh(x-1)",
        "log((1+exp(x))/(exp(x-1)+1))/10",
        "log((1+exp(-x))/(1+exp(x)))",
    ],
)
def test_quotients_of_exponentials_are_monotone_on_any_box(formula: str) -> None:
    """As tanh is, and the logarithm of a quotient as the difference of two."""
    f = find(formula)
    function = ProvedFunction.of(f)
    slope = present(function.on(-40.0, 40.0).slope)
    if "log" not in formula:
        assert slope.low >= 0 or slope.high <= 0
    for x in (-3.0, 0.375, 2.5, 50.0):
        value = present(function.at(x).value).ball
        assert float(value.mid()) == pytest.approx(float(exact_value(f, x)), rel=1e-12)


@pytest.mark.parametrize(
    "formula", ["(exp(x)-1)/(exp(-x)+1)", "(exp(x)-exp(2*x))/(exp(x)+exp(3*x))", "sinh(x)/cosh(-x)"]
)
def test_other_quotients_of_exponentials_keep_their_values(formula: str) -> None:
    f = find(formula)
    for x in (-3.0, 0.375, 2.5):
        value = present(ProvedFunction.of(f).at(x).value).ball
        assert float(value.mid()) == pytest.approx(float(exact_value(f, x)), rel=1e-12)
