"""How far folds move the outputs: through every kind of node, every way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from actcli.networks.files.onnx.deviation import Distances
from actcli.networks.files.onnx.model import OnnxModel
from actcli.networks.folding.plan import plan
from tests.networks.files import models
from tests.networks.files.models import node, weights
from tests.networks.files.saved_models import X, fold_then_layer, folds_about, opened, written


def unit_distances(model: OnnxModel) -> float | None:
    """The largest distance at an output, where the fold of layers 1-2 moves what it gives by 1."""
    before = model.graph.model
    steps = [fold for fold in model._steps(plan(model.network)) if fold[1].numbers == [1, 2]]

    def one(fold: Any, replacement: Any, values: dict[str, np.ndarray]) -> np.ndarray:
        return np.ones(values[fold[-1].target].shape)

    return Distances(before, {"x": X}).at_outputs(model.graph.runs, steps, one)


def test_a_distance_is_held_until_the_last_step_that_takes_it(tmp_path: Path) -> None:
    """The branches of y begin before a node that needs their source as well, and end after it."""
    nodes = [
        node("Gemm", "x w1", "h1", transB=1),
        node("Gemm", "h1 w2", "h", transB=1),
        node("Gemm", "h w3", "a", transB=1),
        node("Identity", "a", "b"),
        node("Sigmoid", "h", "q"),
        node("Add", "b h", "y"),
    ]
    constants = {"w1": weights(64, 32), "w2": weights(16, 64), "w3": weights(16, 16)}
    source = models.model(tmp_path / "m.onnx", nodes, constants, (["N", 32], [None, None]))
    most = (np.abs(constants["w3"]) + np.eye(16)).sum(axis=1).max()
    found = unit_distances(opened(source))
    assert found == pytest.approx(most, rel=1e-3)


def test_a_distance_at_an_output_counts_where_nodes_take_it_too(tmp_path: Path) -> None:
    nodes = [
        node("Gemm", "x w1", "h1", transB=1),
        node("Gemm", "h1 w2", "h", transB=1),
        node("Sigmoid", "h", "y"),
    ]
    constants = {"w1": weights(64, 32), "w2": weights(16, 64)}
    source = models.model(tmp_path / "m.onnx", nodes, constants, (["N", 32], [None, None]))
    made = onnx.load(source)
    made.graph.output.append(helper.make_tensor_value_info("h", TensorProto.FLOAT, ["N", 16]))
    assert unit_distances(opened(written(source, made))) == pytest.approx(1)


def two_folds(path: Path) -> Path:
    """A fold, a Relu whose value is needed twice, a fold and one more Relu, and their sum."""
    nodes = [
        node("Gemm", "x w1", "h1", transB=1),
        node("Gemm", "h1 w2", "h2", transB=1),
        node("Relu", "h2", "r"),
        node("Gemm", "r w3", "h3", transB=1),
        node("Gemm", "h3 w4", "h4", transB=1),
        node("Relu", "r", "t"),
        node("Add", "h4 t", "y"),
    ]
    constants = {"w1": weights(64, 32), "w2": weights(16, 64), "w3": weights(64, 16)}
    return models.model(path, nodes, constants | {"w4": weights(16, 64)}, (["N", 32], ["N", 16]))


def test_a_distance_goes_every_way_to_the_output(tmp_path: Path) -> None:
    model = opened(two_folds(tmp_path / "model.onnx"))
    before = model.graph.model
    folds = model._steps(plan(model.network))
    w3, w4 = (numpy_helper.to_array(t).astype(float) for t in before.graph.initializer[2:])
    reached = np.abs(w4 @ w3).sum(axis=1) + 1
    apart = iter([np.ones((len(X), 16)), np.zeros((len(X), 16))])
    found = Distances(before, {"x": X}).at_outputs(model.graph.runs, folds, lambda *_: next(apart))
    assert found == pytest.approx(reached.max(), rel=1e-4)


def test_a_distance_waits_for_the_end_of_a_fold(tmp_path: Path) -> None:
    model = folds_about("Relu", tmp_path / "model.onnx")
    before = model.graph.model
    w3, w4 = (numpy_helper.to_array(t).astype(float) for t in before.graph.initializer[2:])
    apart = iter([np.ones((len(X), 16)), np.zeros((len(X), 10))])
    found = Distances(before, {"x": X}).at_outputs(
        model.graph.runs, model._steps(plan(model.network)), lambda *_: next(apart)
    )
    assert found == pytest.approx(np.abs(w4 @ w3).sum(axis=1).max(), rel=1e-4)


def softmax(h: np.ndarray) -> np.ndarray:
    powers = np.exp(h - h.max(axis=1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return shares


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (node("Mul", "h h", "y"), lambda h: 2 * np.abs(h) + 1),
        (node("Add", "h r", "y"), lambda h: 2 + 0 * h),
        (node("Sub", "h r", "y"), lambda h: 2 + 0 * h),
        (node("LeakyRelu", "h", "y", alpha=-3.0), lambda h: 3 + 0 * h),
        (node("Sigmoid", "h", "y"), lambda h: 0.25 + 0 * h),
        (node("Transpose", "h", "y", perm=[1, 0]), lambda h: 1 + 0 * h),
        (node("Concat", "h x", "y", axis=1), lambda h: 1 + 0 * h),
        (node("Softmax", "h", "y", axis=1), lambda h: softmax(h) * np.expm1(2)),
    ],
    ids=lambda part: part.op_type if hasattr(part, "op_type") else "",
)
def test_each_node_carries_distances_in_its_way(
    tmp_path: Path, last: onnx.NodeProto, expected: Callable[[np.ndarray], np.ndarray]
) -> None:
    nodes = [node("Gemm", "x w1", "h1", transB=1), node("Gemm", "h1 w2", "h", transB=1)]
    nodes += [node("Relu", "h", "r"), last]
    constants = {"w1": weights(64, 32), "w2": weights(16, 64)}
    model = opened(models.model(tmp_path / "m.onnx", nodes, constants, (["N", 32], [None, None])))
    before = model.graph.model
    steps = [fold for fold in model._steps(plan(model.network)) if fold[1].numbers[0] == 1]
    found = Distances(before, {"x": X}).at_outputs([], steps, lambda *_: np.ones((len(X), 16)))
    w1, w2 = (numpy_helper.to_array(t) for t in before.graph.initializer[:2])
    assert found == pytest.approx(expected((X @ w1.T @ w2.T).astype(float)).max(), rel=2e-3)


@pytest.mark.parametrize(("opset", "axes"), [(11, (1, 2)), (13, (2,))])
def test_an_old_softmax_is_along_all_axes_from_the_first(
    tmp_path: Path, opset: int, axes: tuple[int, ...]
) -> None:
    """Without an axis; the two outputs of a share are as far apart as the two of its inputs."""
    nodes = [node("Gemm", "x w1", "h1", transB=1), node("Gemm", "h1 w2", "h", transB=1)]
    nodes += [node("Reshape", "h shape", "r"), node("Softmax", "r", "y")]
    constants = {"w1": weights(64, 32), "w2": weights(16, 64), "shape": np.array([-1, 4, 4])}
    path = tmp_path / "m.onnx"
    model = opened(models.model(path, nodes, constants, (["N", 32], [None] * 3), opset))
    w1, w2 = (constants[name].astype(float) for name in ("w1", "w2"))
    powers = np.exp((X @ w1.T @ w2.T).reshape(-1, 4, 4))
    share = powers / powers.sum(axis=axes, keepdims=True)
    assert unit_distances(model) == pytest.approx((share * np.expm1(2)).max(), rel=2e-3)


def test_a_distance_goes_through_a_layer_that_stays(tmp_path: Path) -> None:
    before, _, model, folds = fold_then_layer(tmp_path / "model.onnx")
    w3 = numpy_helper.to_array(before.graph.initializer[2]).astype(float)
    found = Distances(before, {"x": X}).at_outputs(
        model.graph.runs, folds, lambda *_: np.ones((len(X), 16))
    )
    assert found == pytest.approx(np.abs(w3).sum(axis=1).max(), rel=1e-4)
