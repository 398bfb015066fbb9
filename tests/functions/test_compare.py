"""How far two functions are apart, against closed forms and multiprecision arithmetic."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from mpmath import erf, findroot, log, mp, mpf, pi, quad, sqrt, tanh

from actcli.errors import ActcliError
from actcli.find import find
from actcli.functions.compare import Pair, compare
from actcli.reports.compare import ComparisonReport
from tests.oracle import exact

INF = math.inf
LN2 = math.log(2)


@cache
def pair(f: str, g: str, window: tuple[float, float] | None = None) -> Pair:
    (one,) = compare([find(f), find(g)], window=window).pairs
    return one


@pytest.mark.parametrize(
    ("f", "g", "height", "places"),
    [
        ("silu", "hardswish", 3 / (1 + math.exp(3)), [-3, 3]),
        ("relu", "softplus", LN2, [0]),
        ("relu", "elu", 1, [-INF]),
        ("tanh", "sign", 1, [0]),
        ("tanh", "hardtanh", 1 - math.tanh(1), [-1, 1]),
        ("softplus", "squareplus", 1 - LN2, [0]),
        ("abs", "log_cosh", LN2, [-INF, INF]),
        ("torch.hardsigmoid", "onnx.HardSigmoid", 1 / 12, [-2.5, 2.5]),
        ("keras.leaky_relu", "keras.LeakyReLU", INF, [-INF]),
        ("relu", "relu6", INF, [INF]),
        ("exp", "relu", INF, [INF]),
        ("asinh", "tanh", INF, [-INF, INF]),
        ("relu_squared", "star_relu", INF, [INF]),
        ("exp", "star_relu", INF, [INF]),
        ("hardtanh", "hardtanh:max_val=2", 1, [2]),
        ("square", "x**2 + 1", 1, [0]),
        ("sin", "cos", math.sqrt(2), [-math.pi / 4, 3 * math.pi / 4]),
        ("x*cos(x)", "relu", INF, [-INF, INF]),
        ("step", "step:at_zero=1", 1, [0]),
        ("1/x", "x", INF, [0]),
        ("log(x)", "sqrt(x)", INF, [0]),
        ("gelu", "x*norm_cdf(x)", 0, []),
        ("step", "sign", 1, [0]),
    ],
)
def test_the_largest_difference(f: str, g: str, height: float, places: list[float]) -> None:
    for one in (pair(f, g), pair(g, f)):
        assert one.max_abs == pytest.approx(height, rel=1e-15, abs=0)
        assert one.places == pytest.approx(tuple(places), rel=1e-9)
        assert one.at == (one.places[0] if places else None)


@pytest.mark.parametrize(
    ("f", "g", "height", "places"),
    [
        ("relu", "leaky_relu", 0.01, [0]),
        ("relu", "softplus", 0.5, [0]),
        ("tanh", "sign", INF, [0]),
        ("elu", "elu:alpha=3", 2, [0]),
        ("identity", "cube", INF, [-INF, INF]),
        ("sigmoid", "tanh", 0.75, [0]),
        ("log(x)", "sqrt(x)", INF, [0]),
        ("gelu", "x*norm_cdf(x)", 0, []),
        ("square", "x**2 + 1", 0, []),
    ],
)
def test_the_largest_difference_of_slopes(
    f: str, g: str, height: float, places: list[float]
) -> None:
    for one in (pair(f, g), pair(g, f)):
        assert one.max_abs_derivative == pytest.approx(height, rel=1e-15, abs=0)
        assert one.places_derivative == pytest.approx(tuple(places), rel=1e-9)


def test_gelu_and_its_approximations() -> None:
    with mp.workdps(40):
        a = mpf("0.044715")

        def gap(x: mpf) -> mpf:
            return x / 2 * (erf(x / sqrt(2)) - tanh(sqrt(2 / pi) * (x + a * x**3)))

        place = findroot(lambda x: mp.diff(gap, x), -2.7)
        height, place = float(abs(gap(place))), float(place)
    one = pair("gelu", "gelu_tanh")
    assert one.max_abs == pytest.approx(height, rel=1e-13)
    assert one.max_abs == pytest.approx(4.73235520688e-4, abs=1e-15)
    assert one.places == pytest.approx((place, -place), rel=1e-11)
    assert pair("gelu", "quick_gelu").max_abs == pytest.approx(0.0203348722, abs=5e-11)
    assert pair("silu", "hardswish").max_abs == pytest.approx(0.1422776195, abs=5e-11)


SMOOTH = ("gelu", "gelu_tanh", "quick_gelu", "silu", "mish", "smish", "telu", "logish")


@pytest.mark.parametrize(("f", "g"), [*combinations(SMOOTH, 2)])
def test_no_point_is_farther_apart(f: str, g: str) -> None:
    one = pair(f, g)
    x = np.linspace(-20, 20, 40_001)
    values = np.abs(find(f).value(x) - find(g).value(x))
    slopes = np.abs(find(f).derivative(x) - find(g).derivative(x))
    if math.isfinite(one.max_abs):
        assert one.max_abs * (1 - 1e-6) <= values.max() <= one.max_abs + 1e-14
    assert slopes.max() <= one.max_abs_derivative + 1e-14
    for place in filter(math.isfinite, one.places):
        (u, slope_u), (v, slope_v) = exact(find(f), place), exact(find(g), place)
        assert float(abs(u - v)) == pytest.approx(one.max_abs, rel=1e-12)
        assert abs(slope_u - slope_v) < 1e-12


def test_the_rms_is_that_over_the_range() -> None:
    assert pair("identity", "x + 0.5").rms == pytest.approx(0.5, rel=1e-14)
    assert pair("relu", "identity").rms == pytest.approx(math.sqrt(1000 / 3 / 20), rel=1e-14)
    assert pair("step", "sign", window=(-3, 1)).rms == pytest.approx(math.sqrt(3 / 4), rel=1e-14)
    with mp.workdps(20):
        exactly = sqrt(quad(lambda x: (log(1 + mp.exp(x)) - max(x, 0)) ** 2, [-2, 0, 1]) / 3)
    assert pair("relu", "softplus", window=(-2, 1)).rms == pytest.approx(float(exactly), rel=1e-13)
    assert pair("1/x", "x").rms == INF
    assert math.isnan(pair("sqrt(x)", "x").rms)


def test_a_range_holds_for_all_distances() -> None:
    one = pair("relu", "leaky_relu", window=(-5, 3))
    assert one.max_abs == pytest.approx(0.05)
    assert one.at == -5
    assert one.range == one.window == (-5, 3)
    one = pair("relu", "leaky_relu", window=(1, 3))
    assert (one.max_abs, one.at, one.max_abs_derivative, one.rms) == (0, None, 0, 0)
    assert pair("relu", "elu", window=(-1, 0)).max_abs == pytest.approx(1 - math.exp(-1))
    assert pair("relu", "leaky_relu").range == (-10, 10)
    assert pair("relu", "leaky_relu").window is None


def test_all_pairs_in_order() -> None:
    found = compare([find(name) for name in ("gelu", "silu", "mish")])
    assert [(one.a, one.b) for one in found.pairs] == [
        ("gelu", "silu"),
        ("gelu", "mish"),
        ("silu", "mish"),
    ]
    assert [one.activation for one in found.activations] == ["gelu", "silu", "mish"]


def test_what_is_told_of_each() -> None:
    profiles = {
        one.activation: one
        for one in compare(
            [find(name) for name in ("tanh", "relu", "sigmoid", "leaky_relu")], 0.25
        ).activations
    }
    assert [one.zero_centred for one in profiles.values()] == [True, False, False, False]
    edge = math.acosh(2)
    assert profiles["tanh"].saturated_below == pytest.approx(-edge, rel=1e-14)
    assert profiles["tanh"].saturated_above == pytest.approx(edge, rel=1e-14)
    assert (profiles["relu"].saturated_below, profiles["relu"].saturated_above) == (0, None)
    assert profiles["leaky_relu"].saturated_below is None
    assert all(one.cost is None for one in profiles.values())


def test_costs_are_relative_to_relu() -> None:
    relu, gelu = compare([find("relu"), find("gelu")], cost=True).activations
    assert relu.cost == pytest.approx(1, rel=0.5)
    assert gelu.cost is not None
    assert gelu.cost > 1.5


def test_functions_with_no_place_in_common() -> None:
    with pytest.raises(ActcliError, match="nowhere both defined"):
        compare([find("log(x)"), find("sqrt(-1-x)")])


def test_without_an_rms_the_sentence_says_so() -> None:
    answer = compare([find("relu"), find("sqrt(x)")])
    assert math.isnan(answer.pairs[0].rms)
    assert "no RMS over [-10, 10]" in " ".join(ComparisonReport(answer).sentences())


@pytest.mark.parametrize(
    ("f", "g", "apart"),
    [
        ("floor(x*256)/256", "x", 1 / 256),
        ("x", "-floor(-x*100)/100", 1 / 100),
        ("floor(x*256)/256", "floor(x*128)/128", 1 / 256),
        ("sin(x)", "sin(3*x)", 2.0),
    ],
)
def test_what_parts_regularly_is_seen_over_one_period(f: str, g: str, apart: float) -> None:
    (pair,) = compare([find(f), find(g)]).pairs
    assert pair.proved
    assert pair.max_abs == pytest.approx(apart, rel=1e-15)


def test_what_there_was_no_time_for_is_not_told() -> None:
    """Not even where a range would seem to end that goes on into what is not decided."""
    answer = compare([find("clip(round(x*127), -127, 127)/127"), find("relu")], effort=0.6)
    staircase = answer.activations[0]
    assert not staircase.proved
    assert staircase.zero_centred in (True, None)
    for edge in (staircase.saturated_below, staircase.saturated_above):
        assert edge is None or abs(edge) == pytest.approx(126.5 / 127, rel=1e-15)


DOMAINS = [
    ("1", "sign(x > 10)/sign(x > 10)", [(-INF, 10, False, True)], []),
    ("exp(log(x))", "x", [], [(-INF, 0, False, True)]),
    ("log(x*x)", "2*log(x)", [(-INF, 0, False, False)], []),
    ("sqrt(x)**2", "x", [], [(-INF, 0, False, False)]),
    ("sqrt(x)**2", "exp(log(x))", [(0, 0, True, True)], []),
    ("x**2/x", "x", [], []),
    ("sqrt(x*x)", "abs", [], []),
    ("1/x", "relu", [], [(0, 0, True, True)]),
    ("sqrt(x)", "sqrt(1 - x)", [(1, INF, False, False)], [(-INF, 0, False, False)]),
    ("log(x*x - 1)", "log(x*x - 4)", [(-2, -1, True, False), (1, 2, False, True)], []),
    ("x - 1", "1/(1/(x - 1))", [], []),
    ("x", "1/floor(x)", [(0, 1, True, False)], []),
    ("log((1 + x)/(1 - x))/2", "log1p(x)/2 - log1p(-x)/2", [], []),
    ("sqrt(x*x - 1)", "sqrt(x - 1)*sqrt(x + 1)", [(-INF, -1, False, True)], []),
]


@pytest.mark.parametrize(("f", "g", "only_f", "only_g"), DOMAINS)
def test_where_only_one_has_a_value(f: str, g: str, only_f: object, only_g: object) -> None:
    for one, alone in ((pair(f, g), [only_f, only_g]), (pair(g, f), [only_g, only_f])):
        assert [[tuple(part) for part in side] for side in (one.only_a, one.only_b)] == alone
        assert one.is_one_domain == (alone == [[], []])


@pytest.mark.parametrize(("f", "g", "only_f", "only_g"), DOMAINS)
def test_what_has_another_domain_is_another_function(
    f: str, g: str, only_f: object, only_g: object
) -> None:
    one, differs = pair(f, g), [only_f, only_g] != [[], []]
    (said, *_) = ComparisonReport(compare([find(f), find(g)])).sentences()
    assert ("differ in domain" in said) is differs
    assert ("are one function" in said) is (one.max_abs_bound == 0 and not differs)
    assert one.is_within(INF) is not differs


@pytest.mark.parametrize("f", ["log(x)", "1/x", "log(sin(x))", "log(abs(x - 1/3))", "sqrt(-x)"])
def test_a_function_has_values_where_it_has(f: str) -> None:
    assert pair(f, f).is_one_function


def test_domains_count_in_the_window() -> None:
    assert pair("sqrt(x)**2", "x", (0.0, 5.0)).is_one_function
    (alone,) = pair("sqrt(x)**2", "x", (-1.0, 5.0)).only_b
    assert alone == (-1, 0, True, False)
    (*_, last) = pair("log(sin(x))", "exp", (4.0, 8.0)).only_b
    assert last == (4, 2 * math.pi, True, True)


@pytest.mark.parametrize(
    ("f", "g", "more", "more_slopes"),
    [
        ("relu(floor(x))", "relu", True, False),
        ("relu(floor(x/8))", "relu(x/8)", True, False),
        ("where(x > 0, sin(x), 0)", "0", True, True),
        ("sin(x)/x", "0", False, False),
        ("exp(-x*x)*sin(x)", "0", False, False),
        ("sin", "cos", False, False),
        ("gelu", "silu", False, False),
        ("sinc", "identity", False, False),
    ],
)
def test_places_that_go_on_beyond_those_known_are_not_said_to_be_all(
    f: str, g: str, more: bool, more_slopes: bool
) -> None:
    one = pair(f, g)
    assert (one.more_places, one.more_places_derivative) == (more, more_slopes)
    (said, *_) = ComparisonReport(compare([find(f), find(g)])).sentences()
    assert ("maybe more beyond" in said) is (more or more_slopes)
