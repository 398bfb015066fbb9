"""Saturated ranges: kinds, hardness, limits, windows and words."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from numpy.typing import ArrayLike

from actcli.errors import ActcliError, UsageError
from actcli.find import find
from actcli.formula.expression import expression
from actcli.functions.saturation import saturation
from actcli.numeric.floats import ulps_apart
from actcli.reports.saturation import SaturationReport, sentence

Interval = tuple[float, float]

INF = math.inf


def edges(name: str, eps: float = 1e-3, **options: Any) -> list[Interval]:
    return [(one.low, one.high) for one in saturation(find(name), eps, **options).ranges]


def kinds(name: str, eps: float = 1e-3, **options: Any) -> list[str | None]:
    return [one.kind for one in saturation(find(name), eps, **options).ranges]


def test_kinks_and_jumps() -> None:
    assert edges("relu") == [(-INF, 0.0)]
    assert edges("relu6") == [(-INF, 0.0), (6.0, INF)]
    assert edges("abs") == []
    assert edges("step") == [(-INF, 0.0), (0.0, INF)]
    assert edges("thresholded_relu") == [(-INF, 1.0)]
    assert edges("hardshrink") == [(-0.5, 0.5)]
    assert edges("elu:alpha=0.5", 0.75) == [(-INF, 0.0)]


def test_thresholds_at_the_slopes_themselves() -> None:
    assert edges("3") == edges("identity", 1.5) == edges("sigmoid", 0.3) == [(-INF, INF)]
    assert edges("identity", 1.0) == []
    assert edges("leaky_relu", 0.01) == []
    assert edges("leaky_relu", 0.011) == [(-INF, 0.0)]
    assert edges("sigmoid", 0.25) == [(-INF, 0.0), (0.0, INF)]


def test_one_interval_or_two() -> None:
    assert [high for _, high in edges("silu", 0.1)] == [pytest.approx(-0.91238, abs=1e-5)]
    gelu = [(-INF, -1.86130), (-1.07788, -0.55438)]
    assert edges("gelu", 0.1) == [pytest.approx(pair, abs=1e-5) for pair in gelu]
    assert edges("gelu")[1] == pytest.approx((-0.75411, -0.74948), abs=1e-5)


def test_hardness() -> None:
    hard, soft = saturation(find("hardswish"), 0.1).ranges
    assert (hard.hardness, hard.hard) == ("hard", [(-INF, -3.0)])
    assert (soft.hardness, soft.hard) == ("soft", [])
    (mixed,) = saturation(find("hardswish"), 0.6).ranges
    assert (mixed.hardness, mixed.hard) == ("mixed", [(-INF, -3.0)])
    assert [one.hardness for one in saturation(find("sigmoid"), 1e-300).ranges] == ["soft"] * 2


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("relu", [(-INF, 0.0)]),
        ("relu_squared", [(-INF, 0.0)]),
        ("relu(x)**3", [(-INF, 0.0)]),
        ("hardtanh", [(-INF, -1.0), (1.0, INF)]),
        ("sigmoid", []),
        ("gelu", []),
        ("x**3", []),
        ("3", [(-INF, INF)]),
    ],
)
def test_eps_0_gives_the_hard_set(name: str, wanted: list[Interval]) -> None:
    assert edges(name, 0.0) == wanted


def test_kinds() -> None:
    assert kinds("gelu") == ["bounded", "plateau"]
    assert kinds("asinh") == kinds("symlog") == ["sublinear"] * 2
    assert kinds("leaky_relu", 0.011) == ["leak"]
    assert kinds("softshrink") == ["dead zone"]
    assert kinds("x**3") == kinds("cube") == ["plateau"]
    assert kinds("relu", 2.0) == ["leak"]
    assert kinds("sin") == ["plateau"] * 2
    assert kinds("asinh(x)") == ["sublinear"] * 2
    assert kinds("where(x > 0, x, 0.01*x)", 0.011) == ["leak"]


def test_limits_and_values() -> None:
    low, high = saturation(find("tanh")).ranges
    assert (low.limit, high.limit) == (-1, 1)
    assert (low.value_low, high.value_high) == (-1, 1)
    assert low.value_high == pytest.approx(math.tanh(low.high))
    assert low.max_slope == pytest.approx(1e-3)
    (silu,) = saturation(find("silu"), 0.1).ranges
    assert silu.value_low == pytest.approx(-0.2784645427610738, rel=1e-15)
    asinh = saturation(find("asinh")).ranges[0]
    assert (asinh.limit, asinh.value_low) == (None, -INF)
    assert saturation(find("sigmoid"), 0.3).ranges[0].limit is None


def test_value_ranges() -> None:
    left_end, right_end = saturation(find("softsign")).value_ranges
    assert (left_end.low, right_end.high) == (-INF, INF)
    assert (left_end.high, right_end.low) == pytest.approx((-999, 999), rel=1e-12)
    softplus = saturation(find("softplus")).value_ranges
    assert [(v.slope, v.intercept) for v in softplus] == [(0, 0), (1, 0)]
    assert softplus[0].high == pytest.approx(math.log(math.expm1(1e-3)), rel=1e-15)
    relu = saturation(find("relu")).value_ranges
    assert [(v.low, v.high) for v in relu] == [(-INF, 1e-3), (-1e-3, INF)]


def test_relative_is_relative_to_the_steepest_slope() -> None:
    assert edges("sigmoid", 0.004, relative=True) == edges("sigmoid", 0.001)
    for name in ("step", "exponential", "x**2", "sqrt(abs(x))", "x*log(abs(x))"):
        with pytest.raises(ActcliError, match=r"jumps at 0|no bound"):
            saturation(find(name), relative=True)


@pytest.mark.parametrize("eps", [-1.0, -0.001, math.nan])
def test_eps_must_not_be_negative(eps: float) -> None:
    with pytest.raises(UsageError):
        saturation(find("tanh"), eps)


def test_a_window_clips() -> None:
    answer = saturation(find("sigmoid"), window=(-8.0, 8.0))
    assert answer.window == (-8.0, 8.0)
    assert [(r.low, r.high) for r in answer.ranges] == [
        (-8.0, -6.905752272297920),
        (6.905752272297920, 8.0),
    ]
    assert [(r.position, r.kind, r.limit) for r in answer.ranges] == [
        ("left", "bounded", 0),
        ("right", "bounded", 1),
    ]
    assert edges("sigmoid", window=(-1.0, 1.0)) == []


def test_what_never_ends_is_seen_in_a_stated_window() -> None:
    sin = saturation(find("sin"))
    assert sin.period == pytest.approx(2 * math.pi)
    assert sin.window == pytest.approx((-math.pi, math.pi))
    assert len(sin.ranges) == 2
    assert sin.notes
    with mp.workdps(40):
        wanted = float(mp.acos(mpf(1e-3)))
    assert sin.ranges[1].low == wanted
    far = saturation(find("sin"), window=(1000.0, 1100.0))
    assert len(far.ranges) == 32
    formula = saturation(find("x*cos(x)"))
    assert formula.window
    assert formula.notes


@pytest.mark.parametrize(
    ("name", "eps", "wanted"),
    [
        (
            "sigmoid",
            1e-3,
            "sigmoid saturates below -6.90575 (towards 0) and above 6.90575 (towards 1); "
            "active between",
        ),
        ("relu", 1e-3, "relu saturates below 0 (hard, at 0); active above"),
        ("identity", 1e-3, "identity saturates nowhere: its slope never stays below 0.001"),
        ("abs", 0.0, "abs is constant on no interval"),
        ("3", 1e-3, "3 saturates everywhere (hard, at 3)"),
        (
            "leaky_relu",
            0.1,
            "leaky_relu leaks below 0: a low slope, but not saturation; active above",
        ),
        ("softshrink", 1e-3, "softshrink has a dead zone from -0.5 to 0.5; active elsewhere"),
        (
            "step",
            1e-3,
            "step saturates below 0 (hard, at 0) and above 0 (hard, at 1); steep at 0 only",
        ),
        (
            "asinh",
            1e-3,
            "asinh flattens without a limit below -999.999 and above 999.999; active between",
        ),
    ],
)
def test_words(name: str, eps: float, wanted: str) -> None:
    assert sentence(saturation(find(name), eps)) == wanted


TERMS = st.sampled_from(
    [
        *("tanh({}*x)", "sigmoid({}*x)", "x*exp(-x**2/({}+1))", "atan(x-{})", "max(x-{},0)"),
        *("abs(x+{})", "min({}*x,1)", "silu(x*{})", "erf(x/({}+1))", "0.1*x/(1+{}*x**2)"),
    ]
)
FORMULAS = st.lists(
    st.tuples(TERMS, st.integers(1, 9), st.integers(-3, 3)), min_size=1, max_size=3
).map(lambda terms: " + ".join(f"({k})*{text.format(n)}" for text, n, k in terms))


@settings(max_examples=40, deadline=None)
@given(FORMULAS, st.sampled_from([0.3, 0.01, 1e-4]), st.integers(0, 1 << 32))
def test_inside_is_flat_and_outside_is_not(formula: str, eps: float, seed: int) -> None:
    activation, random = find(formula), np.random.default_rng(seed)
    ranges = saturation(activation, eps).ranges

    def steepness(x: ArrayLike) -> np.ndarray:
        return np.abs(activation.derivative(np.asarray(x)))

    for one in ranges:
        low, high = np.clip([one.low, one.high], -60, 60)
        inside = random.uniform(low, high, 50)
        inside = inside[(one.low < inside) & (inside < one.high)]
        assert np.all(steepness(inside) < eps)
        for edge, away in ((one.low, -INF), (one.high, INF)):
            beside = [edge, math.nextafter(edge, away)]
            assert math.isinf(edge) or steepness(beside).max() >= eps * (1 - 1e-9)
    active = random.uniform(-30, 30, 500)
    for one in ranges:
        active = active[(active < one.low) | (active > one.high)]
    assert np.all(steepness(active) >= eps)


@pytest.mark.parametrize(
    "formula", ["-expm1(-exp(x))", "exp(-exp(-x))", "exp(-exp(exp(x)))", "1/(1 + exp(-exp(x)))"]
)
def test_towers_of_exponentials_saturate_out_to_infinity(formula: str) -> None:
    ranges = saturation(expression(formula), 1e-6).ranges
    assert [(one.position, one.kind) for one in ranges] == [
        ("left", "bounded"),
        ("right", "bounded"),
    ]


def test_a_window_leaves_out_where_a_function_turns_too_often() -> None:
    found = saturation(find("floor(1/x)"), window=(0.3, 4.0))
    assert [(one.low, one.high, one.value_low) for one in found.ranges] == [
        *[(0.3, 1 / 3, 3.0), (1 / 3, 0.5, 2.0), (0.5, 1.0, 1.0), (1.0, 4.0, 0.0)]
    ]
    assert [one.kind for one in found.ranges] == [*["dead zone"] * 3, "bounded"]
    assert all(one.hardness == "hard" for one in found.ranges)
    crest = saturation(find("sin(1/x)"), eps=1e-6, window=(0.1, 4.0)).ranges[-1]
    assert crest.low < 2 / math.pi < crest.high
    crowd = saturation(find("sin(1/x)"), window=(-1.0, 4.0))
    assert not crowd.proved
    assert all(-0.1 < place.low < place.high < 0.1 for place in crowd.open)
    assert "not decided" in SaturationReport(crowd).sentences()[1]


def test_an_endless_function_jumps_however_far_out() -> None:
    found = saturation(find("floor(x)"), window=(-300.0, 300.0)).ranges
    assert [(one.low, one.high) for one in found] == [*pairwise(map(float, range(-300, 301)))]


def test_nothing_saturates_where_a_domain_begins() -> None:
    (found,) = saturation(find("x**2.5")).ranges
    assert (found.low, found.hardness, found.kind, found.value_low) == (0.0, "soft", "plateau", 0.0)
    assert ulps_apart(found.high, (1e-3 / 2.5) ** (2 / 3)) <= 8


@pytest.mark.parametrize("name", ["gelu", "silu", "tanh", "x*tanh(x)"])
@pytest.mark.parametrize("far", [1e6, 1e10, 1e100, 1.7e308])
def test_a_window_that_ends_far_out_shows_what_the_line_does(name: str, far: float) -> None:
    clipped, whole = saturation(find(name), window=(-far, far)), saturation(find(name))
    assert clipped.proved
    assert len(clipped.ranges) == len(whole.ranges)
    for one, other in zip(clipped.ranges, whole.ranges, strict=True):
        assert (one.value_low, one.value_high) == (other.value_low, other.value_high)
