"""Activations inside subgraphs and functions."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from actcli.networks.inspection.feeds import Feed
from actcli.networks.inspection.graph.places import Unseen
from actcli.networks.inspection.inspect import plan_for_model
from actcli.networks.inspection.results import Inspection
from actcli.networks.inspection.watching import Lens, Watch
from tests.networks.inspection.models import OPSET, constant, node, sigmoid

FLOAT = TensorProto.FLOAT


def info(name: str, kind: int = FLOAT, *sizes: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, list(sizes))


def branches(tmp_path: Path) -> Path:
    """An If: relu of twice x where the first number is positive, else tanh."""
    then = [node("Mul", "x two", "p"), node("Relu", "p", "t")]
    other = [node("MatMul", "x w", "q"), node("Tanh", "q", "e")]
    graph = helper.make_graph(
        [
            node("ReduceMax", "x", "m", keepdims=0),
            node("Greater", "m zero", "c"),
            helper.make_node(
                "If",
                ["c"],
                ["y"],
                name="choice",
                then_branch=helper.make_graph(then, "then", [], [info("t", FLOAT, "n", 4)]),
                else_branch=helper.make_graph(other, "else", [], [info("e", FLOAT, "n", 4)]),
            ),
        ],
        "net",
        [info("x", FLOAT, "n", 4)],
        [info("y", FLOAT, "n", 4)],
        [constant("two", 2), constant("zero", 0), constant("w", np.eye(4))],
    )
    onnx.save(helper.make_model(graph, opset_imports=OPSET, ir_version=9), tmp_path / "m.onnx")
    return tmp_path / "m.onnx"


def loop(tmp_path: Path, *, grows: bool = False) -> Path:
    """A Loop of three rounds through sigmoid(x w), which may put its state twice beside itself."""
    nodes = [
        node("MatMul", "state w", "p"),
        node("Sigmoid", "p", "s"),
        node("Identity", "go", "on"),
        node("Concat", "s s", "next", axis=0) if grows else node("Identity", "s", "next"),
    ]
    body = helper.make_graph(
        nodes,
        "body",
        [info("i", TensorProto.INT64), info("go", TensorProto.BOOL), info("state", FLOAT, "a", 4)],
        [info("on", TensorProto.BOOL), info("next", FLOAT, "b", 4)],
    )
    graph = helper.make_graph(
        [helper.make_node("Loop", ["rounds", "yes", "x"], ["y"], name="rounds", body=body)],
        "net",
        [info("x", FLOAT, "n", 4)],
        [info("y", FLOAT, "m", 4)],
        [
            constant("w", np.diag([1, -1, 2, 3])),
            onnx.numpy_helper.from_array(np.array(3), "rounds"),
            onnx.numpy_helper.from_array(np.array(True), "yes"),
        ],
    )
    onnx.save(helper.make_model(graph, opset_imports=OPSET, ir_version=9), tmp_path / "m.onnx")
    return tmp_path / "m.onnx"


X = np.random.default_rng(2).standard_normal((6, 4)).astype(np.float32)


def digest(path: Path, x: np.ndarray) -> tuple[list[Inspection], list[Unseen]]:
    np.save(path.with_suffix(".npy"), x)
    found = plan_for_model(path, [path.with_suffix(".npy")], Lens()).carried_out()
    return found.results(), found.not_seen()


def test_the_branch_that_is_run_is_seen(tmp_path: Path) -> None:
    (relu,), (unseen,) = digest(branches(tmp_path), np.abs(X))
    assert (relu.activation, relu.place, relu.count) == ("relu", "p", 24)
    assert relu.max == 2 * np.abs(X).max()
    assert unseen.name == "q"
    (tanh,), _ = digest(branches(tmp_path), -np.abs(X))
    assert (tanh.activation, tanh.max) == ("tanh", -np.abs(X).min())


def test_all_rounds_of_a_loop_are_seen(tmp_path: Path) -> None:
    (found,), _ = digest(loop(tmp_path), X)
    state, seen = X.astype(float), []
    for _ in range(3):
        seen.append(state * [1, -1, 2, 3])
        state = sigmoid(seen[-1])
    assert (found.activation, found.count, found.units) == ("sigmoid", 72, 4)
    assert found.mean == pytest.approx(np.mean(seen), rel=1e-5)


def test_a_loop_whose_values_grow_is_said_not_to_be_seen(tmp_path: Path) -> None:
    found, (unseen,) = digest(loop(tmp_path, grows=True), X)
    assert not found
    assert unseen == ("rounds", "onnxruntime does not show what is in Loop")


def scan(tmp_path: Path, *, reverse: bool, last: bool) -> Path:
    """A Scan over the second axis: the state is tanh(x w + state); relu(state w) is put out."""
    nodes = [
        node("MatMul", "part w", "a"),
        node("Add", "a state", "p"),
        node("Tanh", "p", "next"),
        node("MatMul", "next w", "q"),
        node("Relu", "q", "out"),
    ]
    body = helper.make_graph(
        nodes,
        "body",
        [info("state", FLOAT, "n", 4), info("part", FLOAT, "n", 4)],
        [info("next", FLOAT, "n", 4), info("out", FLOAT, "n", 4)],
    )
    axes: dict[str, Any] = {"scan_input_axes": [1], "scan_input_directions": [int(reverse)]}
    if last:
        axes |= {"scan_output_axes": [-1], "scan_output_directions": [1]}
    scanned = helper.make_node(
        "Scan", ["start", "x"], ["end", "y"], name="scan", body=body, num_scan_inputs=1, **axes
    )
    graph = helper.make_graph(
        [node("ReduceSum", "x axis", "sum", keepdims=0), node("Mul", "sum zero", "start"), scanned],
        "net",
        [info("x", FLOAT, "n", 5, 4)],
        [info("y", FLOAT, *"abc"), info("end", FLOAT, "n", 4)],
        [
            *(constant("w", np.diag([1, -1, 2, 3])), constant("zero", 0)),
            onnx.numpy_helper.from_array(np.array([1]), "axis"),
        ],
    )
    onnx.save(helper.make_model(graph, opset_imports=OPSET, ir_version=9), tmp_path / "m.onnx")
    return tmp_path / "m.onnx"


@pytest.mark.parametrize(("reverse", "last"), [*product((False, True), (False, True))])
@pytest.mark.parametrize("batch", [2, 6])
def test_all_steps_of_a_scan_are_seen(
    reverse: bool, last: bool, batch: int, tmp_path: Path
) -> None:
    x = np.random.default_rng(3).standard_normal((6, 5, 4)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    path = scan(tmp_path, reverse=reverse, last=last)
    plan = plan_for_model(path, [tmp_path / "x.npy"], Lens(), batch)
    tanh, relu = plan.carried_out().results()
    state, before, after = np.zeros((6, 4)), [], []
    for t in range(5)[:: -1 if reverse else 1]:
        before.append(x[:, t].astype(float) * [1, -1, 2, 3] + state)
        state = np.tanh(before[-1])
        after.append(state * [1, -1, 2, 3])
    for found, name, place, seen in ((tanh, "tanh", "p", before), (relu, "relu", "q", after)):
        assert (found.activation, found.place) == (name, place)
        assert (found.count, found.units, found.axis) == (120, 4, 1)
        assert (found.min, found.max) == pytest.approx((np.min(seen), np.max(seen)), rel=1e-5)
        assert found.mean == pytest.approx(np.mean(seen), rel=1e-5, abs=1e-6)
    assert relu.saturated_share == (np.array(after) < 0).mean()


def test_functions_are_entered(tmp_path: Path) -> None:
    swish = helper.make_function(
        "own",
        "Swish",
        ["a"],
        ["b"],
        [node("Sigmoid", "a", "s"), node("Mul", "a s", "b")],
        OPSET[:1],
    )
    graph = helper.make_graph(
        [helper.make_node("Swish", ["x"], ["y"], domain="own")],
        "net",
        [info("x", FLOAT, "n", 4)],
        [info("y", FLOAT, "n", 4)],
    )
    opsets = [*OPSET, helper.make_opsetid("own", 1)]
    made = helper.make_model(graph, opset_imports=opsets, functions=[swish], ir_version=9)
    onnx.save(made, tmp_path / "m.onnx")
    (found,), _ = digest(tmp_path / "m.onnx", X)
    assert (found.activation, found.place) == ("silu", "x")


def test_values_come_in_groups_that_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = [node("MatMul", "x w", "a"), node("Relu", "a", "b"), node("MatMul", "b w", "c")]
    graph = helper.make_graph(
        [*nodes, node("Tanh", "c", "y")],
        "net",
        [info("x", FLOAT, "n", 4)],
        [info("y", FLOAT, "n", 4)],
        [constant("w", np.eye(4))],
    )
    onnx.save(helper.make_model(graph, opset_imports=OPSET, ir_version=9), tmp_path / "m.onnx")
    together, _ = digest(tmp_path / "m.onnx", X)
    monkeypatch.setattr("actcli.networks.inspection.running.TOGETHER", 100)
    seen = Watch(tmp_path / "m.onnx", Lens())
    feed = Feed(tmp_path / "m.npy", seen.wanted)
    summaries = seen.summaries(feed, 6)
    assert [one.count for one in together] == [one.count for one in summaries] == [24, 24]
    assert [one.mean for one in together] == [one.mean for one in summaries]
