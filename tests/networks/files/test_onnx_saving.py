"""A folded ONNX model that is not the original is never written; one that is keeps all else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper

from actcli.errors import ActcliError
from actcli.networks.files.onnx.check import check_rules, compared
from actcli.networks.files.onnx.deviation import Distances
from actcli.networks.files.onnx.model import OnnxModel
from actcli.networks.files.reading import read
from actcli.networks.files.saving import save
from actcli.networks.folding.plan import plan
from tests.conftest import Run
from tests.networks.files import models
from tests.networks.files.models import node, weights


def outputs(path: Path, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    arrays: list[np.ndarray] = session.run(None, feed)
    return arrays


def same_after_saving(source: Path, feed: dict[str, np.ndarray], close: float = 1e-5) -> ModelProto:
    target = source.with_name("folded.onnx")
    assert save(read(source), target).folds
    for one, other in zip(outputs(source, feed), outputs(target, feed), strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one.astype(float), other.astype(float), rtol=0, atol=close)
    return onnx.load(target)


def written(path: Path, model: ModelProto) -> Path:
    path.write_bytes(model.SerializeToString())
    return path


X = np.random.default_rng(3).standard_normal((6, 32)).astype(np.float32)


def opened(path: Path) -> OnnxModel:
    model = read(path)
    assert isinstance(model, OnnxModel)
    return model


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


@pytest.mark.parametrize("by", [1.001, -1.0, np.nan])
def test_a_wrong_fold_is_refused_and_the_layers_named(tmp_path: Path, by: float) -> None:
    model = opened(models.classifier(tmp_path / "model.onnx"))
    folds = plan(model.network)
    after = model.folded(folds)
    (place,) = [i for i, t in enumerate(after.graph.initializer) if t.name == "z_weight"]
    wrong = numpy_helper.to_array(after.graph.initializer[place]) * np.float32(by)
    after.graph.initializer[place].CopyFrom(numpy_helper.from_array(wrong, "z_weight"))
    before, steps = model.graph.model, model._steps(folds)
    with pytest.raises(ActcliError, match=r"layers 3-4 folded move .* nothing is saved") as refusal:
        compared(before, after, model.graph.runs, steps, 1, 1, np.random.default_rng(0))
    assert refusal.value.exit_code == 1


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


def fold_then_layer(path: Path) -> tuple[ModelProto, ModelProto, OnnxModel, list[Any]]:
    """Two layers that fold, a Relu, a layer that stays: before, after, and what is folded."""
    nodes = [
        node("Gemm", "x w1", "h1", transB=1),
        node("Gemm", "h1 w2", "h2", transB=1),
        node("Relu", "h2", "r"),
        node("Gemm", "r w3", "y", transB=1),
    ]
    constants = {"w1": weights(64, 32), "w2": weights(16, 64), "w3": weights(10, 16)}
    model = opened(models.model(path, nodes, constants, (["N", 32], ["N", 10])))
    folds = plan(model.network)
    return model.graph.model, model.folded(folds), model, model._steps(folds)


def test_a_distance_goes_every_way_to_the_output(tmp_path: Path) -> None:
    model = opened(two_folds(tmp_path / "model.onnx"))
    before = model.graph.model
    folds = model._steps(plan(model.network))
    w3, w4 = (numpy_helper.to_array(t).astype(float) for t in before.graph.initializer[2:])
    reached = np.abs(w4 @ w3).sum(axis=1) + 1
    apart = iter([np.ones((len(X), 16)), np.zeros((len(X), 16))])
    found = Distances(before, {"x": X}).at_outputs(model.graph.runs, folds, lambda *_: next(apart))
    assert found == pytest.approx(reached.max(), rel=1e-4)


def folds_about(middle: str, path: Path) -> OnnxModel:
    """Two folds with a node between them: the model, and what is folded in it."""
    nodes = [
        node("Gemm", "x w1", "h1", transB=1),
        node("Gemm", "h1 w2", "h2", transB=1),
        node(middle, "h2", "r"),
        node("Gemm", "r w3", "h3", transB=1),
        node("Gemm", "h3 w4", "y", transB=1),
    ]
    constants = {"w1": weights(64, 32), "w2": weights(16, 64), "w3": weights(64, 16)}
    constants["w4"] = weights(10, 64)
    return opened(models.model(path, nodes, constants, (["N", 32], ["N", 10])))


def test_a_distance_waits_for_the_end_of_a_fold(tmp_path: Path) -> None:
    model = folds_about("Relu", tmp_path / "model.onnx")
    before = model.graph.model
    w3, w4 = (numpy_helper.to_array(t).astype(float) for t in before.graph.initializer[2:])
    apart = iter([np.ones((len(X), 16)), np.zeros((len(X), 10))])
    found = Distances(before, {"x": X}).at_outputs(
        model.graph.runs, model._steps(plan(model.network)), lambda *_: next(apart)
    )
    assert found == pytest.approx(np.abs(w4 @ w3).sum(axis=1).max(), rel=1e-4)


def test_a_fold_behind_a_node_without_a_bound_is_checked(tmp_path: Path) -> None:
    model = folds_about("Ceil", tmp_path / "model.onnx")
    folds = plan(model.network)
    after = model.folded(folds)
    agreed = compared(
        model.graph.model, after, model.graph.runs, model._steps(folds), 1, 1, rng=rng()
    )
    assert agreed.unknown == "there is no bound through /r (Ceil)"
    (tensor,) = (t for t in after.graph.initializer if tuple(t.dims) == (10, 16))
    wrong = numpy_helper.to_array(tensor) * np.float32(1.01)
    tensor.CopyFrom(numpy_helper.from_array(wrong, tensor.name))
    with pytest.raises(ActcliError, match="layers 3-4 folded move"):
        compared(model.graph.model, after, model.graph.runs, model._steps(folds), 1, 1, rng=rng())


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


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


def test_outputs_that_move_beyond_the_bound_are_refused(tmp_path: Path) -> None:
    before, after, model, folds = fold_then_layer(tmp_path / "model.onnx")
    for tensor in after.graph.initializer:
        if tensor.name == "w3":
            wrong = numpy_helper.to_array(tensor) * np.float32(1.1)
            tensor.CopyFrom(numpy_helper.from_array(wrong, "w3"))
    with pytest.raises(ActcliError, match=r"folded the outputs move by .* nothing is saved"):
        compared(before, after, model.graph.runs, folds, 1, 1, np.random.default_rng(0))


def test_a_residual_network_is_folded_at_every_normalisation(tmp_path: Path) -> None:
    source = models.resnet18(tmp_path / "model.onnx", width=2, image=32)
    x = np.random.default_rng(4).standard_normal((2, 3, 32, 32)).astype(np.float32)
    after = same_after_saving(source, {"x": x}, close=1e-4)
    assert "BatchNormalization" not in {step.op_type for step in after.graph.node}


def test_other_inputs_or_outputs_are_refused(tmp_path: Path) -> None:
    before = onnx.load(models.gemm_mlp(tmp_path / "model.onnx"))
    for change in ("inputs", "outputs"):
        after = onnx.load(tmp_path / "model.onnx")
        values = after.graph.input if change == "inputs" else after.graph.output
        values[0].type.tensor_type.shape.dim[0].dim_param = "M"
        with pytest.raises(ActcliError, match=f"{change} are not the original's"):
            check_rules(before, after)


def test_what_fails_the_full_checker_is_refused(tmp_path: Path) -> None:
    before = onnx.load(models.gemm_mlp(tmp_path / "model.onnx"))
    after = onnx.load(tmp_path / "model.onnx")
    after.graph.initializer[2].CopyFrom(numpy_helper.from_array(weights(48, 63), "w2"))
    with pytest.raises(ActcliError, match="checker"):
        check_rules(before, after)


def unknown(path: Path) -> Path:
    """A model with an operator that nobody here has."""
    nodes = [node("Gemm", "x w1", "h", transB=1), node("Gemm", "h w2", "p", transB=1)]
    graph = helper.make_graph(
        [*nodes, helper.make_node("Foreign", ["p"], ["y"], domain="elsewhere")],
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 32])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 4])],
        [
            numpy_helper.from_array(weights(6, 32), "w1"),
            numpy_helper.from_array(weights(4, 6), "w2"),
        ],
    )
    opset = [helper.make_opsetid("", 17), helper.make_opsetid("elsewhere", 1)]
    return written(path, helper.make_model(graph, opset_imports=opset, ir_version=8))


def test_without_a_run_nothing_is_saved_unless_asked_for(run: Run, tmp_path: Path) -> None:
    source, target = unknown(tmp_path / "model.onnx"), tmp_path / "folded.onnx"
    refused = run("collapse", str(source), "--save", str(target))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "cannot be run here" in refused.stderr
    assert "--unchecked" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert not target.exists()
    saved = run("collapse", str(source), "--save", str(target), "--unchecked")
    assert saved.exit_code == 0
    assert "not compared" in saved.stdout
    assert len(onnx.load(target).graph.node) == 2


def test_initializers_that_are_inputs_go_with_their_nodes(tmp_path: Path) -> None:
    """Before version 4 of the format every initializer is an input too."""
    model = onnx.load(models.gemm_mlp(tmp_path / "plain.onnx"))
    model.ir_version = 3
    for tensor in model.graph.initializer:
        dims = list(tensor.dims)
        model.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, dims))
    after = same_after_saving(written(tmp_path / "model.onnx", model), {"x": X})
    given = {tensor.name for tensor in after.graph.initializer}
    assert {value.name for value in after.graph.input} == {"x"} | given


def test_nodes_that_are_not_sorted_are_sorted(tmp_path: Path) -> None:
    model = onnx.load(models.classifier(tmp_path / "plain.onnx"))
    nodes = list(model.graph.node)[::-1]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    after = same_after_saving(written(tmp_path / "model.onnx", model), {"x": X})
    assert [n.op_type for n in after.graph.node] == ["Gemm", "Relu", "Gemm", "Softmax"]


def test_nodes_in_a_circle_are_one_line(tmp_path: Path) -> None:
    model = onnx.load(models.gemm_mlp(tmp_path / "plain.onnx"))
    model.graph.node[0].input[0] = "h2"
    with pytest.raises(ActcliError, match="in a circle"):
        read(written(tmp_path / "model.onnx", model))


def test_outputs_that_are_no_floats_are_compared(tmp_path: Path) -> None:
    nodes = [
        node("Gemm", "x w1", "h", transB=1),
        node("Gemm", "h w2", "y", transB=1),
        node("Greater", "y z", "large"),
        node("ArgMax", "y", "best", axis=1, keepdims=0),
    ]
    constants = {"w1": weights(16, 32), "w2": weights(4, 16), "z": np.array(0, np.float32)}
    source = models.model(tmp_path / "model.onnx", nodes, constants, (["N", 32], ["N", 4]))
    model = onnx.load(source)
    model.graph.output.append(helper.make_tensor_value_info("large", TensorProto.BOOL, ["N", 4]))
    model.graph.output.append(helper.make_tensor_value_info("best", TensorProto.INT64, ["N"]))
    same_after_saving(written(source, model), {"x": X})


def test_token_ids_are_inputs(tmp_path: Path) -> None:
    nodes = [
        node("Gather", "table ids", "x"),
        node("MatMul", "x w1", "h"),
        node("MatMul", "h w2", "y"),
    ]
    constants = {"table": weights(5, 8), "w1": weights(8, 16), "w2": weights(16, 2)}
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["N", "S"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", "S", 2])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    source = written(
        tmp_path / "model.onnx", helper.make_model(graph, opset_imports=opset, ir_version=8)
    )
    same_after_saving(source, {"ids": np.array([[0, 4, 2], [1, 1, 3]])})


def test_a_normalisation_of_rank_3_is_no_scale_of_the_last_axis(tmp_path: Path) -> None:
    """Eight channels of eight numbers: which axis is meant, no size tells."""
    nodes = [
        node("BatchNormalization", "x gamma beta mean var", "h"),
        node("MatMul", "h w", "y"),
    ]
    constants = {"gamma": 1 + weights(8), "beta": weights(8), "mean": weights(8)}
    constants |= {"var": 0.5 + weights(8) ** 2, "w": weights(8, 8)}
    shapes = (["N", 8, 8], ["N", 8, 8])
    source = models.model(tmp_path / "model.onnx", nodes, constants, shapes)
    target = tmp_path / "folded.onnx"
    x = np.random.default_rng(5).standard_normal((4, 8, 8)).astype(np.float32)
    for always in (False, True):
        save(read(source), target, always=always)
        (one,), (other,) = outputs(source, {"x": x}), outputs(target, {"x": x})
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-4)


def test_products_of_rank_3_before_a_reshape_keep_their_shape(tmp_path: Path) -> None:
    nodes = [
        node("MatMul", "x w1", "h"),
        node("MatMul", "h w2", "g"),
        node("Reshape", "g shape", "y"),
    ]
    constants = {"w1": weights(6, 40), "w2": weights(40, 4), "shape": np.array([-1, 4])}
    shapes = (["N", 8, 6], [None, 4])
    source = models.model(tmp_path / "model.onnx", nodes, constants, shapes)
    x = np.random.default_rng(5).standard_normal((3, 8, 6)).astype(np.float32)
    after = same_after_saving(source, {"x": x})
    assert [n.op_type for n in after.graph.node] == ["MatMul", "Reshape"]
