"""What ONNX Runtime's optimiser fuses is seen as it was before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import NodeProto

from actcli.networks.inspection.digest import Digest
from actcli.networks.inspection.inspect import plan_for_model
from actcli.networks.inspection.watching import Lens, Watch
from tests.networks.inspection.models import constant, model, node
from tests.networks.inspection.test_naming import DECOMPOSED, NUMBERS

rng = np.random.default_rng(8)

CONV = node("Conv", "x kernel bias", "p", pads=[1, 1, 1, 1])
GEMM = node("Gemm", "x w bias", "p", transB=1, alpha=0.5)
ENDS = {
    "relu": node("Relu", "p", "y"),
    "tanh": node("Tanh", "p", "y"),
    "sigmoid": node("Sigmoid", "p", "y"),
    "leaky_relu:negative_slope=0.3": node("LeakyRelu", "p", "y", alpha=0.3),
    "hardsigmoid:slope=0.3,offset=0.4": node("HardSigmoid", "p", "y", alpha=0.3, beta=0.4),
    "relu6": node("Clip", "p zero six", "y"),
    "elu:alpha=0.7": node("Elu", "p", "y", alpha=0.7),
}


def looked_at(path: Path, x: np.ndarray[Any, Any]) -> Digest:
    np.save(path.with_suffix(".npy"), x)
    return plan_for_model(path, [path.with_suffix(".npy")], Lens()).carried_out()


def optimised(path: Path) -> tuple[Path, set[str]]:
    """What ONNX Runtime makes of a model before it is run, and its operators."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path.with_suffix(".fused.onnx"))
    onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    fused = path.with_suffix(".fused.onnx")
    return fused, {one.op_type for one in onnx.load(fused).graph.node}


def check_fused(
    tmp_path: Path, nodes: Sequence[NodeProto], x: np.ndarray[Any, Any], operator: str, name: str
) -> None:
    """That nodes are fused into an operator, and are seen in it as they are by themselves."""
    path = _model(tmp_path / "m.onnx", nodes, x)
    fused, operators = optimised(path)
    assert operator in operators
    check_alike(path, fused, x, name)


def check_alike(path: Path, fused: Path, x: np.ndarray[Any, Any], name: str) -> None:
    (one,), (other,) = looked_at(path, x).results(), looked_at(fused, x).results()
    assert one.activation == other.activation == name
    for key in ("axis", "units", "count", "dead_units", "zeros", "named"):
        assert getattr(one, key) == getattr(other, key)
    for key in ("min", "max", "mean", "std", "saturated_share"):
        assert getattr(other, key) == pytest.approx(getattr(one, key), rel=1e-5, abs=1e-7)


def _model(path: Path, nodes: Sequence[NodeProto], x: np.ndarray[Any, Any]) -> Path:
    rng = np.random.default_rng(8)
    numbers = [constant(key, value) for key, value in NUMBERS.items()]
    constants = [
        constant("kernel", rng.standard_normal((6, 3, 3, 3))),
        constant("w", rng.standard_normal((6, 4))),
        constant("v", rng.standard_normal((4, 6))),
        constant("bias", rng.standard_normal(6)),
    ]
    return model(path, nodes, [*numbers, *constants], shape=["n", *x.shape[1:]])


IMAGES = rng.standard_normal((4, 3, 5, 5)).astype(np.float32)
ROWS = rng.standard_normal((9, 4)).astype(np.float32)
WORDS = rng.standard_normal((3, 9, 4)).astype(np.float32)


@pytest.mark.parametrize("name", [name for name in ENDS if not name.startswith("elu")])
def test_the_activation_of_a_fused_convolution_is_seen(name: str, tmp_path: Path) -> None:
    check_fused(tmp_path, [CONV, ENDS[name]], IMAGES, "FusedConv", name)


@pytest.mark.parametrize("name", [name for name in ENDS if name != "relu6"])
def test_the_activation_of_a_fused_gemm_is_seen(name: str, tmp_path: Path) -> None:
    check_fused(tmp_path, [GEMM, ENDS[name]], ROWS, "FusedGemm", name)


def test_a_gelu_fused_with_a_bias_is_seen(tmp_path: Path) -> None:
    before = [node("MatMul", "x v", "u"), node("Add", "u bias", "p")]
    check_fused(tmp_path, [*before, *DECOMPOSED["gelu"]], WORDS, "BiasGelu", "gelu")


BY_HAND = {
    "relu": (
        [
            node("Conv", "x kernel bias", "a", pads=[1, 1, 1, 1]),
            node("Neg", "a", "z"),
            node("Add", "a z", "p"),
            node("Relu", "p", "y"),
        ],
        [
            node("Conv", "x kernel bias", "a", pads=[1, 1, 1, 1]),
            node("Neg", "a", "z"),
            node(
                "FusedConv",
                "x kernel bias z",
                "y",
                pads=[1, 1, 1, 1],
                domain="com.microsoft",
                activation="Relu",
            ),
        ],
        IMAGES,
    ),
    "gelu_tanh": (
        [
            node("MatMul", "x v", "u"),
            node("Add", "u bias", "p"),
            node("Gelu", "p", "y", approximate="tanh"),
        ],
        [node("MatMul", "x v", "u"), node("FastGelu", "u bias", "y", domain="com.microsoft")],
        WORDS,
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_sum_in_a_fused_operator_is_before_its_activation(name: str, tmp_path: Path) -> None:
    apart, fused, x = BY_HAND[name]
    path = _model(tmp_path / "apart.onnx", apart, x)
    check_alike(path, _model(tmp_path / "fused.onnx", fused, x), x, name)


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (node("Gelu", "x", "y", domain="com.microsoft"), "gelu"),
        (node("FastGelu", "x", "y", domain="com.microsoft"), "gelu_tanh"),
        (node("QuickGelu", "x", "y", domain="com.microsoft", alpha=1.702), "quick_gelu"),
        (node("QuickGelu", "x", "y", domain="com.microsoft", alpha=1.5), "silu:beta=1.5"),
        (node("QuickGelu", "x", "y", domain="com.microsoft", alpha=1.0), "silu"),
    ],
)
def test_operators_of_onnx_runtime_are_named(made: NodeProto, name: str, tmp_path: Path) -> None:
    x = rng.standard_normal((9, 8)).astype(np.float32)
    (found,) = looked_at(model(tmp_path / "m.onnx", [made]), x).results()
    assert (found.activation, found.place, found.named) == (name, "x", "proved")


def test_what_is_not_taken_apart_is_said_not_to_be_seen(tmp_path: Path) -> None:
    gated = node("BiasAdd", "x bias x", "p", domain="com.microsoft")
    path = model(tmp_path / "m.onnx", [gated, node("Relu", "p", "y")], [constant("bias", [1] * 8)])
    found = Watch(path, Lens())
    assert [str(place.activation) for place in found.places] == ["relu"]
    assert found.unseen == [("p", "what com.microsoft's BiasAdd does inside is not looked at")]
