"""The second derivative: against mpmath, and where there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from mpmath import mp, mpf

from actcli.activations.registry import catalogue
from actcli.find import find
from actcli.formula.expression import expression
from actcli.functions.derivatives.formula import SecondDerivative, derivative_formula
from actcli.functions.marks import bends
from tests.oracle import derivative_at, ulps

POINTS = [-31.0, -6.2, -2.9, -1.3, -0.6, -0.01, 1e-5, 0.45, 1.1, 1.9, 2.7, 5.3, 12.0, 37.0]


def second(text: str, *x: float) -> list[float]:
    found: list[float] = SecondDerivative.of(find(text))(np.array(x, np.float64)).tolist()
    return found


@pytest.mark.parametrize("text", [*catalogue(), "elu:alpha=0.3", "x*tanh(log1p(x**2))", "x**x"])
def test_it_is_within_8_ulp_of_the_exact_number(text: str) -> None:
    function = find(text)
    points = [x for x in POINTS if x > 0 or text != "x**x"]
    if derivative_formula(function, 2) == "0":
        assert second(text, *points) == [0] * len(points)
        return
    formula = expression(derivative_formula(function, 2) or "")
    for x, found in zip(points, second(text, *points), strict=True):
        with mp.workdps(400):
            step = mpf(10) ** -120
            above, below = (derivative_at(function, x + s * step, 400) for s in (1, -1))
            exact = (above - below) / (2 * step)
        if abs(exact) > mpf(10) ** -80:  # the difference resolves it
            assert ulps(found, exact) <= 8, x
            assert ulps(float(formula.value(x)), exact) <= 8, x


def test_there_is_none_at_a_kink_a_jump_and_where_it_jumps_itself() -> None:
    nan = pytest.approx(math.nan, nan_ok=True)
    assert second("relu", -1, 0, 1) == [0, nan, 0]
    assert second("hardswish", -3, 0, 3) == [nan, 1 / 3, nan]
    assert second("elu:alpha=0.5", 0, 1) == [nan, 0]
    assert second("elu", 0, -1) == [nan, pytest.approx(math.exp(-1))]
    assert second("step", 0, 2) == [nan, 0]
    assert second("floor(x)", 40, 41.5) == [nan, 0]
    assert second("1/x", 0, 2) == [nan, 0.25]
    assert second("x**2*abs(x)", 0, -1) == [0, 6]


def test_holes_are_filled() -> None:
    assert second("sinc", 0) == [pytest.approx(-1 / 3)]


def test_it_has_limits_at_the_ends() -> None:
    assert second("softplus", -math.inf, math.inf) == [0, 0]
    assert second("square", math.inf) == [2]


@pytest.mark.parametrize("name", ["relu", "step", "hardtanh", "softshrink"])
def test_bends_are_where_f_is_not_twice_differentiable(name: str) -> None:
    for x in bends(find(name), (-10.0, 10.0)):
        assert math.isnan(second(name, x)[0])
