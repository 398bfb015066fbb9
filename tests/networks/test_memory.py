"""What is held at once: a strip of a widened matrix, and a stretch of a model's values."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import pytest

from actcli.networks.files.onnx import replay
from actcli.networks.layers import Dense, Sum
from tests.networks.files import models
from tests.networks.files.models import node, weights

SIZE = 1200
WIDENED = 8 * SIZE * SIZE
"""Bytes of a whole matrix in float64."""


def peak_of(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_matrix_is_widened_a_strip_at_a_time() -> None:
    rng = np.random.default_rng(0)
    layer = Dense((2, SIZE - 7), weights(SIZE, SIZE - 7))
    x, y = rng.standard_normal((3, 2, SIZE - 7)), rng.standard_normal((3, 2, SIZE))
    wide = layer.weight.astype(np.float64)
    np.testing.assert_allclose(layer.linear(x), np.einsum("oi,nri->nro", wide, x), atol=1e-12)
    np.testing.assert_allclose(layer.transposed(y), np.einsum("oi,nro->nri", wide, y), atol=1e-12)
    assert peak_of(lambda: layer.linear(x)) < WIDENED / 2
    assert peak_of(lambda: layer.transposed(y)) < WIDENED / 2
    assert peak_of(lambda: layer.largest) < WIDENED / 100
    assert layer.largest == np.abs(wide).max()


def test_a_sum_holds_two_matrices_and_leaves_its_members_alone() -> None:
    members = [Dense((SIZE,), weights(SIZE, SIZE).astype(np.float64)) for _ in range(3)]
    a, b, c = (layer.weight.copy() for layer in members)
    whole = Sum(tuple(members), (-1, 1, -1))
    np.testing.assert_array_equal(whole.matrix(), -a + b - c)
    for layer, before in zip(members, (a, b, c), strict=True):
        np.testing.assert_array_equal(layer.weight, before)
    narrow = Sum(tuple(layer.rounded(np.dtype(np.float32)) for layer in members), (1, 1, 1))
    assert peak_of(narrow.matrix) < 2.5 * WIDENED


def test_large_values_are_not_computed_before_they_are_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight nodes on 16 numbers, so that stretches grow, then nodes on 4 x 4096 of them."""
    small = ["x", *(f"h{place}" for place in range(8))]
    large = ["g0", "g1", "g2", "g3", "g4", "y"]
    nodes = [node("Relu", before, after) for before, after in pairwise(small)]
    nodes.append(node("MatMul", f"{small[-1]} w", large[0]))
    nodes += [node("Relu", before, after) for before, after in pairwise(large)]
    factor = weights(4, 4096)
    source = models.model(tmp_path / "model.onnx", nodes, {"w": factor}, (["N", 4], ["N", 4096]))
    stretch = 2 * 4 * 4 * 4096
    monkeypatch.setattr(replay, "STRETCH", stretch)
    x = np.random.default_rng(0).standard_normal((4, 4)).astype(np.float32)
    again = replay.Replay(onnx.load(source), {"x": x})
    for place, made in enumerate(nodes):
        again.reach(place)
        early = [later.output[0] for later in nodes[place + 1 :]]
        held = sum(again.values[name].nbytes for name in early if name in again.values)
        assert held <= stretch, made.name
        again.forget(made.input)
    expected = np.maximum(np.maximum(x, 0) @ factor, 0)
    np.testing.assert_allclose(again.values["y"], expected, rtol=1e-5, atol=1e-6)
