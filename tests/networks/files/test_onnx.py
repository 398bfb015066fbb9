"""ONNX models: folded, saved, and run beside the original in onnxruntime."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from actcli.errors import ActcliError, UsageError
from actcli.networks.files.hints import Hints
from actcli.networks.files.onnx.model import write_model
from actcli.networks.files.reading import read
from actcli.networks.files.saving import save
from actcli.networks.folding.plan import plan
from tests.networks.files import models
from tests.networks.files.models import Array, Shape, computed, node, weights
from tests.present import present


def operators(path: Path) -> list[str]:
    return [node.op_type for node in onnx.load(path).graph.node]


def random_input(path: Path) -> np.ndarray:
    dims = onnx.load(path).graph.input[0].type.tensor_type.shape.dim
    sizes = [dim.dim_value or {"N": 16, "S": 5}[dim.dim_param] for dim in dims]
    return np.random.default_rng(1).standard_normal(sizes).astype(np.float32)


@pytest.mark.parametrize(
    ("make", "after"),
    [
        (models.gemm_mlp, ["Gemm"]),
        (models.matmul_mlp, ["MatMul", "Add"]),
        (models.conv_norm_conv, ["Conv"]),
        (models.classifier, ["Gemm", "Relu", "Gemm", "Softmax"]),
        (models.branch, ["Gemm"]),
        (models.bottleneck, ["Gemm", "Gemm"]),
        (models.image_classifier, ["Flatten", "Gemm"]),
        (models.depthwise, ["Conv"]),
    ],
)
def test_the_folded_model_is_the_model(
    tmp_path: Path, make: Callable[[Path], Path], after: list[str]
) -> None:
    source, target = make(tmp_path / "model.onnx"), tmp_path / "folded.onnx"
    saved = save(read(source), target)
    assert operators(target) == after
    onnx.checker.check_model(target, full_check=True)
    x = random_input(source)
    apart = np.abs(computed(source, x) - computed(target, x)).max()
    bound = present(saved.agreement.bound)
    assert apart <= bound
    assert present(saved.agreement.deviation) <= bound <= 0.01
    if saved.folds:
        assert apart > 0, "two programs that round alike have not been told apart"


def test_a_fold_that_costs_is_made_when_asked_for(tmp_path: Path) -> None:
    source, target = models.bottleneck(tmp_path / "model.onnx"), tmp_path / "folded.onnx"
    saved = save(read(source), target, always=True)
    assert operators(target) == ["Gemm"]
    x = random_input(source)
    assert np.abs(computed(source, x) - computed(target, x)).max() <= saved.agreement.bound


def test_everything_else_is_kept(tmp_path: Path) -> None:
    source, target = models.classifier(tmp_path / "model.onnx"), tmp_path / "folded.onnx"
    save(read(source), target)
    before, after = onnx.load(source), onnx.load(target)
    assert after.producer_name == before.producer_name
    assert after.metadata_props == before.metadata_props
    assert after.opset_import == before.opset_import
    assert after.ir_version == before.ir_version
    assert after.graph.input == before.graph.input
    assert after.graph.output == before.graph.output
    assert [n.name for n in after.graph.node] == ["/h2", "/r", "/z", "/y"]
    assert len(after.graph.initializer) == 4


def test_a_value_needed_elsewhere_is_named(tmp_path: Path) -> None:
    nodes = [
        node("Gemm", "x w0", "h", transB=1),
        node("Gemm", "h w1", "p", transB=1),
        node("Relu", "h", "r"),
        node("Add", "p r", "y"),
    ]
    constants = {"w0": weights(8, 32), "w1": weights(8, 8)}
    path = models.model(tmp_path / "model.onnx", nodes, constants, (["N", 32], ["N", 8]))
    network = read(path).network
    told = {barrier.name: barrier.why for barrier in network.barriers}
    assert "h is needed in 2 places" in told["/p (Gemm)"]
    assert "2 computed values" in told["/y (Add)"]
    assert [run.numbers for run in network.runs] == [(1,), (2,)]


def broadcasting(shape: tuple[int, ...]) -> tuple[list[onnx.NodeProto], dict[str, Array]]:
    """A sum that makes its data larger, or turns it round: no bias."""
    return [node("MatMul", "x w", "h"), node("Add", "h c", "y")], {
        "w": weights(4, 8),
        "c": weights(*shape),
    }


@pytest.mark.parametrize(
    ("shape", "before", "after"),
    [
        ((8, 1), [8, 4], [8, 8]),
        ((2, 1, 8), ["N", 4], [2, "N", 8]),
        ((3, 8), [3, 4], [3, 8]),
    ],
)
def test_a_constant_that_is_no_bias_is_no_bias(
    tmp_path: Path, shape: tuple[int, ...], before: Shape, after: Shape
) -> None:
    nodes, constants = broadcasting(shape)
    path = models.model(tmp_path / "model.onnx", nodes, constants, (before, after))
    assert {len(run.layers) for run in read(path).network.runs} == {1}
    assert plan(read(path).network, always=True) == []


@pytest.mark.parametrize(
    ("nodes", "reason"),
    [
        ([node("MatMul", "x x", "y")], "2 computed values|0 computed|data on the other side"),
        ([node("MatMul", "w x", "y")], "other side"),
        ([node("Div", "w x", "y")], "other side"),
        ([node("Relu", "x", "y")], "no linear layer"),
        ([node("Gemm", "x w", "y", transA=1)], "transposed input"),
        ([node("Transpose", "x", "y", perm=[1, 0])], "moves the batch"),
    ],
)
def test_what_is_not_linear_says_why(
    tmp_path: Path, nodes: list[onnx.NodeProto], reason: str
) -> None:
    shapes = (["N", 4], [None, None])
    path = models.model(tmp_path / "model.onnx", nodes, {"w": 1 + weights(4, 4)}, shapes)
    network = read(path).network
    assert not network.runs
    (barrier,) = network.barriers
    assert any(part in barrier.why for part in reason.split("|"))


def test_data_of_a_subgraph_is_needed(tmp_path: Path) -> None:
    """What only the branches of an If look at is in use all the same."""
    inner = [
        helper.make_graph(
            [helper.make_node("Identity", ["h"], [out])],
            out,
            [],
            [helper.make_tensor_value_info(out, TensorProto.FLOAT, ["N", 64])],
        )
        for out in ("a", "b")
    ]
    chosen = helper.make_node("If", ["yes"], ["z"], then_branch=inner[0], else_branch=inner[1])
    nodes = [
        node("MatMul", "x w1", "h"),
        node("MatMul", "h w2", "p"),
        chosen,
        node("MatMul", "z w2", "q"),
        node("Add", "p q", "y"),
    ]
    constants = {"w1": weights(32, 64), "w2": weights(64, 8), "yes": np.array(True)}
    path = models.model(tmp_path / "model.onnx", nodes, constants, (["N", 32], ["N", 8]))
    assert plan(read(path).network) == []


def test_weights_in_other_files_are_found_beside_the_model(tmp_path: Path) -> None:
    source, target = models.gemm_mlp(tmp_path / "plain.onnx"), tmp_path / "folded.onnx"
    outside = tmp_path / "model.onnx"
    onnx.save(
        onnx.load(source),
        outside,
        save_as_external_data=True,
        location="model.data",
        size_threshold=0,
    )
    save(read(outside), target)
    x = random_input(source)
    np.testing.assert_allclose(computed(source, x), computed(target, x), rtol=0, atol=1e-4)


def test_weights_in_other_files_begin_where_they_can_be_mapped(tmp_path: Path) -> None:
    nodes = [node("MatMul", "x a", "h"), node("Relu", "h", "r"), node("MatMul", "r b", "y")]
    constants = {"a": weights(24, 30), "b": weights(30, 20)}
    model = onnx.load(models.model(tmp_path / "m.onnx", nodes, constants, (["N", 24], ["N", 20])))
    write_model(tmp_path / "out.onnx", model, tmp_path / "out.data")
    written = onnx.load(tmp_path / "out.onnx", load_external_data=False).graph.initializer
    offsets = [
        int(entry.value)
        for tensor in written
        for entry in tensor.external_data
        if entry.key == "offset"
    ]
    assert offsets == [0, 4096]


@pytest.mark.parametrize("location", ["../secret.data", "/etc/passwd"])
def test_weights_outside_the_folder_are_refused(tmp_path: Path, location: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.data").write_bytes(bytes(100_000))
    proto = onnx.load(models.gemm_mlp(tmp_path / "plain.onnx"))
    tensor = proto.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    (folder / "model.onnx").write_bytes(proto.SerializeToString())
    with pytest.raises(ActcliError, match="outside the model's folder") as refusal:
        read(folder / "model.onnx")
    assert refusal.value.exit_code == 1


def test_damaged_models_are_refused(tmp_path: Path) -> None:
    whole = models.gemm_mlp(tmp_path / "model.onnx").read_bytes()
    for size in (0, 1, len(whole) // 2, len(whole) - 1):
        (tmp_path / "cut.onnx").write_bytes(whole[:size])
        with pytest.raises(ActcliError, match=r"cut\.onnx"):
            read(tmp_path / "cut.onnx")


def test_a_model_that_fails_the_checker_is_refused(tmp_path: Path) -> None:
    proto = onnx.load(models.gemm_mlp(tmp_path / "model.onnx"))
    proto.graph.node[0].op_type = "NoSuchOperator"
    (tmp_path / "bad.onnx").write_bytes(proto.SerializeToString())
    with pytest.raises(ActcliError, match="checker"):
        read(tmp_path / "bad.onnx")


def test_nan_is_named(tmp_path: Path) -> None:
    proto = onnx.load(models.gemm_mlp(tmp_path / "model.onnx"))
    array = numpy_helper.to_array(proto.graph.initializer[2]).copy()
    array[5, 7] = np.nan
    proto.graph.initializer[2].CopyFrom(numpy_helper.from_array(array, "w2"))
    onnx.save(proto, tmp_path / "nan.onnx")
    with pytest.raises(ActcliError, match=r"/h2 holds NaN, at \(5, 7\)"):
        read(tmp_path / "nan.onnx")


def test_the_graph_needs_no_layout(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--layout"):
        read(models.gemm_mlp(tmp_path / "model.onnx"), Hints("out-in"))


@pytest.mark.parametrize("kind", ["float16", "float64"])
def test_other_precisions(tmp_path: Path, kind: str) -> None:
    element = {"float16": TensorProto.FLOAT16, "float64": TensorProto.DOUBLE}[kind]
    w1, w2 = weights(16, 8).astype(kind), weights(4, 16).astype(kind)
    graph = helper.make_graph(
        [node("Gemm", "x w1", "h", transB=1), node("Gemm", "h w2", "y", transB=1)],
        "graph",
        [helper.make_tensor_value_info("x", element, ["N", 8])],
        [helper.make_tensor_value_info("y", element, ["N", 4])],
        [numpy_helper.from_array(w1, "w1"), numpy_helper.from_array(w2, "w2")],
    )
    source, target = tmp_path / "model.onnx", tmp_path / "folded.onnx"
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), source)
    saved = save(read(source), target)
    (folded,) = onnx.load(target).graph.initializer
    expected = w2.astype(np.float64) @ w1.astype(np.float64)
    np.testing.assert_array_equal(numpy_helper.to_array(folded), expected.astype(kind))
    x = np.random.default_rng(1).standard_normal((16, 8)).astype(kind)
    apart = np.abs(computed(source, x).astype(float) - computed(target, x)).max()
    assert apart <= saved.agreement.bound
