"""Extrema and steepest slopes against mpmath."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from mpmath import mp

from actcli.numeric.floats import ulps_apart
from tests.functions.facts.known_facts import of

WIDE: dict[str, Callable[[Any], Any]] = {
    "gelu": lambda x: x * mpmath.ncdf(x),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "mish": lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))),
    "gelu_tanh": lambda x: (
        x / 2 * (1 + mpmath.tanh(mpmath.sqrt(2 / mp.pi) * (x + mpmath.mpf(0.044715) * x**3)))
    ),
    "serf": lambda x: x * mpmath.erf(mpmath.log1p(mpmath.exp(x))),
    "telu": lambda x: x * mpmath.tanh(mpmath.exp(x)),
    "dsilu": lambda x: mpmath.diff(lambda t: t / (1 + mpmath.exp(-t)), x),
}
"""The oracle: the same functions in mpmath."""


@pytest.mark.parametrize(
    ("text", "name", "near"),
    [
        ("gelu", "gelu", -0.75),
        ("x*norm_cdf(x)", "gelu", -0.75),
        ("silu", "silu", -1.28),
        ("x/(1 + exp(-x))", "silu", -1.28),
        ("mish", "mish", -1.19),
        ("x*tanh(softplus(x))", "mish", -1.19),
        ("gelu_tanh", "gelu_tanh", -0.75),
        ("serf", "serf", -1.19),
        ("telu", "telu", -1.08),
        ("dsilu", "dsilu", 2.4),
    ],
)
def test_extremum_is_where_mpmath_finds_it(text: str, name: str, near: float) -> None:
    f = WIDE[name]
    with mp.workdps(40):
        x = mpmath.findroot(lambda t: mpmath.diff(f, t), near)
        value = f(x)
    found = min(of(text).extrema, key=lambda extremum: abs(extremum.x - near))
    assert ulps_apart(found.x, float(x)) <= 2
    assert ulps_apart(found.value, float(value)) <= 4
    assert found.kind == ("maximum" if near > 0 else "minimum")


@pytest.mark.parametrize(("name", "near"), [("gelu", 1.41), ("silu", 2.4), ("mish", 1.5)])
def test_lipschitz_is_the_steepest_slope_that_mpmath_finds(name: str, near: float) -> None:
    f = WIDE[name]
    with mp.workdps(40):
        steepest = mpmath.findroot(lambda t: mpmath.diff(f, t, 2), near)
        slope = float(mpmath.diff(f, steepest))
    assert ulps_apart(of(name).lipschitz, slope) <= 8


def test_extrema_are_isolated() -> None:
    assert of("relu").extrema == of("triangle").extrema[1:] == []
    assert of("max(abs(x) - 1, 0)").extrema == []
    assert [(e.x, e.value, e.kind) for e in of("abs(x)").extrema] == [(0.0, 0.0, "minimum")]
