"""Where saturation begins and ends, to the last bit: closed forms and brute force."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from mpmath import mp, mpf

from actcli.activations.registry import catalogue
from actcli.find import find
from actcli.functions.saturation import saturated, saturation
from actcli.functions.views import structure_of
from actcli.numeric.floats import ulps_apart
from tests.activations.known import is_endless
from tests.functions.saturation_oracle import Oracle

INF = math.inf
EPS = (0.1, 1e-2, 1e-3, 1e-6, 1e-9)
Interval = tuple[float, float]


def edges(name: str, eps: float) -> list[Interval]:
    return [(one.low, one.high) for one in saturation(find(name), eps).ranges]


Edge = Callable[[mpf], mpf]
Closed = Callable[[mpf], list[tuple[Any, Any]]]
"""The intervals, from the threshold."""


def symmetric(edge: Edge) -> Closed:
    return lambda e: [(-INF, -edge(e)), (edge(e), INF)]


def left(edge: Edge) -> Closed:
    return lambda e: [(-INF, edge(e))]


def around(edge: Edge) -> Closed:
    return lambda e: [(-edge(e), edge(e))]


CLOSED: dict[str, Closed] = {
    "sigmoid": symmetric(lambda e: mp.log((1 - 2 * e + mp.sqrt(1 - 4 * e)) / (2 * e))),
    "tanh": symmetric(lambda e: mp.acosh(1 / mp.sqrt(e))),
    "softsign": symmetric(lambda e: 1 / mp.sqrt(e) - 1),
    "atan": symmetric(lambda e: mp.sqrt(1 / e - 1)),
    "isru:alpha=1": symmetric(lambda e: mp.sqrt(e ** (-mpf(2) / 3) - 1)),
    "isru:alpha=4": symmetric(lambda e: mp.sqrt(e ** (-mpf(2) / 3) - 1) / 2),
    "asinh": symmetric(lambda e: mp.sqrt(1 / e**2 - 1)),
    "erf": symmetric(lambda e: mp.sqrt(-mp.log(e * mp.sqrt(mp.pi) / 2))),
    "softplus": left(lambda e: mp.log(e / (1 - e))),
    "elu": left(lambda e: mp.log(e)),
    "elu:alpha=0.5": left(lambda e: mp.log(2 * e)),
    "celu:alpha=2": left(lambda e: 2 * mp.log(e)),
    "exponential": left(lambda e: mp.log(e)),
    "squareplus": left(lambda e: -(1 - 2 * e) / mp.sqrt(e * (1 - e))),
    "squareplus:b=1": left(lambda e: -(1 - 2 * e) / (2 * mp.sqrt(e * (1 - e)))),
    "squareplus:b=2.5": left(lambda e: -(1 - 2 * e) * mp.sqrt(2.5 / (4 * e * (1 - e)))),
    "softplus:beta=1.7": left(lambda e: mp.log(e / (1 - e)) / mpf(1.7)),
    "elu:alpha=0.7": left(lambda e: mp.log(e / mpf(0.7))),
    "celu:alpha=0.7": left(lambda e: mpf(0.7) * mp.log(e)),
    "isru:alpha=0.7": symmetric(lambda e: mp.sqrt((e ** (-mpf(2) / 3) - 1) / mpf(0.7))),
    "selu": left(lambda e: mp.log(e / (mpf(1.0507009873554805) * mpf(1.6732632423543772)))),
    "relu_squared": left(lambda e: e / 2),
    "tanhshrink": around(lambda e: mp.atanh(mp.sqrt(e))),
    "log_cosh": around(lambda e: mp.atanh(e)),
    "hardswish": lambda e: [(-INF, -3), (-1.5 - 3 * e, -1.5 + 3 * e)],
    "1/(1+exp(-x))": symmetric(lambda e: mp.log((1 - 2 * e + mp.sqrt(1 - 4 * e)) / (2 * e))),
}


@pytest.mark.parametrize("eps", [*EPS, 1e-100, 1e-300])
@pytest.mark.parametrize("name", CLOSED)
def test_closed_forms(name: str, eps: float) -> None:
    with mp.workdps(700):
        wanted = [(float(low), float(high)) for low, high in CLOSED[name](mpf(eps))]
    found = edges(name, eps)
    assert len(found) == len(wanted)
    assert found == [_seen(*pair) for pair in wanted]


def _seen(low: float, high: float) -> Interval:
    """An interval that is narrower than doubles has the two around it."""
    return (low, high) if low < high else (math.nextafter(low, -INF), math.nextafter(high, INF))


@pytest.mark.parametrize("name", ["sigmoid", "1/(1+exp(-x))"])
def test_sigmoid_to_the_last_digit(name: str) -> None:
    assert saturation(find(name)).ranges[1].low == 6.905752272297920


@pytest.mark.parametrize("name", catalogue())
def test_every_function_of_the_catalogue_against_brute_force(name: str) -> None:
    activation = find(name)
    window = (-7.0, 9.0) if is_endless(activation) else None
    oracle, structure = Oracle(activation, window), structure_of(activation, window)
    for eps in EPS:
        found = saturated(activation, structure, eps, window=structure.focus).ranges
        wanted = oracle.ranges(eps)
        assert len(found) == len(wanted), (eps, found, wanted)
        for one, (low, high, kind) in zip(found, wanted, strict=True):
            apart = ulps_apart(one.low, low), ulps_apart(one.high, high)
            assert max(apart) <= 2, (eps, (one.low, one.high), (low, high))
            assert one.kind == kind or window, (eps, one, kind)


def test_subnormal_thresholds_are_answered_to_the_last_digit() -> None:
    with mp.workdps(700):
        eps = mpf(1e-310)
        wanted = float(mp.log((1 - 2 * eps + mp.sqrt(1 - 4 * eps)) / (2 * eps)))
    assert saturation(find("sigmoid"), 1e-310).ranges[1].low == wanted


@pytest.mark.parametrize("eps", [0.1, 1e-3, 1e-9])
@pytest.mark.parametrize("name", ["cos", "sin", "x - sin(x)", "x*tanh(cos(x))"])
def test_a_range_that_a_window_cuts_still_comes_up_to_eps(name: str, eps: float) -> None:
    ranges = saturation(find(name), eps, window=(-4.0, 3.25)).ranges
    assert ranges
    assert all(one.max_slope == eps for one in ranges)


@pytest.mark.parametrize(
    ("formula", "steepest", "value"),
    [
        ("where(10*x > 1, 2*x, x/1e4)", 1e-4, 1e-5),
        ("where(10*x < 1, 1e6*x, x/1e4)", 1e-4, 1e-5),
        ("where(10*x < 1, 2*x, x/1e4 + 3)", 1e-4, 3.00001),
        ("max(x/1e4, 2*x - 0.19999)", 1e-4, 1e-5),
        ("where(3*x > 2, 1e9*x, x/3e4)", 1 / 3e4, 2 / 9e4),
        ("where(10*x > 1, 1/(10*x - 1), 1)", 0.0, 1.0),
    ],
)
def test_nothing_of_the_other_branch_counts(formula: str, steepest: float, value: float) -> None:
    """The double nearest to 1/10 is above it, that nearest to 2/3 below."""
    ranges = saturation(find(formula), 1e-3).ranges
    (one,) = (one for one in ranges if {0.1, 2 / 3} & {one.low, one.high})
    assert one.max_slope == steepest
    assert value in (one.value_low, one.value_high)
