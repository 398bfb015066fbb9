"""Models that would take all the time or memory there is: one line, or an answer without it."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from actcli.errors import ActcliError
from actcli.find import find
from actcli.networks.files.reading import read
from actcli.networks.folding.linearity import refute
from actcli.networks.folding.parts import parts_of
from actcli.networks.stack import stack
from tests.conftest import Run
from tests.networks.files import models
from tests.networks.files.models import node, weights


def endless(path: Path) -> Path:
    """A Loop whose condition stays true."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["going"], ["still"]),
            helper.make_node("Identity", ["h"], ["g"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("going", TensorProto.BOOL, []),
            helper.make_tensor_value_info("h", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("still", TensorProto.BOOL, []),
            helper.make_tensor_value_info("g", TensorProto.FLOAT, None),
        ],
    )
    nodes = [
        node("Gemm", "x w1", "p", transB=1),
        node("Gemm", "p w2", "q", transB=1),
        helper.make_node("Loop", ["", "yes", "q"], ["y"], body=body, name="/y"),
    ]
    constants = {"w1": weights(8, 4), "w2": weights(3, 8), "yes": np.array(True)}
    return models.model(path, nodes, constants, (["N", 4], ["N", 3]))


def test_a_loop_without_end_is_not_waited_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actcli.networks.files.onnx.run.RUN_SECONDS", 0.3)
    source, target = endless(tmp_path / "model.onnx"), tmp_path / "folded.onnx"
    assert run("collapse", str(source)).exit_code == 0
    result = run("collapse", str(source), "--save", str(target))
    assert result.exit_code == 1
    assert "has not ended after" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not target.exists()


def test_an_input_larger_than_the_memory_is_not_made(run: Run, tmp_path: Path) -> None:
    nodes = [node("MatMul", "x w1", "h"), node("MatMul", "h w2", "y")]
    constants = {"w1": weights(4, 3), "w2": weights(3, 2)}
    shapes = ([1, 300_000_000, 4], [1, 300_000_000, 2])
    source = models.model(tmp_path / "model.onnx", nodes, constants, shapes)
    result = run("collapse", str(source), "--save", str(tmp_path / "folded.onnx"))
    assert result.exit_code == 1
    assert "1,200,000,000 numbers" in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_archive_that_inflates_beyond_measure_is_refused(tmp_path: Path) -> None:
    header = io.BytesIO()
    shape = (500_000_000,)
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": shape}
    )
    path = tmp_path / "m.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("w.npy", "w", force_zip64=True) as member,
    ):
        member.write(header.getvalue())
        zeros = bytes(1 << 24)
        for _ in range(40):
            member.write(zeros)
    with pytest.raises(ActcliError, match="would unpack"):
        read(path)


def test_a_matrix_too_large_is_not_made_and_the_rest_is_answered(run: Run) -> None:
    words = [
        "200x200x3",
        "conv:64x3x3,pad=1",
        "batchnorm",
        "conv:32x3x3,pad=1",
        "relu",
        "conv:8x1x1",
    ]
    (answer,) = run("collapse", *words, "conv:4x1x1", "--json").results
    assert [part["layers"] for part in answer["runs"]] == [[1, 2], [5, 6]]
    (barrier,) = answer["barriers"]
    assert barrier["name"] == "layers 1-3"
    assert "their matrix would need 1.23 TB: not made" in barrier["why"]


def test_a_witness_takes_little_memory_however_wide_the_network() -> None:
    """48 pairs of inputs, six points each, at once would be 5.9 GB in the longest value alone."""
    words = ["200x200x3", "conv:64x3x3,pad=1", "relu", "conv:4x1x1"]
    network = stack(words, find)
    tracemalloc.start()
    try:
        found = refute(network.layers, np.random.default_rng(0))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found is not None
    assert found.additivity > 0
    assert peak < 800e6


def test_a_normalisation_folds_channel_by_channel() -> None:
    network = stack(["224x224x3", "conv:64x7x7,stride=2,pad=3", "batchnorm"], find)
    (part,), refused = parts_of(network.runs[0])
    assert part == network.runs[0]
    assert not refused


def test_a_model_larger_than_its_encoding_is_one_line(run: Run, tmp_path: Path) -> None:
    """Its weights are a file of zeros that takes no room."""
    nodes = [node("MatMul", "x w1", "h"), node("MatMul", "h w2", "y")]
    tensors = []
    offset = 0
    for name, dims in {"w1": (17000, 17000), "w2": (17000, 17000)}.items():
        tensor = TensorProto(name=name, data_type=1, dims=dims, data_location=TensorProto.EXTERNAL)
        size = 4 * dims[0] * dims[1]
        entries = {"location": "w.bin", "offset": str(offset), "length": str(size)}
        for key, value in entries.items():
            tensor.external_data.add(key=key, value=value)
        tensors.append(tensor)
        offset += size
    with (tmp_path / "w.bin").open("wb") as file:
        file.truncate(offset)
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 17000])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 17000])],
        tensors,
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), tmp_path / "m.onnx")
    answer = run("collapse", str(tmp_path / "m.onnx"))
    assert answer.exit_code == 0
    assert "not made" in " ".join(answer.stdout.split())
    result = run("collapse", str(tmp_path / "m.onnx"), "--save", str(tmp_path / "f.onnx"))
    assert result.exit_code == 1
    assert "2.31 GB" in result.stderr
    assert result.stderr.count("\n") == 1


def test_numbers_that_overflow_are_refused_with_their_reason(run: Run, tmp_path: Path) -> None:
    for number, kind in ((1e300, np.float64), (1e30, np.float32)):
        np.savez(
            tmp_path / "m.npz", a=np.full((3, 2), number, kind), b=np.full((4, 3), number, kind)
        )
        result = run("collapse", str(tmp_path / "m.npz"))
        assert "too large for" in result.stdout
        assert "LAPACK" not in result.stdout
        assert " ** " not in result.stdout


def test_external_data_stays_external(run: Run, tmp_path: Path) -> None:
    model = onnx.load(models.gemm_mlp(tmp_path / "plain.onnx"))
    source, target = tmp_path / "m.onnx", tmp_path / "f.onnx"
    onnx.save(model, source, save_as_external_data=True, location="m.data", size_threshold=0)
    assert run("collapse", str(source), "--save", str(target)).exit_code == 0
    bare = onnx.load(target, load_external_data=False)
    places = {tuple(t.dims): t.data_location for t in bare.graph.initializer}
    assert places == {(10, 32): TensorProto.EXTERNAL, (10,): TensorProto.DEFAULT}
    assert (tmp_path / "f.onnx.data").exists()
    x = np.random.default_rng(1).standard_normal((5, 32)).astype(np.float32)
    import onnxruntime

    one, other = (
        onnxruntime.InferenceSession(p, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
        for p in (source, target)
    )
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)
    assert numpy_helper.to_array(onnx.load(target).graph.initializer[0]).shape == (10, 32)
