"""Propagation layer by layer, against closed forms and plain iteration."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from actcli.errors import ActcliError, UsageError
from actcli.find import find
from actcli.meanfield.propagate import propagate
from actcli.meanfield.random_network import RandomNetwork
from actcli.reports.propagate import PropagationReport, chart


def test_relu_as_torch_initialises_it() -> None:
    found = propagate(find("relu"), 20, init="torch-linear")
    assert found.layers[0].gradient == pytest.approx(6.0**-10, rel=1e-13)
    assert found.chi_1 == pytest.approx(1 / 6, rel=1e-14)
    assert (found.q_star, found.verdict) == (0, "ordered")
    assert (
        "The gradient at layer 1 is 1.65e-08 of that behind layer 20."
        in PropagationReport(found).sentences()
    )


def test_relu_as_he_initialises_it() -> None:
    found = propagate(find("relu"), 50, init="he", q0=3.0)
    assert found.verdict == "critical"
    assert found.q_star == 3
    c = 0.5
    for layer in found.layers:
        assert layer.q == pytest.approx(3, rel=1e-13)
        assert layer.gradient == pytest.approx(1, rel=1e-13)
        assert layer.correlation == pytest.approx(c, rel=1e-11)
        assert (layer.saturated, layer.dead) == (0.5, 0.5)
        c = (math.sqrt(1 - c * c) + c * (math.pi - math.acos(c))) / math.pi


def test_erf_in_closed_form() -> None:
    found = propagate(find("erf"), 20, sigma_w=1.5, sigma_b=0.3, q0=0.7, c0=-0.2)
    q, c = 0.7, -0.2
    for layer in found.layers:
        assert layer.q == pytest.approx(q, rel=1e-13)
        assert layer.correlation == pytest.approx(c, rel=1e-10, abs=1e-12)
        assert layer.chi_1 == pytest.approx(9 / math.pi / math.sqrt(1 + 4 * q), rel=1e-13)
        after = 4.5 / math.pi * math.asin(2 * q / (1 + 2 * q)) + 0.09
        c = (4.5 / math.pi * math.asin(2 * q * c / (1 + 2 * q)) + 0.09) / after
        q = after


@pytest.mark.parametrize(
    ("name", "arguments", "verdict"),
    [
        ("selu", {"init": "lecun"}, "chaotic"),
        ("sigmoid", {"init": "he"}, "ordered"),
        ("sigmoid", {"sigma_w": 10.0}, "ordered"),
        ("softplus", {"init": "he"}, "ordered"),
        ("gelu", {"init": "he"}, "ordered"),
        ("silu", {"init": "he"}, "ordered"),
        ("tanh", {"init": "lecun"}, "critical"),
        ("tanh", {"init": "he"}, "chaotic"),
        ("tanh", {"init": "critical", "sigma_b": 0.2}, "critical"),
        ("leaky_relu:negative_slope=0.2", {"init": "he"}, "chaotic"),
        ("relu", {"sigma_w": 0.0}, "ordered"),
    ],
)
def test_verdicts(name: str, arguments: dict[str, Any], verdict: str) -> None:
    assert propagate(find(name), 5, **arguments).verdict == verdict


def test_selu() -> None:
    found = propagate(find("selu"), 5, init="lecun", q0=0.4)
    assert found.q_star == pytest.approx(1, rel=1e-13)
    assert found.chi_1 == pytest.approx(1.071574992456, abs=1e-12)
    assert found.depth_scale_q == pytest.approx(-1 / math.log(found.chi_q), rel=1e-14)
    assert found.depth_scale_c is None


@pytest.mark.parametrize("name", ["tanh", "gelu", "sigmoid", "elu", "gcu", "exp(-x**2)"])
@pytest.mark.parametrize("sigma_w", [0.5, 1.0, 1.2])
def test_the_fixed_point_is_where_iteration_goes(name: str, sigma_w: float) -> None:
    network = RandomNetwork(find(name), sigma_w, 0.3)
    q = 1.0
    for _ in range(300):
        q = network.variance(q)
    assert network.fixed_point(1.0) == pytest.approx(q, rel=1e-9)
    step = 1e-4 * q
    slope = (network.variance(q + step) - network.variance(q - step)) / (2 * step)
    assert network.chi_q(q) == pytest.approx(slope, rel=1e-6, abs=1e-9)


def test_a_variance_without_bound_has_no_fixed_point() -> None:
    found = propagate(find("relu"), 10, sigma_w=2.0)
    assert (found.q_star, found.stable, found.depth_scale_q) == (None, None, None)
    assert found.chi_1 == pytest.approx(2, rel=1e-14)
    assert any(
        "grows without bound" in sentence for sentence in PropagationReport(found).sentences()
    )


def test_shares_are_those_of_the_saturated_ranges() -> None:
    found = propagate(find("tanh"), 3, sigma_w=3.0, eps=0.01).layers[2]
    edge = math.acosh(10)
    assert found.saturated == pytest.approx(math.erfc(edge / math.sqrt(2 * found.q)), rel=1e-12)
    assert found.dead == 0
    hard = propagate(find("hardtanh"), 1, q0=4.0).layers[0]
    assert hard.dead == hard.saturated == pytest.approx(math.erfc(0.5 / math.sqrt(2)), rel=1e-14)


def test_like_inputs_stay_alike_and_a_dead_signal_has_no_correlation() -> None:
    assert {layer.correlation for layer in propagate(find("gelu"), 9, c0=1.0).layers} == {1.0}
    layers = propagate(find("relu"), 3, sigma_w=0.0).layers
    assert [layer.correlation for layer in layers] == [0.5, None, None]


@pytest.mark.parametrize(
    ("name", "arguments", "why"),
    [
        ("step", {}, "chi_1 of step is infinite"),
        ("cube", {}, "overflows behind layer"),
        ("exponential", {}, "overflows behind layer"),
        ("exponential", {"q0": 1e4}, "overflows"),
        ("softplus", {"init": "critical"}, "no edge of chaos"),
    ],
)
def test_what_cannot_be_followed(name: str, arguments: dict[str, Any], why: str) -> None:
    with pytest.raises(ActcliError, match=why) as caught:
        propagate(find(name), **arguments)
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        {"depth": 0},
        {"sigma_w": -1.0},
        {"sigma_b": -0.1},
        {"sigma_w": math.inf},
        {"q0": 0.0},
        {"q0": math.nan},
        {"c0": 1.5},
        {"eps": -1.0},
        {"init": "xavier"},
        {"init": "he", "sigma_w": 1.0},
    ],
)
def test_usage(arguments: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        propagate(find("tanh"), **arguments)


def test_rows_and_curves_follow_the_layers() -> None:
    answers = [propagate(find(name), 7, init="lecun") for name in ("relu", "tanh")]
    assert [row["layer"] for row in PropagationReport(answers[0]).rows()] == list(range(1, 8))
    curves = chart(answers).curves
    assert [curve.series for curve in curves] == [0, 0, 1, 1]
    assert np.array_equal(curves[3].y, [layer.q for layer in answers[1].layers])


def test_a_signal_that_vanishes_loses_its_correlation_and_nothing_else() -> None:
    layers = propagate(find("square"), 12, q0=0.01).layers
    assert [layer.correlation is None for layer in layers] == [layer.q < 1e-300 for layer in layers]
    assert layers[-1].gradient < 1e-50


def test_a_signal_that_overflows_is_an_error() -> None:
    with pytest.raises(ActcliError, match="overflows behind layer 6"):
        propagate(find("x**3"), 12)


def test_many_layers_overflow_nothing() -> None:
    layers = propagate(find("tanh"), 2500, sigma_w=3.0).layers
    assert layers[0].gradient == math.inf
    assert layers[-1].gradient == pytest.approx(math.sqrt(1.8598551908089243))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tan(x)", r"E f\^2 of .* is infinite"),
        ("1/sin(x)", r"E f\^2 of .* is infinite"),
        ("abs(sin(x))**0.5", r"E f'\^2 of .* is infinite"),
        ("sin(1e6*x)", "turns too often"),
        ("sin(exp(x))", "turns too often"),
    ],
)
def test_what_cannot_be_followed_is_refused_at_once(text: str, reason: str) -> None:
    with pytest.raises(ActcliError, match=reason):
        propagate(find(text))


@pytest.mark.parametrize("text", ["sin(x**2)", "sin(x)*sin(1.0001*x)"])
def test_a_signal_may_die_out_altogether(text: str) -> None:
    found = propagate(find(text))
    assert [layer.q for layer in found.layers[-20:]] == [0.0] * 20
    assert found.layers[-1].correlation is None
    assert found.chi_1 < 1e-100


def test_both_factors_at_the_fixed_point_are_enclosed() -> None:
    found = propagate(find("selu"), 5, init="lecun")
    assert (found.proved, list(found.open)) == (True, [])
    assert found.chi_1 == pytest.approx(1.071574992456, abs=1e-12)


def test_a_kink_between_two_doubles_is_followed() -> None:
    found = propagate(find("min(exp(x-1)*(2*x+1),gelu(2*x))"), 3)
    assert found.proved
    assert found.layers[0].chi_1 == pytest.approx(2 * 2.0232372872058745, rel=1e-12)
