"""ONNX's operators against our table: ONNX Runtime where it has them, else the reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actcli.activations.frameworks import FRAMEWORKS
from tests.peers.agreement import Peer, check, imported, known

onnx = imported("onnx")
reference = imported("onnx.reference")

OPSET = 24
if onnx.defs.onnx_opset_version() < OPSET:
    pytest.skip("this onnx is older than some operators of the table", allow_module_level=True)

MICROSOFT = {"FastGelu", "QuickGelu"}
SINGLE = 3e-7
"""Attributes, and ONNX Runtime's kernels, are in single precision."""


def model(name: str) -> Any:
    """The operator alone, with its default attributes."""
    helper, single = onnx.helper, onnx.TensorProto.FLOAT
    domain = "com.microsoft" if name in MICROSOFT else ""
    slope = [helper.make_tensor("slope", single, [1], [0.25])] if name == "PRelu" else []
    node = helper.make_node(name, ["x", *(one.name for one in slope)], ["y"], domain=domain)
    x, y = (helper.make_tensor_value_info(key, single, [None]) for key in "xy")
    versions = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    graph = helper.make_graph([node], name, [x], [y], slope)
    return helper.make_model(graph, opset_imports=versions, ir_version=10)


def by_reference(name: str) -> Peer:
    session = reference.ReferenceEvaluator(model(name))
    return lambda x: (session.run(None, {"x": x.astype(np.float32)})[0].astype(np.float64), None)


def by_runtime(name: str) -> Peer:
    runtime = imported("onnxruntime")
    session = runtime.InferenceSession(model(name).SerializeToString())
    return lambda x: (session.run(None, {"x": x.astype(np.float32)})[0].astype(np.float64), None)


@pytest.mark.parametrize("name", [n for n in FRAMEWORKS["onnx"].names if n not in MICROSOFT])
def test_a_name_means_what_the_table_says(name: str) -> None:
    check("onnx", name, by_reference(name), within=SINGLE)


@pytest.mark.parametrize("name", FRAMEWORKS["onnx"].names)
def test_the_runtime_agrees(name: str) -> None:
    check("onnx", name, by_runtime(name), within=SINGLE)


def test_names_are_operators() -> None:
    operators = {schema.name for schema in onnx.defs.get_all_schemas()}
    assert known("onnx") - operators <= {*MICROSOFT, "BiasGelu", "SwiGLU"}
    assert {name for name in operators if name.lower().endswith(("elu", "oid"))} <= known("onnx")
