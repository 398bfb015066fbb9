"""A folded ONNX model keeps all else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from actcli.errors import ActcliError
from actcli.networks.files.reading import read
from actcli.networks.files.saving import save
from tests.networks.files import models
from tests.networks.files.models import node, weights
from tests.networks.files.saved_models import X, outputs, same_after_saving, written


def test_a_residual_network_is_folded_at_every_normalisation(tmp_path: Path) -> None:
    source = models.resnet18(tmp_path / "model.onnx", width=2, image=32)
    x = np.random.default_rng(4).standard_normal((2, 3, 32, 32)).astype(np.float32)
    after = same_after_saving(source, {"x": x}, close=1e-4)
    assert "BatchNormalization" not in {step.op_type for step in after.graph.node}


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
