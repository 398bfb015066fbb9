"""Activations that exporters take apart are found by their values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import NodeProto, TensorProto

from actcli.networks.inspection.inspect import plan_for_model
from actcli.networks.inspection.results import Inspection
from actcli.networks.inspection.watching import Lens, Watch
from tests.networks.inspection.models import constant, model, node

SQRT2 = math.sqrt(2)
HALF = [node("Div", "p s", "a"), node("Erf", "a", "b"), node("Add", "b one", "c")]

DECOMPOSED = {
    "relu": [node("Relu", "p", "y")],
    "relu6": [node("Clip", "p zero six", "y")],
    "leaky_relu:negative_slope=0.2": [node("LeakyRelu", "p", "y", alpha=0.2)],
    "elu:alpha=0.7": [node("Elu", "p", "y", alpha=0.7)],
    "celu:alpha=1.3": [node("Celu", "p", "y", alpha=1.3)],
    "selu": [node("Selu", "p", "y")],
    "softplus": [node("Exp", "p", "a"), node("Add", "a one", "b"), node("Log", "b", "y")],
    "gelu": [*HALF, node("Mul", "p c", "d"), node("Mul", "d half", "y")],
    "gelu_tanh": [
        node("Pow", "p three", "a"),
        node("Mul", "a k", "b"),
        node("Add", "p b", "c"),
        node("Mul", "c r", "d"),
        node("Tanh", "d", "e"),
        node("Add", "e one", "f"),
        node("Mul", "p f", "g"),
        node("Mul", "g half", "y"),
    ],
    "silu": [node("Sigmoid", "p", "a"), node("Mul", "p a", "y")],
    "quick_gelu": [node("Mul", "p q", "a"), node("Sigmoid", "a", "b"), node("Mul", "p b", "y")],
    "hardswish": [
        node("Add", "p three", "a"),
        node("Clip", "a zero six", "b"),
        node("Mul", "p b", "c"),
        node("Div", "c six", "y"),
    ],
    "mish": [node("Softplus", "p", "a"), node("Tanh", "a", "b"), node("Mul", "p b", "y")],
    "hardtanh:min_val=-2.0,max_val=6.0": [node("Clip", "p low six", "y")],
    "tanhshrink": [node("Tanh", "p", "a"), node("Sub", "p a", "y")],
    "softshrink": [node("Shrink", "p", "y", lambd=0.5, bias=0.5)],
    "hardshrink": [node("Shrink", "p", "y", lambd=0.5)],
    "hardshrink:lambd=3.0": [
        node("Greater", "p three", "a"),
        node("Neg", "three", "m"),
        node("Less", "p m", "b"),
        node("Cast", "a", "c", to=TensorProto.BOOL),
        node("Or", "c b", "d"),
        node("Where", "d p zero", "y"),
    ],
    "step": [node("Greater", "p zero", "a"), node("Cast", "a", "y", to=TensorProto.FLOAT)],
    "relu_squared": [node("Relu", "p", "a"), node("Mul", "a a", "y")],
    "square": [node("Mul", "p p", "y")],
}
NUMBERS = {
    **{"zero": 0, "one": 1, "three": 3, "six": 6, "half": 0.5, "low": -2, "s": SQRT2},
    **{"k": 0.044715, "r": math.sqrt(2 / math.pi), "q": 1.702},
}


def network(path: Path, nodes: list[NodeProto], **shape: object) -> Path:
    """A layer of eight units before an activation."""
    weight = np.eye(8) * 2
    dense = [node("MatMul", "x w", "h"), node("Add", "h bias", "p")]
    constants = [constant(name, value) for name, value in NUMBERS.items()]
    constants += [constant("w", weight), constant("bias", np.arange(8) - 3.5)]
    return model(path, [*dense, *nodes], constants)


def inspected(path: Path, x: np.ndarray) -> list[Inspection]:
    inputs = path.with_suffix(".npy")
    np.save(inputs, x)
    return plan_for_model(path, [inputs], Lens()).carried_out().results()


@pytest.mark.parametrize("name", DECOMPOSED)
def test_what_exporters_take_apart_has_its_name_again(name: str, tmp_path: Path) -> None:
    path = network(tmp_path / "m.onnx", DECOMPOSED[name])
    x = np.random.default_rng(0).standard_normal((5, 8)).astype(np.float32)
    (found,) = inspected(path, x)
    assert (found.activation, found.place, found.count) == (name, "p", 40)
    assert found.named == "proved"


def test_what_has_no_name_is_its_formula(tmp_path: Path) -> None:
    path = network(tmp_path / "m.onnx", [node("Tanh", "p", "a"), node("Mul", "p a", "y")])
    (found,) = inspected(path, np.ones((1, 8), np.float32))
    assert found.activation in ("(x * tanh(x))", "lisht")


def test_scales_around_an_activation_do_not_hide_it(tmp_path: Path) -> None:
    nodes = [node("Add", "p half", "a"), node("Relu", "a", "b"), node("Mul", "b q", "y")]
    (found,) = inspected(network(tmp_path / "m.onnx", nodes), np.ones((1, 8), np.float32))
    assert (found.place, found.activation) == ("a", "relu")


def test_norms_are_no_activations(tmp_path: Path) -> None:
    nodes = [
        node("ReduceMean", "p", "m", keepdims=1),
        node("Sub", "p m", "a"),
        node("Pow", "a two", "b"),
        node("ReduceMean", "b", "v", keepdims=1),
        node("Add", "v eps", "c"),
        node("Sqrt", "c", "d"),
        node("Div", "a d", "e"),
        node("Relu", "e", "y"),
    ]
    path = network(tmp_path / "m.onnx", nodes)
    loaded = onnx.load(path)
    loaded.graph.initializer.extend([constant("two", 2), constant("eps", 1e-5)])
    onnx.save(loaded, path)
    (found,) = inspected(path, np.ones((2, 8), np.float32))
    assert (found.place, found.activation) == ("e", "relu")


def named(nodes: list[NodeProto], tmp_path: Path, **numbers: float) -> tuple[str, str | None]:
    """What inspect calls the activation after p, and how it knows."""
    path = network(tmp_path / "m.onnx", nodes)
    loaded = onnx.load(path)
    loaded.graph.initializer.extend(constant(name, value) for name, value in numbers.items())
    onnx.save(loaded, path)
    (place,) = Watch(path, Lens()).places
    return str(place.activation), place.named


GELU = [*HALF, node("Mul", "p c", "d"), node("Mul", "d half", "gelu")]


def needle(where: float, height: float, width: float) -> tuple[list[NodeProto], dict[str, float]]:
    """GELU with a triangle on it that no sample may meet."""
    nodes = [
        node("Sub", "p where", "n"),
        node("Abs", "n", "m"),
        node("Mul", "m steep", "o"),
        node("Sub", "height o", "t"),
        node("Relu", "t", "u"),
        node("Add", "gelu u", "y"),
    ]
    return [*GELU, *nodes], {"where": where, "height": height, "steep": height / width}


@pytest.mark.parametrize(
    ("where", "height", "width"),
    [(1.23456, 1e-3, 1e-4), (-4.7712, 1e-5, 1e-3), (1e6, 1.0, 1.0)],
)
def test_a_needle_between_the_points_takes_the_name(
    where: float, height: float, width: float, tmp_path: Path
) -> None:
    nodes, numbers = needle(where, height, width)
    found, how = named(nodes, tmp_path, **numbers)
    assert (found[:3], how) == ("(((", None)


BESIDE: Mapping[str, tuple[list[NodeProto], dict[str, float], str]] = {
    "a branch beyond all points": (
        [*GELU, node("Sub", "p far", "f"), node("Relu", "f", "g"), node("Add", "gelu g", "y")],
        {"far": 100},
        "gelu",
    ),
    "a hole": (
        [
            node("Relu", "p", "a"),
            node("Add", "p far", "b"),
            node("Log", "b", "c"),
            node("Mul", "c zero", "d"),
            node("Add", "a d", "y"),
        ],
        {"far": 100},
        "relu",
    ),
    "silu with another beta": (
        [node("Mul", "p beta", "a"), node("Sigmoid", "a", "b"), node("Mul", "p b", "y")],
        {"beta": 1.0001},
        "silu",
    ),
    "relu6 up to 5.9999": ([node("Clip", "p zero top", "y")], {"top": 5.9999}, "relu6"),
    "hardswish by a sixth in float16": (
        [
            node("Add", "p three", "a"),
            node("Clip", "a zero six", "b"),
            node("Mul", "p b", "c"),
            node("Mul", "c sixth", "y"),
        ],
        {"sixth": float(np.float16(1 / 6))},
        "hardswish",
    ),
    "gelu by tanh": ([*DECOMPOSED["gelu_tanh"]], {}, "gelu"),
    "a shifted kink": (
        [node("Greater", "p shift", "a"), node("Where", "a p zero", "y")],
        {"shift": 1e-4},
        "relu",
    ),
}


@pytest.mark.parametrize("case", BESIDE)
def test_what_is_beside_a_function_has_not_its_name(case: str, tmp_path: Path) -> None:
    nodes, numbers, wrong = BESIDE[case]
    found, _ = named(nodes, tmp_path, **numbers)
    assert found != wrong


@pytest.mark.parametrize(
    ("nodes", "numbers", "right"),
    [
        ([node("Mul", "c sixth", "y")], {"sixth": 1 / 6}, "hardswish"),
        ([node("Mul", "c ulp", "y")], {"ulp": np.nextafter(np.float32(1 / 6), 1)}, "hardswish"),
    ],
)
def test_numbers_in_float32_are_what_they_were_rounded_from(
    nodes: list[NodeProto], numbers: dict[str, float], right: str, tmp_path: Path
) -> None:
    before = [node("Add", "p three", "a"), node("Clip", "a zero six", "b"), node("Mul", "p b", "c")]
    assert named([*before, *nodes], tmp_path, **numbers) == (right, "proved")
