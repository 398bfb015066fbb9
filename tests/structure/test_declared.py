"""Kinks and lines of formulas, and those that the functions of the catalogue are known to have."""

from __future__ import annotations

from math import atan, atanh, inf, isclose, log, pi, sin, sqrt

import pytest

from actcli.activations.base import Line
from actcli.activations.registry import Named
from actcli.formula.expression import expression
from actcli.functions.marks import landmarks
from actcli.numeric.floats import ulps_apart
from actcli.structure.structure import Structure
from tests.activations.known import is_endless, kinks, line_at
from tests.activations.test_accuracy import variants
from tests.formula.written_out import written_out

KINKS = {
    "x": (),
    "3": (),
    "abs(x)": (0,),
    "sqrt(x*x)": (0,),
    "max(x, 0)": (0,),
    "max(x, 0)**2": (),
    "min(max(x, 0), 6)": (0, 6),
    "x*min(max(x + 3, 0), 6)/6": (-3, 3),
    "where(x > 0, x, expm1(x))": (),
    "where(x > 0, x, 0.5*expm1(x))": (0,),
    "where(x > 1.3, x, 1.3)": (1.3,),
    "where(x > 1e-200, 1, 0)": (1e-200,),
    "where(x > 1e200, 1, 0)": (1e200,),
    "where(x == 2, 5, x)": (2,),
    "where(x == 0, 1, sin(x)/x)": (),
    "(x > -1)*(x < 1)": (-1, 1),
    "1 if -1 < x < 1 else 0": (-1, 1),
    "x*(x > 0)": (0,),
    "abs(x - 0.1) + abs(x + 0.7)": (-0.7, 0.1),
    "sign(x)*sqrt(abs(x))": (0,),
    "x/(1 + abs(x))": (),
    "x*abs(x)": (),
    "sign(x)*log1p(abs(x))": (),
    "1/x": (0,),
    "1/(x - 0.3)": (0.3,),
    "log(x)": (0,),
    "log1p(x)": (-1,),
    "log(abs(x))": (0,),
    "x**2.5": (0,),
    "abs(x)**2.5": (),
    "abs(x)**0.5": (0,),
    "relu(x - 0.5)": (0.5,),
    "hardtanh(x - 0.5) + x": (-0.5, 1.5),
    "step(x + 1)": (-1,),
    "floor(min(max(x, 0), 2.5))": (1, 2),
    "tanh(abs(x))*0": (),
    "where(x > 3, tanh(x), tanh(x))": (),
    "min(0.02, max(x, 0.01))": (0.01, 0.02),
}

ENDS = {
    "x": (Line(1), Line(1)),
    "3": (Line(0, 3), Line(0, 3)),
    "abs(x)": (Line(-1), Line(1)),
    "1/(1 + exp(-x))": (Line(0), Line(0, 1)),
    "1/(1 + exp(-x)) - 0.5": (Line(0, -0.5), Line(0, 0.5)),
    "exp(x)/(1 + exp(x))": (Line(0), Line(0, 1)),
    "x*tanh(log1p(exp(x)))": (Line(0), Line(1)),
    "x/(1 + abs(x))": (Line(0, -1), Line(0, 1)),
    "sqrt(x*x + 1)": (Line(-1), Line(1)),
    "(x + sqrt(x*x + 4))/2": (Line(0), Line(1)),
    "x + 1/x": (Line(1), Line(1)),
    "x + 0.7 + 3/(1 + abs(x))": (Line(1, 0.7), Line(1, 0.7)),
    "x + 1/sqrt(1 + abs(x))": (Line(1), Line(1)),
    "log(1 + exp(x))": (Line(0), Line(1)),
    "log(1 + exp(x)) + 0.1": (Line(0, 0.1), Line(1, 0.1)),
    "0.1*x + 0.2": (Line(0.1, 0.2), Line(0.1, 0.2)),
    "where(x > 0, x, 0.01*x)": (Line(0.01), Line(1)),
    "atan(x)": (Line(0, -atan(inf)), Line(0, atan(inf))),
    "sin(tanh(x))": (Line(0, -sin(1)), Line(0, sin(1))),
    "sin(x)**2 + cos(x)**2": (Line(0, 1), Line(0, 1)),
    "cosh(x)**2 - sinh(x)**2": (Line(0, 1), Line(0, 1)),
    "exp(x)": (Line(0), None),
    "x*x": (None, None),
    "log1p(abs(x))": (None, None),
    "asinh(x)": (None, None),
    "sqrt(abs(x))": (None, None),
    "log(1 + log1p(abs(x)))": (None, None),
    "x + log1p(abs(x))": (None, None),
    "x + sqrt(abs(x))": (None, None),
    "log(x)": (None, None),
    "sin(x)": (None, None),
    "x + sin(x)": (None, None),
    "x - floor(x)": (None, None),
    "sin(x)/x": (Line(0), Line(0)),
    "x + sin(x)/(1 + x*x)": (Line(1), Line(1)),
    "where(abs(x) < 3, sin(x), 0)": (Line(0), Line(0)),
}


def lines(formula: str) -> tuple[Line | None, Line | None]:
    return Structure(expression(formula)).lines


@pytest.mark.parametrize("formula", KINKS)
def test_kinks(formula: str) -> None:
    assert landmarks(expression(formula)) == KINKS[formula]


@pytest.mark.parametrize(
    ("formula", "places"),
    [
        ("floor(tanh(x)*1.5)", [-atanh(2 / 3), 0.0, atanh(2 / 3)]),
        ("max(x*x, 2)", [-sqrt(2), sqrt(2)]),
        ("floor(x)", [float(n) for n in range(-10, 11)]),
        ("x % 40", [-40.0, 0.0, 40.0]),
        ("abs(sin(x))", [n * pi for n in range(-1, 2)]),
        ("tan(x)", [(n + 0.5) * pi for n in range(-1, 1)]),
    ],
)
def test_kinks_at_computed_places_and_in_the_window_of_endless_functions(
    formula: str, places: list[float]
) -> None:
    assert list(landmarks(expression(formula))) == pytest.approx(places, rel=1e-15)


@pytest.mark.parametrize("formula", ENDS)
def test_the_lines_approached(formula: str) -> None:
    assert lines(formula) == ENDS[formula]


def test_an_intercept_that_is_no_written_number() -> None:
    assert lines("log(cosh(x))")[1] == Line(1.0, -log(2))


@pytest.mark.parametrize("activation", list(variants()), ids=str)
def test_what_is_known_of_the_catalogue_is_found_in_its_formulas(activation: Named) -> None:
    found = written_out(activation)
    if not is_endless(activation):
        for ours, theirs in zip(landmarks(found), kinks(activation), strict=True):
            assert ulps_apart(ours, theirs) <= 1
    for line, end in zip(Structure(found).lines, (-inf, inf), strict=True):
        assert close(line, line_at(activation, end))


def close(a: Line | None, b: Line | None) -> bool:
    if a is None or b is None:
        return a is b
    return a.slope == b.slope and isclose(a.intercept, b.intercept, rel_tol=1e-14)
