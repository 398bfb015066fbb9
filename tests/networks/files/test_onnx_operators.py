"""The table of operators: what it says of each, against onnxruntime and ONNX's own definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from actcli.networks.files.onnx.operators import TABLE
from actcli.networks.files.onnx.operators.functions import FUNCTIONS, Function
from actcli.networks.files.onnx.operators.spreads import Met, UnboundedError
from actcli.networks.files.reading import read
from tests.networks.files import models
from tests.networks.files.models import node, weights
from tests.present import present


def computed(made: onnx.NodeProto, opset: int, **feed: np.ndarray) -> np.ndarray:
    """What onnxruntime makes of one node."""
    kinds = {name: helper.np_dtype_to_tensor_dtype(value.dtype) for name, value in feed.items()}
    graph = helper.make_graph(
        [made],
        "node",
        [
            helper.make_tensor_value_info(name, kinds[name], value.shape)
            for name, value in feed.items()
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return np.asarray(session.run(None, feed)[0])


KNOWN = [row for row in FUNCTIONS if row.since <= onnx.defs.onnx_opset_version()]
X = np.linspace(-5, 5, 41, dtype=np.float32)


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: f"{row.operator} {row.name}")
def test_a_function_is_what_onnxruntime_computes(row: Function) -> None:
    for factor in (None, 0.7):
        changed = (
            {}
            if factor is None
            else {name: factor * usual for name, (_, usual) in row.parameters.items()}
        )
        given = {} if row.given.get("approximate") == "none" else row.given
        made = node(row.operator, "x", "y", **changed, **given)
        expected = present(row.activation(made)).value(X.astype(float))
        found = computed(made, max(row.since, 17), x=X)
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: f"{row.operator} {row.name}")
def test_the_operators_are_since_what_onnx_says(row: Function) -> None:
    schema = onnx.defs.get_schema(row.operator, max(row.since, 7))
    assert schema.since_version <= row.since
    if row.since > 7:
        with pytest.raises(onnx.defs.SchemaError):
            onnx.defs.get_schema(row.operator, row.since - 1)
    for name, (_, usual) in row.parameters.items():
        assert helper.get_attribute_value(schema.attributes[name].default_value) == pytest.approx(
            usual
        )


SPREADING: dict[str, dict[str, Any]] = {
    **{row.operator: {} for row in KNOWN},
    "Add": {},
    "Sub": {},
    "Mul": {},
    "Neg": {},
    "Softmax": {"axis": 0},
    "LogSoftmax": {"axis": 1},
    "Transpose": {"perm": [1, 0]},
    "Flatten": {},
    "ReduceMax": {},
}


@pytest.mark.parametrize("operator", SPREADING)
def test_outputs_are_no_farther_apart_than_the_table_says(operator: str) -> None:
    rng = np.random.default_rng(6)
    names = ["a", "b"][: 2 if operator in ("Add", "Sub", "Mul") else 1]
    made = node(operator, " ".join(names), "y", **SPREADING[operator])
    since = max([17, *(row.since for row in FUNCTIONS if row.operator == operator)])
    empty = helper.make_graph([], "empty", [], [])
    model = helper.make_model(empty, opset_imports=[helper.make_opsetid("", since)])
    feed = {name: 3 * rng.standard_normal((30, 40)).astype(np.float32) for name in names}
    apart = [rng.uniform(0, 0.5, (30, 40)) for _ in names]
    values = feed | {"y": computed(made, since, **feed)}
    try:
        most = present(TABLE[operator].spread)(Met(made, values, apart, model))
    except UnboundedError:
        assert operator in ("Exp", "Sign", "ThresholdedRelu")
        return
    for sign in (-1, 1):
        moved = {
            n: feed[n] + np.float32(sign) * d.astype(np.float32)
            for n, d in zip(names, apart, strict=True)
        }
        found = np.abs(computed(made, since, **moved) - values["y"])
        assert (found <= np.broadcast_to(most, found.shape) * (1 + 1e-5) + 3e-6).all()


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (node("Relu", "x", "y"), "Relu is no linear layer"),
        (node("Softmax", "x", "y"), "Softmax is no linear layer"),
        (node("Concat", "x c", "y", axis=1), "Concat is not supported"),
        (node("Tile", "x two", "y"), "Tile is not supported"),
        (node("CumSum", "x one", "y"), "CumSum is not supported"),
        (node("DepthToSpace", "x", "y", blocksize=2), "DepthToSpace is not supported"),
        (node("Einsum", "x", "y", equation="nchw->nc"), "Einsum of the form nchw->nc is not supp"),
        (node("Pad", "x around", "y", mode="edge"), "other than with a constant is not supported"),
        (node("ConvTranspose", "x k", "y", auto_pad="SAME_UPPER"), "is not supported"),
        (node("AveragePool", "x", "y", kernel_shape=[2, 2], ceil_mode=1), "is not supported"),
        (node("BatchNormalization", "x v v v v", "y", training_mode=1), "in training"),
    ],
)  # fmt: skip
def test_what_is_linear_is_never_called_not_linear(
    tmp_path: Path, made: onnx.NodeProto, why: str
) -> None:
    constants = {"c": weights(2, 4, 6, 6), "k": weights(4, 3, 2, 2), "v": 1 + weights(4) ** 2}
    constants |= {"one": np.array(1), "two": np.array([1, 2, 1, 1])}
    constants["around"] = np.array([0, 0, 1, 1, 0, 0, 1, 1])
    used = {name: value for name, value in constants.items() if name in made.input}
    if made.op_type == "BatchNormalization":
        made.output.extend(["running_mean", "running_var"])
    path = tmp_path / "model.onnx"
    rank = 2 if made.op_type == "Einsum" else 4
    models.model(path, [made], used, ([2, 4, 6, 6], [None] * rank))
    (barrier,) = read(path).network.barriers
    assert why in barrier.why


@pytest.mark.parametrize(
    "made",
    [
        node("ConvTranspose", "x k", "y", strides=[0, 1]),
        node("ConvTranspose", "x k", "y", output_padding=[2, 2]),
        node("ConvTranspose", "x k", "y", pads=[9, 9, 9, 9]),
        node("ConvTranspose", "x k", "y", group=3),
        node("Conv", "x k", "y", dilations=[10**9, 1]),
        node("Conv", "x k", "y", auto_pad="SAME_UPPER", strides=[0, 1]),
        node("AveragePool", "x", "y", kernel_shape=[2, 2], pads=[10**12] * 4),
        node("Pad", "x pads value axes", "y"),
        node("Pad", "x cut", "y"),
        node("ReduceSum", "x axes", "y"),
        node("ReduceMean", "x", "y", axes=[-9]),
        node("Einsum", "x k", "y", equation="nchw,abde->"),
        node("Einsum", "x k", "y", equation="nchw,coij"),
        node("Einsum", "x k", "y", equation="nchw,cccc->nhw"),
        node("MatMul", "k x", "y"),
    ],
)
def test_attributes_that_cannot_be_are_a_reason(tmp_path: Path, made: onnx.NodeProto) -> None:
    constants = {"k": weights(4, 4, 2, 2), "value": np.array(1, np.float32)}
    constants |= {"pads": np.array([1, 1]), "axes": np.array([9])}
    constants["cut"] = np.array([0, 0, -1, 0, 0, 0, 0, 0])
    graph = helper.make_graph(
        [made],
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 4, 5, 5])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["a", "b", "c", "d"])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    opset = 18 if made.op_type in ("Pad", "ReduceSum") else 17
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    (tmp_path / "model.onnx").write_bytes(model.SerializeToString())
    network = read(tmp_path / "model.onnx").network
    assert not network.runs
    assert len(network.barriers) == 1
