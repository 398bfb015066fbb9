"""Kinks, roots and fixed points against closed forms."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import pytest

from actcli.functions.facts import Interval
from actcli.numeric.floats import ulps_apart
from tests.functions.facts.known_facts import of

inf = math.inf


@pytest.mark.parametrize(
    ("text", "x", "values", "slopes", "convention"),
    [
        ("relu", 0.0, (0, 0), (0, 1), 0),
        ("max(x, 0)", 0.0, (0, 0), (0, 1), 0),
        ("leaky_relu", 0.0, (0, 0), (0.01, 1), 0.01),
        ("hardswish", -3.0, (0, 0), (0, -0.5), 0),
        ("hardswish", 3.0, (3, 3), (1.5, 1), 1),
        ("relu6", 6.0, (6, 6), (1, 0), 0),
        ("hardtanh", 1.0, (1, 1), (1, 0), 0),
        ("step", 0.0, (0, 1), (0, 0), 0),
        ("hardshrink", 0.5, (0, 0.5), (0, 1), 0),
        ("selu", 0.0, (0, 0), (1.7580993408473766, 1.0507009873554805), 1.7580993408473766),
        ("1/x", 0.0, (-inf, inf), (-inf, -inf), -inf),
        ("abs(3*x - 1)", 1 / 3, (0, 0), (-3, 3), -3),
        ("sqrt(abs(x - 2))", 2.0, (0, 0), (-inf, inf), None),
        ("log(abs(x - 1))", 1.0, (-inf, -inf), (-inf, inf), None),
        ("where(x > 2, x**2, exp(x - 2))", 2.0, (1, 4), (1, 4), 1),
    ],
)
def test_kinks_have_exact_sides(
    text: str, x: float, values: tuple[float, float], slopes: tuple[float, float], convention: Any
) -> None:
    (kink,) = [kink for kink in of(text).kinks if ulps_apart(kink.x, x) <= 1]
    assert (kink.value_left, kink.value_right) == values
    assert (kink.derivative_left, kink.derivative_right) == slopes
    assert convention is None or kink.derivative == convention


@pytest.mark.parametrize(
    ("text", "roots", "zero_on"),
    [
        ("gelu", [0.0], []),
        ("softplus", [], []),
        ("relu", [], [(-inf, 0.0)]),
        ("hardswish", [0.0], [(-inf, -3.0)]),
        ("hardshrink", [], [(-0.5, 0.5)]),
        ("triangle", [], [(-inf, -1.0), (1.0, inf)]),
        ("x**3", [0.0], []),
        ("(x - 0.3)**2", [0.3], []),
        ("x**2 - 2", [-math.sqrt(2), math.sqrt(2)], []),
        ("abs(3*x - 1)", [1 / 3], []),
        ("sign(x)", [0.0], []),
        ("1/x", [], []),
        ("tan(x)", [0.0], []),
        ("ricker", [-1.0, 1.0], []),
        ("x**2.5", [0.0], []),
        ("sqrt(x)", [0.0], []),
        ("0*x", [], [(-inf, inf)]),
    ],
)
def test_roots(text: str, roots: list[float], zero_on: list[tuple[float, float]]) -> None:
    found = of(text)
    assert len(found.roots) == len(roots)
    for got, wanted in zip(found.roots, roots, strict=True):
        assert ulps_apart(got, wanted) <= 1
    assert list(found.zero_on) == [Interval(*one) for one in zero_on]


@pytest.mark.parametrize(
    ("text", "points", "fixed_on"),
    [
        ("sigmoid", [0.6590460684074066], []),
        ("cos", [0.7390851332151607], []),
        ("tanh", [0.0], []),
        ("tanhshrink", [0.0], []),
        ("log_cosh", [0.0], []),
        ("gelu", [0.0], []),
        ("softplus", [], []),
        ("relu", [], [(0.0, inf)]),
        ("identity", [], [(-inf, inf)]),
        ("hardshrink", [0.0], [(-inf, -0.5), (0.5, inf)]),
        ("relu6", [], [(0.0, 6.0)]),
        ("x**2", [0.0, 1.0], []),
        ("x**2.5", [0.0, 1.0], []),
        ("x + (x - 2)**2", [2.0], []),
        ("snake", [math.pi * k for k in range(-3, 4)], []),
        ("gompertz", [float(mpmath.lambertw(1).real)], []),
    ],
)
def test_fixed_points(text: str, points: list[float], fixed_on: list[tuple[float, float]]) -> None:
    found = of(text)
    assert len(found.fixed_points) == len(points)
    for got, wanted in zip(found.fixed_points, points, strict=True):
        assert ulps_apart(got, wanted) <= 4
    assert list(found.fixed_on) == [Interval(*one) for one in fixed_on]
