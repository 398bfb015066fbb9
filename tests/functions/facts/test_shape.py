"""Range, monotony, smoothness, symmetry, steepness and ends against closed forms."""

from __future__ import annotations

import math

import pytest

from actcli.activations.base import Line
from actcli.numeric.floats import ulps_apart
from tests.functions.facts.known_facts import of

inf = math.inf


@pytest.mark.parametrize(
    ("text", "low", "high", "low_attained", "high_attained"),
    [
        ("sigmoid", 0.0, 1.0, False, False),
        ("1/(1 + exp(-x))", 0.0, 1.0, False, False),
        ("tanh", -1.0, 1.0, False, False),
        ("softsign", -1.0, 1.0, False, False),
        ("atan", -math.pi / 2, math.pi / 2, False, False),
        ("hardtanh", -1.0, 1.0, True, True),
        ("relu", 0.0, inf, True, False),
        ("relu6", 0.0, 6.0, True, True),
        ("softplus", 0.0, inf, False, False),
        ("elu:alpha=0.7", -0.7, inf, False, False),
        ("asinh", -inf, inf, False, False),
        ("symlog", -inf, inf, False, False),
        ("gelu", -0.16997120747990369, inf, True, False),
        ("gaussian", 0.0, 1.0, False, True),
        ("hardswish", -0.375, inf, True, False),
        ("relu_squared", 0.0, inf, True, False),
        ("step", 0.0, 1.0, True, True),
        ("sin", -1.0, 1.0, True, True),
        ("gcu", -inf, inf, False, False),
        ("snake", -inf, inf, False, False),
        ("sinc", -0.21723362821122166, 1.0, True, True),
        ("1/x", -inf, inf, False, False),
        ("log(x)", -inf, inf, False, False),
        ("sqrt(x)", 0.0, inf, True, False),
        ("exp(-x)", 0.0, inf, False, False),
        ("x*exp(-x**2/1e12)", -math.sqrt(5e11 / math.e), math.sqrt(5e11 / math.e), True, True),
        ("where(x > 0, 1, -1)*tanh(x)", 0.0, 1.0, True, False),
        ("3", 3.0, 3.0, True, True),
        ("x%1", 0.0, 1.0, True, False),
        ("-(x%1)", -1.0, 0.0, False, True),
        ("0.5 - x%1", -0.5, 0.5, False, True),
    ],
)
def test_range(text: str, low: float, high: float, low_attained: bool, high_attained: bool) -> None:
    found = of(text).range
    for got, wanted in ((found.low, low), (found.high, high)):
        assert got == wanted or ulps_apart(got, wanted) <= 4
    assert (found.low_attained, found.high_attained) == (low_attained, high_attained)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sigmoid", "strictly increasing"),
        ("snake", "strictly increasing"),
        ("x**3", "strictly increasing"),
        ("x - tanh(x)", "strictly increasing"),
        ("hardshrink", "nondecreasing"),
        ("relu", "nondecreasing"),
        ("step", "nondecreasing"),
        ("exp(-x)", "strictly decreasing"),
        ("min(-x, 0)", "nonincreasing"),
        ("where(x > 0, x, x + 1)", "no"),
        ("1/x", "no"),
        ("gelu", "no"),
        ("7", "constant"),
    ],
)
def test_monotone(text: str, wanted: str) -> None:
    assert of(text).monotone == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("step", "jump"),
        ("hardshrink", "jump"),
        ("1/x", "jump"),
        ("relu", "kink"),
        ("elu:alpha=0.7", "kink"),
        ("sqrt(abs(x))", "kink"),
        ("abs(3*x - 1)", "kink"),
        ("elu", "C1"),
        ("celu:alpha=0.7", "C1"),
        ("softsign", "C1"),
        ("symlog", "C1"),
        ("smelu", "C1"),
        ("sparse_plus", "C1"),
        ("relu_squared", "C1"),
        ("sqnl", "C1"),
        ("isrlu", "C2"),
        ("max(x, 0)**2.5", "C2"),
        ("max(x, 0)**3", "C2"),
        ("max(x, 0)**4", "C3"),
        ("max(x, 0)**5", "C4"),
        ("gelu", "smooth"),
        ("log_cosh", "smooth"),
        ("abs(x) + log1p(exp(-2*abs(x)))", "smooth"),
        ("abs(x)*x*0 + tanh(abs(x))**2", "smooth"),
    ],
)
def test_smoothness(text: str, wanted: str) -> None:
    assert of(text).smoothness == wanted


@pytest.mark.parametrize("text", ["((x)**(pi))**(x)", "where(x > 5e-324, x, 0)", "x**x**x"])
def test_smoothness_of_steps_too_small_to_divide_by(text: str) -> None:
    found = of(text)
    assert found.smoothness in ("jump", "kink", "C1", "smooth") or not found.proved


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tanh", "odd"),
        ("(1 - exp(-x))/(1 + exp(-x))", "odd"),
        ("1/x", "odd"),
        ("gaussian", "even"),
        ("log(cosh(x))", "even"),
        ("0*x", "even"),
        ("gelu", "none"),
        ("log(x)", "none"),
        ("x + where(x > 100, 1e-9*x, 0)", "none"),
    ],
)
def test_symmetry(text: str, wanted: str) -> None:
    assert of(text).symmetry == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sigmoid", 0.25),
        ("tanh", 1.0),
        ("softplus", 1.0),
        ("hardswish", 1.5),
        ("snake", 2.0),
        ("sin:omega=30", 30.0),
        ("gaussian", math.sqrt(2 / math.e)),
        ("selu", 1.7580993408473766),
        ("asinh", 1.0),
        ("3", 0.0),
        ("step", inf),
        ("gcu", inf),
        ("x**2", inf),
        ("sqrt(x)", inf),
        ("exp(x)", inf),
        ("x*log(1 + x**2)", inf),
    ],
)
def test_lipschitz(text: str, wanted: float) -> None:
    assert of(text).lipschitz == wanted or ulps_apart(of(text).lipschitz, wanted) <= 4


def test_flat_in_double_precision_is_not_flat() -> None:
    assert of("sigmoid").monotone == of("softplus").monotone == "strictly increasing"
    assert of("gaussian").zero_on == of("exp(x)").zero_on == []


def test_ends() -> None:
    assert of("gelu").left == of("x*norm_cdf(x)").left == Line(0.0, 0.0)
    assert of("tanhshrink").right == Line(1.0, -1.0)
    assert of("asinh").right is None
