"""A folded ONNX model that is not the original is never written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from actcli.errors import ActcliError
from actcli.networks.files.onnx.check import check_rules, compared
from actcli.networks.folding.plan import plan
from tests.conftest import Run
from tests.networks.files import models
from tests.networks.files.models import node, weights
from tests.networks.files.saved_models import fold_then_layer, folds_about, opened, rng, written


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


def test_outputs_that_move_beyond_the_bound_are_refused(tmp_path: Path) -> None:
    before, after, model, folds = fold_then_layer(tmp_path / "model.onnx")
    for tensor in after.graph.initializer:
        if tensor.name == "w3":
            wrong = numpy_helper.to_array(tensor) * np.float32(1.1)
            tensor.CopyFrom(numpy_helper.from_array(wrong, "w3"))
    with pytest.raises(ActcliError, match=r"folded the outputs move by .* nothing is saved"):
        compared(before, after, model.graph.runs, folds, 1, 1, np.random.default_rng(0))


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
