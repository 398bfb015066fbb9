"""The residual stream: against closed forms, sampled networks, and itself in the limit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from actcli.errors import ActcliError
from actcli.find import find
from actcli.meanfield.random_network import RandomNetwork
from actcli.meanfield.residual import Residual, residual
from actcli.meanfield.simulate import Simulation


def of(text: str, depth: int = 10, sigma_w: float = 1.0, sigma_b: float = 0.0) -> Residual:
    return residual(RandomNetwork(find(text), sigma_w, sigma_b), depth, alpha=0.5)


def test_a_linear_branch_in_closed_form() -> None:
    """E x^2 grows by 1 + alpha^2 sigma_w^2, and so does the gradient's square; nothing else."""
    found = of("identity", sigma_w=1.2)
    factor = 1 + 0.25 * 1.44
    for layer in found.layers:
        assert layer.stream == pytest.approx(factor**layer.layer, rel=1e-12)
        assert layer.gradient == pytest.approx(factor ** ((10 - layer.layer) / 2), rel=1e-12)
        assert layer.correlation == pytest.approx(0.5, rel=1e-10)
    assert found.factor == pytest.approx(factor)
    assert found.growth == "exponential"


def test_relu_in_closed_form() -> None:
    """E relu = sqrt(q/(2 pi)), E relu^2 = q/2: the mean of the stream is part of its growth."""
    stream, mean = 1.0, 0.0
    for layer in of("relu").layers[1:]:
        step = math.sqrt(stream / (2 * math.pi))
        stream, mean = stream + mean * step + stream / 8, mean + step / 2
        assert layer.stream == pytest.approx(stream, rel=1e-12)
        assert layer.mean == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize("text", ["tanh", "gelu", "sigmoid"])
def test_wide_networks_do_what_is_exact(text: str) -> None:
    """Networks sampled here, with numpy alone."""
    depth, width, alpha, sigma_b = 6, 400, 0.7, 0.3
    found = residual(RandomNetwork(find(text), 1.3, sigma_b), depth, alpha=alpha)
    random, f = np.random.default_rng(5), find(text)
    ends = []
    for _ in range(12):
        x = random.standard_normal((2, width))
        x[1] = 0.5 * x[0] + math.sqrt(0.75) * x[1]
        for _ in range(depth):
            weights = random.standard_normal((width, width)) * 1.3 / math.sqrt(width)
            x = x + alpha * f.value(x @ weights.T + sigma_b * random.standard_normal(width))
        ends.append([np.mean(x[0] ** 2), np.mean(x[0]), np.mean(x[0] * x[1])])
    square, mean, product = np.mean(ends, axis=0)
    spread = 4 * np.std(ends, axis=0) / math.sqrt(11)
    last = found.layers[-1]
    assert abs(square - last.stream) < spread[0] + 0.02 * last.stream
    assert abs(mean - last.mean) < spread[1] + 0.02
    assert abs(product - last.correlation * last.stream) < spread[2] + 0.02 * last.stream


@pytest.mark.parametrize("text", ["tanh", "relu"])
def test_the_simulation_agrees(text: str) -> None:
    network = RandomNetwork(find(text), math.sqrt(2), 0.1)
    found = residual(network, 8, alpha=0.5, simulation=Simulation(width=256, trials=12))
    assert found.simulation is not None
    for theory, measured in zip(found.layers, found.simulation.layers, strict=True):
        for key in ("stream", "correlation", "gradient"):
            exact, error = getattr(theory, key), getattr(measured, f"{key}_error")
            assert abs(getattr(measured, key) - exact) <= 4 * error + 0.03 * exact


@pytest.mark.parametrize(
    ("text", "growth"),
    [("tanh", "polynomial"), ("gelu", "exponential"), ("asinh", "polynomial"), ("sin", None)],
)
def test_how_it_grows_in_the_end(text: str, growth: str | None) -> None:
    assert of(text, depth=2).growth == growth


def test_no_branch_leaves_all_as_it_is() -> None:
    found = residual(RandomNetwork(find("gelu"), 1.0, 0.0), 5, alpha=0.0, q0=2.0, c0=0.3)
    assert {(one.stream, one.correlation, one.gradient) for one in found.layers} == {(2, 0.3, 1)}


@pytest.mark.parametrize(("text", "sigma_w"), [("0*x", 1.0), ("sin", 0.0)])
def test_a_branch_of_zeros_leaves_all_but_nothing_else(text: str, sigma_w: float) -> None:
    for layer in of(text, sigma_w=sigma_w).layers:
        assert (layer.stream, layer.mean) == (1, 0)
        assert layer.correlation == pytest.approx(0.5, rel=1e-15)


def test_what_has_no_growth_to_follow() -> None:
    with pytest.raises(ActcliError, match="overflows behind layer"):
        of("x**2", depth=60, sigma_w=3.0)
    with pytest.raises(ActcliError, match="it jumps at x = 0"):
        of("step")
