"""The examples in the help of every command work."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from actcli.cli.commands import COMMANDS
from actcli.cli.main import WELCOME
from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("remembered")


def help_of(name: str) -> str:
    return cleandoc(import_module(f"actcli.cli.commands.{name}").command.help)


def examples() -> Iterator[str]:
    for text in (*map(help_of, COMMANDS), WELCOME):
        for line in text.splitlines():
            if line.startswith("  actcli "):
                yield re.split(r" {2,}| > ", line.strip())[0]


def save_onnx(path: str, *matrices: np.ndarray) -> None:
    """A model that multiplies by one matrix after the other."""
    names = ["input", *(f"hidden{i}" for i in range(len(matrices) - 1)), "output"]
    nodes = [
        helper.make_node("MatMul", [names[i], f"weight{i}"], [names[i + 1]])
        for i in range(len(matrices))
    ]
    tensor = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "chain",
        [tensor("input", onnx.TensorProto.DOUBLE, [None, matrices[0].shape[0]])],
        [tensor("output", onnx.TensorProto.DOUBLE, [None, matrices[-1].shape[1]])],
        [numpy_helper.from_array(m, f"weight{i}") for i, m in enumerate(matrices)],
    )
    onnx.save(helper.make_model(graph), path)


def save_network(path: str) -> None:
    """A dense layer named fc1, and a relu."""
    weight = numpy_helper.from_array(np.eye(4, 3, dtype=np.float32) - 0.5, "weight")
    nodes = [
        helper.make_node("MatMul", ["x", "weight"], ["/fc1/out"]),
        helper.make_node("Relu", ["/fc1/out"], ["y"]),
    ]
    tensor = helper.make_tensor_value_info
    ends = (tensor(name, onnx.TensorProto.FLOAT, ["N", n]) for name, n in (("x", 4), ("y", 3)))
    first, last = ends
    graph = helper.make_graph(nodes, "net", [first], [last], [weight])
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_shows_two_examples(name: str) -> None:
    assert help_of(name).count("\n  actcli ") >= 2


@pytest.mark.parametrize("example", sorted(set(examples())))
def test_an_example_works(
    run: Run, example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    weights: dict[str, Any] = {"0.weight": rng.random((8, 4)), "1.weight": rng.random((3, 8))}
    np.savez("model.npz", **weights)
    save_onnx("model.onnx", rng.random((4, 8)), rng.random((8, 3)))
    save_network("net.onnx")
    for name in ("batch", "today", "training"):
        np.savez(f"{name}.npz", x=rng.standard_normal((40, 4)).astype(np.float32))
    np.save("kernel.npy", np.linspace([-1.0, -0.15], [1.0, 0.85], 9))
    Path("measured.csv").write_text("x,y\n-1,-0.15\n1,0.85\n")
    np.save("layer3.npy", rng.standard_normal((100, 3)).astype(np.float32))
    assert run("inspect", "layer3.npy", "-a", "gelu", "--partial", "part*.json").exit_code == 0
    given = set(tmp_path.iterdir())
    program, *args = shlex.split(example)
    assert program == "actcli"
    result = run(*args)
    assert result.exit_code in (0, 3), result.stderr
    assert result.stdout or set(tmp_path.iterdir()) > given
