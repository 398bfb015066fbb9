"""The proof of a fold in integers."""

from __future__ import annotations

import numpy as np
import pytest

from actcli.networks.folding.fold import fold
from actcli.networks.folding.proof.exact import exact_proof
from actcli.networks.layers import Dense
from tests.networks.folding.runs import chain
from tests.present import present


@pytest.mark.parametrize("sizes", [(4, 8, 8, 3), (32,) * 11, (784, 128, 10)])
def test_in_integers_nothing_is_left(sizes: tuple[int, ...]) -> None:
    layers = chain(*sizes)
    if sizes[0] == 784:
        layers = [
            Dense(x.shape, np.rint(x.weight * 64), np.rint(present(x.bias) * 8)) for x in layers
        ]
    folded = fold(layers)
    proof = exact_proof(layers, folded.core.matrix(), np.random.default_rng(0))
    assert proof is not None
    assert proof.deviation == 0
    assert present(proof.matrix_error) < 1e-14


def test_the_exact_proof_finds_an_error_in_the_matrix() -> None:
    layers = chain(4, 8, 3)
    wrong = fold(layers).core.matrix() + 1e-10
    proof = exact_proof(layers, wrong, np.random.default_rng(0))
    assert present(proof).matrix_error == pytest.approx(1e-10, rel=1e-5)


def test_integers_beyond_reason_are_not_tried() -> None:
    assert exact_proof(chain(300, 300, 300), None, np.random.default_rng(0)) is None


def test_extreme_exponents_are_exact() -> None:
    weights = np.array([[1e300, 5e-324], [1.0, -1e-300]])
    layers = [Dense((2,), weights), Dense((2,), weights.T / 1e10)]
    proof = present(exact_proof(layers, None, np.random.default_rng(0)))
    assert proof.deviation == 0
    assert proof.bits > 2000
