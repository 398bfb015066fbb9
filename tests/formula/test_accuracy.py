"""Values and derivatives of formulas against the oracle, in ulp, over all doubles."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from mpmath import mpf

from actcli.formula.expression import expression
from actcli.formula.primitives import FUNCTIONS
from actcli.functions.marks import landmarks
from actcli.numeric.floats import LARGEST, bisect
from tests.oracle import exact, ulps

MIDDLE = np.array([0.1, 0.3, 0.7, 1.5, 2.0, 3.7, 6.0, 11.0, 19.5, 26.7, 37.3, 90.0, 400.0])
EDGES = np.array([700.0, 709.0, 709.9, 720.0, 744.0, 745.1, 746.0, 800.0])
FAR = 1.37 * 2.0 ** np.arange(-1074, 1024, 97)
POSITIVE = np.concatenate([FAR, MIDDLE, EDGES, [5e-324, 1e-310, 1.797e308]])
POINTS = np.concatenate([-POSITIVE[::-1], [0.0], POSITIVE]).tolist()

WELL_CONDITIONED = [
    "1/x",
    "x*x",
    "x**3",
    "x**4",
    "x**7",
    "x**-3",
    "x**2.5",
    "abs(x)**1.5",
    "abs(x)**-0.5",
    "2**x",
    "e**x",
    "x % 1.5",
    "max(x, 0)**2",
    "where(x > 0, x, expm1(x))",
    "gelu(x)*2",
    "leaky_relu(x, negative_slope=0.3)*x",
    "sqrt(x*x)",
    "log1p(x*x)",
    "(x*x)**0.25",
]
OVERFLOWING = [
    "1/(1 + exp(-x))",
    "exp(x)/(1 + exp(x))",
    "x/(1 + exp(-x))",
    "x*tanh(log1p(exp(x)))",
    "log(3 + exp(x))",
    "1/(1 + exp(-x))**2",
    "exp(x)*exp(x)/(1 + exp(x)*exp(x))",
    "sqrt(1 + x**4)",
    "1/cosh(x)**2",
    "x*x/(1 + x*x)",
    "exp(x/2)*norm_cdf(x)",
]
CANCELLING = [
    "x/(1 + abs(x))",
    "x/sqrt(1 + x*x)",
    "2*x/sqrt(4 + x**2)",
    "x*x/(1 + x*x)",
    "(1 - exp(-2*x))/(1 + exp(-2*x))",
    "(exp(x) - exp(-x))/(exp(x) + exp(-x))",
]
"""Their derivatives by the quotient rule as it stands keep no digit far out."""


@cache
def exactly(formula: str) -> list[tuple[mpf, mpf]]:
    """The value and the derivative at each point."""
    return [exact(expression(formula), x) for x in POINTS]


def errors(formula: str, part: int) -> Iterator[tuple[float, float, float]]:
    """(ulp, x, computed) of the value (0) or derivative (1) wherever the oracle knows a number."""
    f = expression(formula)
    kinks = landmarks(f)
    got_and_wanted = zip(
        f.value_and_derivative(POINTS)[part].tolist(), exactly(formula), strict=True
    )
    for x, (got, wanted) in zip(POINTS, got_and_wanted, strict=True):
        if x in kinks:
            continue
        if math.isnan(float(wanted[0])):
            assert math.isnan(f.value(x)), (formula, x)
        else:
            yield ulps(got, wanted[part]), x, got


@pytest.mark.parametrize("name", FUNCTIONS)
def test_primitives(name: str) -> None:
    assert max(errors(f"{name}(x)", 0))[0] <= 4
    assert max(errors(f"{name}(x)", 1))[0] <= 8


@pytest.mark.parametrize("formula", WELL_CONDITIONED + OVERFLOWING)
def test_values(formula: str) -> None:
    worst = max(errors(formula, 0))
    assert worst[0] <= 8, worst


@pytest.mark.parametrize("formula", WELL_CONDITIONED + OVERFLOWING + CANCELLING)
def test_derivatives(formula: str) -> None:
    worst = max(errors(formula, 1))
    assert worst[0] <= 16, worst


@pytest.mark.parametrize("formula", [f"{name}(x)" for name in FUNCTIONS] + OVERFLOWING)
def test_the_value_alone_is_the_value_of_the_pair(formula: str) -> None:
    f = expression(formula)
    np.testing.assert_array_equal(f.value(POINTS), f.value_and_derivative(POINTS)[0])


@pytest.mark.parametrize(
    ("formula", "x", "value", "derivative"),
    [
        ("1/(1 + exp(-x))", -800, 0.0, 0.0),
        ("1/(1 + exp(-x))", -745, 5e-324, 5e-324),
        ("x*tanh(log1p(exp(x)))", 800, 800, 1),
        ("exp(x)/(1 + exp(x))", 800, 1, 0),
        ("exp(x)/(1 + exp(x))", 1.7e308, 1, 0),
        ("1/x", 0, math.inf, -math.inf),
        ("sqrt(x)", 0, 0, math.inf),
        ("0**x", 0, 1, None),
        ("x**0", 0, 1, 0),
        ("x**1", 0, 0, 1),
        ("x**2", 0, 0, 0),
        ("(-2)**x", 3, -8, None),
        ("where(x > 0, log(x), 0)", -1, 0, 0),
        ("where(x > 0, 1/x, x)", 0, 0, 1),
    ],
)
def test_places_where_doubles_are_too_narrow(
    formula: str, x: float, value: float, derivative: float | None
) -> None:
    got = expression(formula).value_and_derivative(x)
    assert got[0] == value
    assert derivative is None or got[1] == derivative


@pytest.mark.parametrize("formula", ["1/(1 + exp(-x))", "exp(x)/(1 + exp(x))", "1 - sigmoid(-x)"])
def test_the_flip_of_a_derivative_at_1e_minus_300(formula: str) -> None:
    f = expression(formula)
    left = bisect(lambda x: bool(f.derivative(x) < 1e-300), -LARGEST, 0.0)
    right = bisect(lambda x: bool(f.derivative(x) < 1e-300), 0.0, LARGEST)
    assert left == pytest.approx(-690.7755278982137, rel=4e-16)
    assert right == pytest.approx(690.7755278982137, rel=4e-16)


@pytest.mark.parametrize(
    ("formula", "x", "derivative"),
    [
        ("abs(x)", 0, 0),
        ("sqrt(x*x)", 0, 0),
        ("max(x, 0)", 0, 0),
        ("max(0, x)", 0, 0),
        ("min(max(x, 0), 6)", 6, 0),
        ("max(x, -x)", 0, 0),
        ("max(x, 3*x)", 0, 2),
        ("min(x, 3*x)", -1, 3),
        ("max(x, 3*x)", -1, 1),
        ("where(x > 0, x, 0.1*x)", 0, 0.1),
        ("where(x >= 0, x, 0.1*x)", 0, 1),
        ("x*(x > 0)", 0, 0),
        ("sign(x)", 0, 0),
        ("floor(x)", 1, 0),
    ],
)
def test_the_derivative_at_a_kink(formula: str, x: float, derivative: float) -> None:
    assert expression(formula).derivative(x) == derivative


@pytest.mark.parametrize(
    ("formula", "left", "right"),
    [
        ("x", (-math.inf, 1), (math.inf, 1)),
        ("1/(1 + exp(-x))", (0, 0), (1, 0)),
        ("x/(1 + exp(-x))", (0, 0), (math.inf, 1)),
        ("x*exp(-x*x)", (0, 0), (0, 0)),
        ("x/(1 + abs(x))", (-1, 0), (1, 0)),
        ("x - log1p(abs(x))", (-math.inf, 1), (math.inf, 1)),
        ("x*x - x", (math.inf, -math.inf), (math.inf, math.inf)),
        ("log(x)", (math.nan, math.nan), (math.inf, 0)),
        ("sin(x)", (math.nan, math.nan), (math.nan, math.nan)),
        ("sin(x)/x", (0, 0), (0, 0)),
        ("5", (5, 0), (5, 0)),
    ],
)
def test_limits(formula: str, left: tuple[float, float], right: tuple[float, float]) -> None:
    value, derivative = expression(formula).value_and_derivative([-math.inf, math.inf])
    np.testing.assert_array_equal(value, [left[0], right[0]])
    np.testing.assert_array_equal(derivative, [left[1], right[1]])


@pytest.mark.parametrize("formula", ["x", "5", "max(x, 0)", "where(x > 0, 1, 0)", "gelu(x)"])
def test_nan_stays_nan_and_the_argument_is_left_alone(formula: str) -> None:
    x = np.array([[math.nan, 1.0, -2.0]])
    before = x.copy()
    value, derivative = expression(formula).value_and_derivative(x)
    assert value.shape == derivative.shape == x.shape
    assert np.isnan(value[0, 0])
    assert np.isnan(derivative[0, 0])
    assert not np.shares_memory(value, x)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    "formula", ["0*min(2*x, 1)", "(0)*silu(x*2)", "0*square(x)", "(1 - 1)*exponential(abs(x))"]
)
def test_nothing_times_what_overflows_is_nothing(formula: str) -> None:
    f = expression(formula)
    assert [part.tolist() for part in f.value_and_derivative([-1e308, 1e308])] == [[0, 0], [0, 0]]


def test_nothing_times_what_is_undefined_is_undefined() -> None:
    assert np.isnan(expression("0*log(x)").value([-1.0])).all()
