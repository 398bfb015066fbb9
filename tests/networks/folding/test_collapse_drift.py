"""How far a whole network moves with its folds, measured and bounded."""

from __future__ import annotations

import numpy as np
import pytest

from actcli.find import find
from actcli.networks.folding.plan import plan
from actcli.networks.folding.proof.deviation import agreement, bound, carried, deviation
from actcli.networks.folding.proof.error_bound import error_bound
from actcli.networks.layers import Activated, Dense, Layer, Scale, through
from actcli.networks.network import Network, Opaque, path
from tests.present import present

FOLDS, WIDTH = 60, 1000


def many_folds() -> Network:
    """Pairs of scales near 1 with a relu after each, which lets all of them pass."""
    rng = np.random.default_rng(6)
    layers: list[Layer] = []
    for _ in range(FOLDS):
        factors = rng.uniform(0.99, 1.01, (2, WIDTH))
        layers += [Scale((WIDTH,), factor, stored=(factor,), roundings=1) for factor in factors]
        layers.append(Activated((WIDTH,), find("relu")))
    return path("many", layers)


def test_what_one_fold_moves_the_next_ones_carry() -> None:
    """Together they move the outputs by more than rounding in the last of them explains."""
    network = many_folds()
    folds = plan(network)
    assert len(folds) == FOLDS
    x = np.random.default_rng(7).uniform(1, 1.05, (20, WIDTH))
    moved, limit = deviation(network, folds, x), bound(network, folds, x)
    last = folds[-1]
    h = through(network.layers[: last.numbers[0] - 1], x)
    alone = error_bound(last.layers, last.folded.layers, h).max()
    assert alone < moved
    assert limit is not None
    assert moved <= limit < 100 * FOLDS * np.finfo(float).eps


def test_a_distance_is_carried_by_each_layer() -> None:
    layers = [Scale((2,), np.array(factors)) for factors in ([3.0, -1.0], [-5.0, 7.0])]
    found = carried(layers, np.zeros((1, 2)), np.array([[1.0, 2.0]]))
    np.testing.assert_array_equal(present(found), [[15.0, 14.0]])


def test_folds_of_what_cannot_be_run_are_compared_alone() -> None:
    """Two folds with something unknown between them: of each its own deviation and bound."""
    rng = np.random.default_rng(9)
    pairs = [[Dense((6,), n * rng.standard_normal((6, 6))) for _ in range(2)] for n in (1, 30)]
    network = path("parts", [*pairs[0], Opaque((6,), "unknown"), *pairs[1]])
    assert not network.is_path
    folds = plan(network, always=True)
    agreed = agreement(network, folds, np.random.default_rng(3))
    draw = np.random.default_rng(3)
    alone: list[tuple[float, float]] = []
    for one in folds:
        x = draw.standard_normal((agreed.inputs, 6), np.float32).astype(np.float64)
        apart = np.abs(through(one.layers, x) - through(one.folded.layers, x)).max()
        alone.append((apart, float(error_bound(one.layers, one.folded.layers, x).max())))
    nearest = max(alone, key=lambda one: one[0] / one[1])
    assert (agreed.deviation, agreed.bound) == nearest
    assert 0 < nearest[0] <= nearest[1]


@pytest.mark.parametrize("name", ["relu", "tanh", "silu"])
def test_the_outputs_stay_within_the_bound(name: str) -> None:
    rng = np.random.default_rng(8)
    layers: list[Layer] = []
    for _ in range(3):
        layers += [Dense((6,), rng.standard_normal((6, 6))) for _ in range(2)]
        layers.append(Activated((6,), find(name)))
    network = path(name, layers)
    agreed = agreement(network, plan(network, always=True), rng)
    assert agreed.deviation is not None
    assert agreed.bound is not None
    assert 0 < agreed.deviation <= agreed.bound < 1e-8
