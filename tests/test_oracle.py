"""The oracle itself: its derivatives against differences, its digits, its units."""

from __future__ import annotations

import math

import pytest
from mpmath import mp, mpf

from actcli.formula.expression import expression
from actcli.formula.primitives import FUNCTIONS
from tests.oracle import by_mpfr, by_mpmath, exact, exact_derivative, exact_value, ulps

OPERATORS = [
    "x + 1/x",
    "x*x - 3*x",
    "(x + 1)/(x*x + 2)",
    "x % 0.75",
    "abs(x)**2.5",
    "x**3",
    "2**x",
    "(x*x)**x",
    "where(x > 0, x*x, -x)",
    "max(x, x*x)",
    "min(x, x*x)",
    "leaky_relu(x, negative_slope=0.25)*x",
]


@pytest.mark.parametrize("formula", [f"{name}(x)" for name in FUNCTIONS] + OPERATORS)
@pytest.mark.parametrize("x", [-2.3, -0.3125, 0.4, 1.7, 6.1])
def test_the_derivative_is_the_limit_of_differences(formula: str, x: float) -> None:
    f = expression(formula)
    value, derivative = exact(f, x)
    if mp.isnan(value):
        pytest.skip("outside the domain")
    h = 2.0**-26 * abs(x)
    slope = (exact_value(f, x + h) - exact_value(f, x - h)) / (mpf(x + h) - mpf(x - h))
    assert abs(slope - derivative) <= 1e-11 * (1 + abs(derivative)) * 100


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_value_is_mpmaths(name: str) -> None:
    theirs = {
        "abs": abs,
        "norm_cdf": mp.ncdf,
        "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
        "softplus": lambda x: mp.log(1 + mp.exp(x)),
    }.get(name) or getattr(mp, name)
    f = expression(f"{name}(x)")
    for x in (0.03125, 0.7, 3.5, 20.0):
        with mp.workdps(50):
            assert abs(exact_value(f, x) - theirs(mpf(x))) <= mpf(10) ** -40 * abs(theirs(mpf(x)))


@pytest.mark.parametrize("formula", [f"{name}(x)" for name in FUNCTIONS] + OPERATORS)
def test_both_libraries_say_the_same(formula: str) -> None:
    program = expression(formula).program
    for x in (0.0078125, 0.3, 1.7, 6.1, 11.3, 25.0, 48.0, 900.0):
        theirs = by_mpmath(program, x, {}, 60)
        ours = by_mpfr(program, x, {}, 60)
        for one, other in zip(ours, theirs, strict=True):
            with mp.workdps(70):
                assert abs(one - other) <= mpf(10) ** -55 * abs(other), (formula, x)


@pytest.mark.parametrize("u", [19.5, 20.5, 42.0])
@pytest.mark.parametrize("digits", [60, 1000])
def test_erfc_is_what_the_integral_of_its_derivative_lacks(u: float, digits: int) -> None:
    """By the series of erf, all of whose terms are positive (DLMF 7.6.2)."""
    program = expression("erfc(x)").program
    found = [by(program, u, {}, digits)[0] for by in (by_mpfr, by_mpmath)]
    with mp.workdps(digits + 10 + int(u * u / 2)):
        term = total = mpf(u)
        n = 0
        while term > total * mp.eps:
            n += 1
            term *= 2 * mpf(u) ** 2 / (2 * n + 1)
            total += term
        wanted = 1 - 2 / mp.sqrt(mp.pi) * mp.exp(-(mpf(u) ** 2)) * total
        for one in found:
            assert abs(one - wanted) <= mpf(10) ** (5 - digits) * wanted


@pytest.mark.parametrize("u", [-1.7e308, -1e300, -1e20, 3e15, 1e18, 1e300, 1.7e308])
def test_exp_far_out_is_mpmaths(u: float) -> None:
    value, _ = by_mpmath(expression("exp(x)").program, u, {}, 400)
    with mp.workdps(410):
        assert abs(value / mp.exp(mpf(u)) - 1) <= mpf(10) ** -395


def test_cancellation_far_out_is_resolved() -> None:
    """Two equal wrong answers at 45 and 90 digits are what a naive check sees here."""
    _, derivative = exact(expression("x/(1 + x)"), 1e92)
    assert abs(derivative * mpf(1e92) ** 2 - 1) < 1e-15


def test_what_vanishes_below_one_is_resolved() -> None:
    value = exact_value(expression("1 - tanh(x)"), 300.0)
    assert abs(value / (2 * mp.exp(-600)) - 1) < 1e-15


@pytest.mark.parametrize(
    "formula",
    ["exp(exp(x))", "exp(-exp(x))", "sin(x)", "tanh(x)*cosh(x)", "(1 + x)**exp(-x) + exp(x) % 3"],
)
@pytest.mark.parametrize("x", [-1.7e308, -1e300, 1e300, 1.7e308])
def test_huge_arguments_do_not_hang(formula: str, x: float) -> None:
    value, _ = exact(expression(formula), x)
    assert not mp.isnan(value)


def test_a_sine_that_would_take_all_memory_is_unknown() -> None:
    assert mp.isnan(exact_value(expression("sin(exp(x))"), 1e300))


def test_units_in_the_last_place() -> None:
    assert ulps(1.0, mpf(1)) == 0
    assert ulps(math.nextafter(1.0, 2.0), mpf(1)) == 1
    assert ulps(0.0, mpf(10) ** -400) < 1e-60
    assert ulps(1e-323, mpf(5e-324)) == 1
    assert ulps(math.inf, mpf(10) ** 400) == 0
    assert ulps(1.7e308, mpf(10) ** 400) == math.inf
    assert ulps(math.inf, mpf(1)) == math.inf
    assert ulps(math.nan, mpf(1)) == math.inf
    assert ulps(math.nan, mp.nan) == 0


def test_infinite_points_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        exact_derivative(expression("x"), math.inf)
