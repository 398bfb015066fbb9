"""Derivatives as formulas: against the oracle, the kernels, sympy, and the textbook."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import sympy
from hypothesis import assume, example, given
from hypothesis import strategies as st
from mpmath import mp

from actcli.activations.registry import Named, catalogue
from actcli.errors import UsageError
from actcli.formula.by_formula import program_of
from actcli.formula.expression import expression
from actcli.formula.symbolic.derivative import NoFormulaError, derivative
from actcli.functions.marks import bends
from tests.activations.known import kinks
from tests.functions.facts.known_facts import variants
from tests.oracle import exact, ulps
from tests.soundness.random_formulas import random_formula

inf = math.inf

POINTS = [-700.0, -90.0, -12.5, -5.75, -3.0, -1.7, -0.9, -0.25, -1e-9, 1e-300, 1e-4, 0.3, 0.71]
POINTS += [1.0, 1.19, 2.4, 3.7, 6.5, 18.2, 40.0, 745.3, 1e5]

TEXTBOOK = {
    "1/(1 + exp(-x))": "sigmoid(x)*(1 - sigmoid(x))",
    "exp(x)/(1 + exp(x))": "sigmoid(x)*(1 - sigmoid(x))",
    "tanh(x)": "1 - tanh(x)**2",
    "max(x, 0)": "where(x > 0, 1, 0)",
    "min(max(x, 0), 6)": "where(0 < x < 6, 1, 0)",
    "max(0, x)**2": "2*max(0, x)",
    "x/(1 + abs(x))": "1/(1 + abs(x))**2",
    "x/sqrt(1 + x**2)": "1/(1 + x**2)**1.5",
    "x*sigmoid(x)": "sigmoid(x) + x*sigmoid(x)*(1 - sigmoid(x))",
    "x*norm_cdf(x)": "norm_cdf(x) + x*exp(-x**2/2)/sqrt(2*pi)",
    "log(cosh(x))": "tanh(x)",
    "log(x)": "1/x",
    "log((1 + exp(x))/(1 + exp(x - 1)))": "sigmoid(x) - sigmoid(x - 1)",
    "log(x*exp(x))": "1/x + 1",
    "log(x**x)": "log(x) + 1",
    "log(x/(1 + x))": "1/(x*(1 + x))",
    "x*log(x*x)": "log(x**2) + 2",
    "log(sigmoid(x))": "1 - sigmoid(x)",
    "softplus(x) - softplus(x - 1)": "sigmoid(x) - sigmoid(x - 1)",
    "x*abs(x)": "2*abs(x)",
    "(x + sqrt(x**2))/2": "(1 + sign(x))/2",
    "where(x > 0, x, 0.01*x)": "where(x > 0, 1, 0.01)",
    "where(x > 0, x, expm1(x))": "where(x > 0, 1, exp(x))",
    "x**3 - 3*x": "3*x**2 - 3",
    "2**x": "2**x*log(2)",
    "x**2.5": "2.5*x**1.5",
    "x**(1/3)": "1/(3*x**(2/3))",
    "cbrt(x)": "1/(3*abs(x)**(2/3))",
    "cbrt(x)**2": "2*sign(x)/(3*abs(x)**(1/3))",
    "cbrt(x)**4": "4*sign(x)*abs(x)**(1/3)/3",
    "cbrt(2*x)": "2/(3*abs(2*x)**(2/3))",
    "sign(x)*sqrt(abs(x))": "1/(2*sqrt(abs(x)))",
    "x*sign(x)**2": "sign(x)**2",
    "-x": "-1",
    "3": "0",
    "elu(x, alpha=2)": "where(x > 0, 1, 2*exp(x))",
    "gelu(2*x)": "2*(norm_cdf(2*x) + 2*x*exp(-2*x**2)/sqrt(2*pi))",
    "0.5*x + x % 2": "1.5",
    "x*(24*x % 5)": "((24*x) % 5) + 24*x",
    "max(x, x**2)": "where(x > x**2, 1, where(x < x**2, 2*x, (1 + 2*x)/2))",
    "x*sigmoid(0) + x**2*norm_cdf(0)": "0.5 + x",
    "x*(exp(0) + sin(0) + erfc(0)) + atan(0*x)": "2",
}


def of(text: str) -> str:
    return derivative(expression(text).program, {})


def of_named(activation: Named) -> str:
    return derivative(program_of(type(activation)), activation.params)


@pytest.mark.parametrize(("formula", "expected"), TEXTBOOK.items())
def test_it_is_what_a_textbook_prints(formula: str, expected: str) -> None:
    assert of(formula) == expected


@pytest.mark.parametrize("activation", [*variants()], ids=str)
def test_its_text_is_a_formula_whose_values_are_the_exact_derivative(activation: Named) -> None:
    found = expression(of_named(activation))
    for x, value in zip(POINTS, found.value(POINTS).tolist(), strict=True):
        if x not in kinks(activation):
            assert ulps(value, exact(activation, x)[1]) <= 4, (found.text, x)


@pytest.mark.parametrize("activation", [*variants()], ids=str)
def test_it_is_what_the_kernel_computes(activation: Named) -> None:
    """At a kink too, or between the slopes of its sides: both are conventions there."""
    grid = np.linspace(-8, 8, 161)
    places = np.array(bends(activation, (-20.0, 20.0)))
    x = np.setdiff1d(grid[np.abs(activation.derivative(grid)) > 1e-3], places)
    found = expression(of_named(activation))
    np.testing.assert_allclose(found.value(x), activation.derivative(x), rtol=1e-12)
    sides = activation.derivative(np.stack([np.nextafter(places, side) for side in (-inf, inf)]))
    at = found.value(places)
    assert np.all((at >= sides.min(axis=0) - 1e-9) & (at <= sides.max(axis=0) + 1e-9))


@pytest.mark.parametrize(
    "name", ["relu", "relu6", "leaky_relu", "hardtanh", "hardsigmoid", "hardswish", "elu", "abs"]
)
def test_at_the_kinks_of_pytorch_it_follows_pytorch(name: str) -> None:
    activation = catalogue()[name]()
    places = np.array(bends(activation, (-20.0, 20.0)))
    assert places.size
    np.testing.assert_array_equal(
        expression(of_named(activation)).value(places), activation.derivative(places)
    )


@pytest.mark.parametrize(
    "formula",
    [
        *("x*tanh(log(1 + exp(x)))", "x**3*exp(-x**2/2)", "sin(3*x)/(2 + cos(x))", "atan(x)/x"),
        *("asinh(x)**2*x", "x**x", "(x**2 + 1)**(x/3)", "sqrt(1 + sqrt(x))", "erf(x)*erfc(x/2)"),
        *("log((2 + sin(x))/(1 + x*x))", "x*log((1 + exp(x))/(3 + cos(x)))", "log((1 + x*x)**x)"),
        *("tan(x/5)/cosh(x)", "exp(exp(-x))*sinh(x)", "log1p(x)/(x**2 + x + 1)**3"),
    ],
)
def test_sympy_has_the_same_first_and_second_derivative(formula: str) -> None:
    x = sympy.Symbol("x")
    names = {"log1p": lambda u: sympy.log(1 + u)}
    theirs, text = sympy.sympify(formula, {"x": x, **names}), formula
    for _ in range(2):
        theirs, text = sympy.diff(theirs, x), of(text)
        for at in (0.37, 1.9, 4.25):
            wanted = theirs.evalf(30, {x: sympy.Rational(at)})
            assert math.isclose(expression(text).value(at), wanted, rel_tol=1e-14), text


@pytest.mark.parametrize(
    "formula",
    [
        "x" + "*x" * 150,
        "+".join(["sin(x)"] * 150),
        "tanh(" * 90 + "x" + ")" * 90,
        "max(" * 60 + "x" + "".join(f", {n}*x*x)" for n in range(60)),
        "gelu(" * 40 + "x" + ")" * 40,
    ],
    ids=["power", "sum", "tanh", "max", "gelu"],
)
def test_a_long_formula_has_one_that_is_right_or_none(formula: str) -> None:
    try:
        found = expression(of(formula)).value(0.9)
    except NoFormulaError:
        return
    assert math.isclose(found, expression(formula).derivative(0.9), rel_tol=1e-12)


def test_numbers_are_not_rounded() -> None:
    """3*0.1 is no double: it is left a product; 2*0.1 is one."""
    assert of("0.1*x**3") == "3*0.1*x**2"
    assert of("0.1*x**2") == "0.2*x"
    assert of("x*(262900000**2 + 1)") == "6.911641e+16 + 1"
    assert of("x**9007199254740993") == of("x**9007199254740992")


@given(st.integers(0, 10**9), st.floats(-6, 6))
@example(240, 1.5)
@example(1463, -2.72)
def test_random_formulas(seed: int, x: float) -> None:
    formula = random_formula(seed)
    try:
        found = float(expression(of(formula)).value(x))
    except (NoFormulaError, UsageError):
        assume(False)
    value, wanted = exact(expression(formula), x)
    kernel = float(expression(formula).derivative(x))
    if mp.isfinite(value) and mp.isfinite(wanted) and ulps(kernel, wanted) <= 8:
        assert math.isnan(found) or ulps(found, wanted) <= 4, (formula, of(formula))


ZERO_BASES: dict[str, Callable[[float], float]] = {
    "sqrt(relu(x))": lambda x: 0.5 * x**-0.5,
    "relu(x)**(1/3)": lambda x: x ** (-2 / 3) / 3,
    "sqrt(where(x > 0, x, 0))": lambda x: 0.5 * x**-0.5,
    "sqrt(relu(x))**3": lambda x: 1.5 * x**0.5,
    "relu(x)**0.5*sin(x)": lambda x: math.sin(x) / (2 * x**0.5) + x**0.5 * math.cos(x),
    "(x - x)**0.5": lambda x: 0.0,
    "sqrt(max(3*x, 0))": lambda x: 1.5 * (3 * x) ** -0.5,
}
"""What is the root of 0 on one side at least, and its slope where x > 0."""


@pytest.mark.parametrize(("formula", "slope"), ZERO_BASES.items())
def test_where_the_base_of_a_power_is_0_throughout_the_slope_is_0(
    formula: str, slope: Callable[[float], float]
) -> None:
    x = np.array([-100.0, -1.0, -1e-9, 0.25, 3.0])
    expected = [0.0, 0.0, 0.0, slope(0.25), slope(3.0)]
    whole = expression(formula)
    np.testing.assert_allclose(whole.derivative(x), expected, rtol=1e-14)
    np.testing.assert_allclose(expression(of(formula)).value(x), expected, rtol=1e-14)
