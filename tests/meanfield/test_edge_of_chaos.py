"""Critical points, against published and closed ones."""

from __future__ import annotations

import math

import pytest

from actcli.errors import ActcliError
from actcli.find import find
from actcli.meanfield import edge_of_chaos
from actcli.meanfield.edge_of_chaos import CriticalPoint, critical_point
from actcli.meanfield.random_network import RandomNetwork


@pytest.mark.parametrize(
    ("name", "sigma_w_squared", "q", "stable"),
    [
        ("relu", 2, 1, None),
        ("leaky_relu:negative_slope=0.2", 2 / 1.04, 1, None),
        ("identity", 1, 1, None),
        ("tanh", 1, 0, True),
        ("erf", math.pi / 4, 0, True),
        ("sin", 1, 0, True),
        ("gelu", 4, 0, False),
        ("silu", 4, 0, False),
        ("mish", (5 / 3) ** 2, 0, False),
        ("hardtanh", 1, 0, None),
    ],
)
def test_without_biases(name: str, sigma_w_squared: float, q: float, stable: bool | None) -> None:
    point = critical_point(find(name), 0.0, q=1.0)
    assert point.sigma_w**2 == pytest.approx(sigma_w_squared, rel=1e-13)
    assert (point.q, point.stable) == (q, stable)


def test_relu_is_critical_at_every_q() -> None:
    for q in (1e-6, 0.3, 1e6):
        assert critical_point(find("relu"), 0.0, q).q == q


def test_tanh_with_biases() -> None:
    point = critical_point(find("tanh"), math.sqrt(0.05), q=1.0)
    assert point.sigma_w**2 == pytest.approx(1.760954639607, abs=1e-12)
    assert point.stable


def test_sigmoid_needs_large_weights() -> None:
    assert critical_point(find("sigmoid"), 0.0, q=1.0).sigma_w == pytest.approx(10.149, abs=5e-4)


@pytest.mark.parametrize(
    ("name", "sigma_b_squared", "sigma_w_squared"),
    [("gelu", 0.17292, 1.98305), ("silu", 0.55514, 1.98800)],
)
def test_half_stable_points(name: str, sigma_b_squared: float, sigma_w_squared: float) -> None:
    """Roberts, Yaida and Hanin 2022, arXiv:2106.10165, section 5.3.4: chi_1 = chi_q = 1."""
    point = critical_point(find(name), math.sqrt(sigma_b_squared), q=4.0)
    assert point.sigma_w**2 == pytest.approx(sigma_w_squared, abs=1e-5)
    assert RandomNetwork(find(name), point.sigma_w, point.sigma_b).chi_q(point.q) == pytest.approx(
        1, abs=1e-5
    )


@pytest.mark.parametrize("name", ["tanh", "gelu", "silu", "mish", "sigmoid", "elu", "sin"])
@pytest.mark.parametrize("sigma_b", [0.1, 0.5, 1.0])
def test_a_critical_point_is_one(name: str, sigma_b: float) -> None:
    point = critical_point(find(name), sigma_b, q=1.0)
    network = RandomNetwork(find(name), point.sigma_w, sigma_b)
    assert network.variance(point.q) == pytest.approx(point.q, rel=1e-12)
    assert network.chi_1(point.q) == pytest.approx(1, rel=1e-12)
    if point.stable:
        assert network.fixed_point(point.q * 1.01) == pytest.approx(point.q, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "sigma_b", "why"),
    [
        ("softplus", 0.0, "nor at any other sigma_b"),
        ("softplus", 1.0, "nor at any other sigma_b"),
        ("relu", 0.1, "there is one at sigma_b = 0 only"),
        ("relu", 2.0, "there is one at sigma_b = 0 only"),
        ("square", 0.0, "there is one at any sigma_b > 0"),
        ("step", 0.0, "chi_1 of step is infinite because it jumps at x = 0"),
        ("hardshrink", 0.0, "jumps at x = -0.5"),
        ("softshrink", 0.0, "there is one from about sigma_b"),
        ("0*x + 1", 0.0, "no edge of chaos"),
    ],
)
def test_where_there_is_none(name: str, sigma_b: float, why: str) -> None:
    with pytest.raises(ActcliError, match=why):
        critical_point(find(name), sigma_b, q=1.0)


@pytest.mark.parametrize(
    ("points", "q", "chosen"),
    [
        ([(0.5, False), (90.0, True)], 1.0, 90.0),
        ([(0.5, None), (90.0, True)], 1.0, 0.5),
        ([(0.5, True), (3.0, True)], 1.0, 0.5),
        ([(0.5, True), (3.0, True)], 2.0, 3.0),
        ([(0.0, True), (1e6, True)], 1.0, 1e6),
        ([(0.5, False), (3.0, False)], 2.0, 3.0),
    ],
)
def test_of_several_points_a_stable_one_and_the_nearest_is_taken(
    monkeypatch: pytest.MonkeyPatch,
    points: list[tuple[float, bool | None]],
    q: float,
    chosen: float,
) -> None:
    """By ratios; a signal that has died out is far from all."""
    found = [CriticalPoint(1.0, 0.0, place, stable) for place, stable in points]
    monkeypatch.setattr(edge_of_chaos, "_points", lambda *_: iter(found))
    assert critical_point(find("tanh"), 0.0, q).q == chosen
