"""How far a whole network moves with its folds, measured and bounded."""

from __future__ import annotations

import numpy as np
import pytest

from actcli.find import find
from actcli.networks.folding.plan import plan
from actcli.networks.folding.proof.deviation import agreement, bound, deviation
from actcli.networks.folding.proof.error_bound import error_bound
from actcli.networks.layers import Activated, Dense, Layer, Scale, through
from actcli.networks.network import Network, path

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
