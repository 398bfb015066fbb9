"""Weights that are drawn for one step have the distribution of a matrix."""

from __future__ import annotations

import numpy as np

from actcli.meanfield.fresh_weights import FreshWeights

ROWS, WIDTH, DRAWS = 3, 4, 40_000


def test_both_products_are_distributed_as_those_of_a_matrix() -> None:
    """They are normal, so their second moments say all; the matrix's are known in closed form."""
    random = np.random.default_rng(1)
    h, g = random.standard_normal(WIDTH), random.standard_normal(ROWS)
    sigma = 1.3
    found = np.empty((DRAWS, ROWS + WIDTH))
    for draw in range(DRAWS):
        weights = FreshWeights(ROWS, WIDTH, sigma, random)
        found[draw, :ROWS] = weights @ h
        found[draw, ROWS:] = g @ weights
    scale = sigma**2 / WIDTH
    expected = scale * np.block(
        [[h @ h * np.eye(ROWS), np.outer(g, h)], [np.outer(h, g), g @ g * np.eye(WIDTH)]]
    )
    assert np.allclose(found.T @ found / DRAWS, expected, atol=0.06)
    assert np.allclose(g @ found[:, :ROWS].T, found[:, ROWS:] @ h)


def test_a_state_without_signal_gives_none() -> None:
    weights = FreshWeights(ROWS, WIDTH, 1.0, np.random.default_rng(0))
    assert not (weights @ np.zeros(WIDTH)).any()
    assert np.isfinite(np.ones(ROWS) @ weights).all()
