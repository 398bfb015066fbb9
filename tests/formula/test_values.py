"""Values of formulas: the promise in ulp against mpmath, the error bound against balls."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from actcli.formula.expression import expression
from actcli.formula.values import estimated_functions
from actcli.formula.values.balls import BallArithmetic
from actcli.formula.values.duals import Dual
from actcli.formula.values.estimates import FIRST_ORDER, UNIT, Estimate
from actcli.formula.values.evaluation import EstimatedDuals
from actcli.formula.values.refinement import exact, refined
from actcli.numeric.arrays import Array
from tests.exact_duals import ALGEBRA
from tests.formula.test_random_formulas import formulas, parsed
from tests.oracle import exact as exact_pair
from tests.oracle import ulps

FORMULAS = (Path(__file__).parent / "formulas.txt").read_text().splitlines()
"""Forms that defeat sampling, functions as papers write them, polynomials, staircases, towers."""

DIGITS = 700
BINADES = 1.37 * 2.0 ** np.arange(-200, 200, 57)
NEAR = np.array([0.11, 0.49, 0.93, 1.7, 2.6, 3.31, 5.2, 8.3, 14.6, 31.7])
POINTS = np.concatenate([-BINADES, -NEAR, NEAR, BINADES])


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_keep_the_promise(formula: str) -> None:
    f = expression(formula)
    got = f.value_and_derivative(POINTS)
    for x, *pair in zip(POINTS.tolist(), *(part.tolist() for part in got), strict=True):
        with mp.workdps(DIGITS):
            wanted = f.program.walk(ALGEBRA, (mpf(x), mpf(1)), {})
        if all(isinstance(part, mpf) and mp.isfinite(part) for part in wanted):
            assert ulps(pair[0], wanted[0]) <= 4, x
            assert ulps(pair[1], wanted[1]) <= 8, x


@settings(max_examples=150, deadline=None, derandomize=True)
@given(formulas, st.lists(st.floats(-30, 30), min_size=1, max_size=8))
def test_the_bound_holds(text: str, points: list[float]) -> None:
    program = parsed(text).program
    x = np.array(points)
    with np.errstate(all="ignore"):
        dual = program.walk(EstimatedDuals(estimated_functions), Dual(Estimate(x), 1.0))
    balls = refined(program, exact(x), rates=True)
    for part, wanted in (dual.value, balls.value), (dual.rate_or_zero, balls.rate):
        if isinstance(part, Estimate):
            assert not violations(part, wanted)


def violations(estimate: Estimate, balls: Any) -> list[float]:
    value, error, truth = np.broadcast_arrays(estimate.value, estimate.error, balls)
    return [
        float(v)
        for v, e, t in zip(value, error, truth, strict=True)
        if e < FIRST_ORDER and not math.isnan(v) and arb(t).is_finite() and is_outside(v, e, arb(t))
    ]


def is_outside(value: float, units: float, truth: arb) -> bool:
    allowed = (units * (1 + 1e-6) * UNIT + 2.0**-58) * abs(truth)
    return bool(abs(arb(value) - truth) > allowed + arb(2) ** -1074)


KERNELS = {
    name: getattr(estimated_functions, name)
    for name, kernel in vars(BallArithmetic).items()
    if isinstance(kernel, np.ufunc)
} | {name: getattr(estimated_functions, name) for name in ("sqrt", "log", "log1p")}
KERNELS.pop("maximum")
KERNELS.pop("minimum")
SPREAD: Array = np.concatenate([np.linspace(-37, 37, 1500), 1.01 ** np.arange(-2500.0, 400)])


@pytest.mark.parametrize("name", KERNELS)
def test_the_kernels_are_no_worse_than_the_bound_says(name: str) -> None:
    x = SPREAD[SPREAD > 0] if name in ("sqrt", "log", "log1p") else SPREAD
    with np.errstate(all="ignore"):
        estimate = KERNELS[name](Estimate(x))
    with ctx.workprec(300):
        truth = getattr(BallArithmetic(), name)(exact(x))
    assert not violations(estimate, truth)


@pytest.mark.parametrize("name", KERNELS)
def test_what_is_said_not_to_be_below_0_is_not(name: str) -> None:
    """A sum of such numbers is taken to cancel nowhere."""
    for x, positive in ((SPREAD[SPREAD > 0], True), (SPREAD, False)):
        with np.errstate(all="ignore"):
            found = KERNELS[name](Estimate(x, 0.0, positive))
        assert not (found.positive and np.any(found.value < 0))


@pytest.mark.parametrize("offset", [0.0, 1e-8, 1e-5])
@pytest.mark.parametrize(
    ("formula", "x"),
    [
        ("sin(x*x) + 1", math.sqrt(1.5 * math.pi)),
        ("tan(x*x) + 1", math.sqrt(0.75 * math.pi)),
        ("1 + sin(exp(x))", math.log(1.5 * math.pi)),
        ("sin(abs(x))*2 + sqrt(2)", 1.25 * math.pi),
        ("sin(sqrt(x)) + 1", (1.5 * math.pi) ** 2),
    ],
)
def test_waves_of_positive_numbers_cancel_too(formula: str, x: float, offset: float) -> None:
    activation = expression(formula)
    value, slope = activation.value_and_derivative(x + offset)
    true_value, true_slope = exact_pair(activation, x + offset)
    assert ulps(float(value), true_value) <= 4
    assert ulps(float(slope), true_slope) <= 8


@pytest.mark.parametrize(
    ("formula", "x", "value", "derivative"),
    [
        ("sign(x)*log1p(abs(x))", 0, 0, 1),
        ("log1p(exp(-abs(x))) + relu(x)", 0, math.log(2), 0.5),
        ("relu(x) - relu(-x)", 0, 0, 1),
        ("sign(x)*sqrt(abs(x))", 0, 0, math.inf),
        ("x*tanh(log(1+exp(x)))", -40, -1.6993417021166355e-16, -1.6568581595637197e-16),
        ("tanh(x)/x", 0, 1, 0),
        ("(1-exp(-x))/x", 0, 1, -0.5),
        ("(exp(x)-e)/(x-1)", 1, math.e, math.e / 2),
        ("x*log(x)", 0, 0, -math.inf),
        ("max(1.5, sqrt(pi - pi)) - 1.5", 1, 0, 0),
        ("x + sqrt(exp(2) - exp(2))", 1e-300, 1e-300, 1),
        ("0*silu(2*x)", 1e308, 0, 0),
        ("x/(1+exp(-2*sqrt(2/pi)*(x+0.044715*x**3)))", -1e308, 0, 0),
        ("x*(atan(x)/pi + 0.5)", -1e300, -1 / math.pi, 0),
        ("where(x == 0, 0, tanh(x))", 0, 0, 1),
        ("relu(x) - relu(x - 6)", 1e17, 6, 0),
        ("max(x, 0)", 0, 0, 0),
        ("1/x", 0, math.inf, -math.inf),
        ("sin(1/x)", 0, math.nan, math.nan),
        ("log(x)", -1, math.nan, math.nan),
        ("x % 0", 3, math.nan, math.nan),
        ("exp(x)", math.inf, math.inf, math.inf),
        ("atan(x) + x", -math.inf, -math.inf, 1),
    ],
)
def test_single_places(formula: str, x: float, value: float, derivative: float) -> None:
    np.testing.assert_array_equal(expression(formula).value_and_derivative(x), (value, derivative))
