"""Small ONNX networks for the tests, and what plain numpy and onnxruntime say of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPSET = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]


def node(operator: str, inputs: str, output: str, **attributes: Any) -> onnx.NodeProto:
    """A node; its inputs stand in one text."""
    return helper.make_node(operator, inputs.split(), output.split(), **attributes)


def constant(name: str, value: Any) -> onnx.TensorProto:
    """A float32 constant."""
    return numpy_helper.from_array(np.asarray(value, np.float32), name)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-x)))


def model(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    constants: Sequence[onnx.TensorProto] = (),
    *,
    shape: Sequence[int | str] = ("batch", 8),
    output: str = "y",
    kind: int = TensorProto.FLOAT,
) -> Path:
    """A model from x to y, saved."""
    graph = helper.make_graph(
        list(nodes),
        "net",
        [helper.make_tensor_value_info("x", kind, list(shape))],
        [helper.make_tensor_value_info(output, kind, [f"d{i}" for i in range(len(shape))])],
        list(constants),
    )
    onnx.save(helper.make_model(graph, opset_imports=OPSET, ir_version=9), path)
    return path


def values(path: Path, feed: dict[str, np.ndarray], names: Sequence[str], batch: int) -> list[Any]:
    """Values inside a model, as onnxruntime gives them batch by batch."""
    loaded = onnx.load(path)
    known = {value.name for value in loaded.graph.output}
    loaded.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names if n not in known)
    session = onnxruntime.InferenceSession(loaded.SerializeToString())
    count = len(next(iter(feed.values())))
    parts = [
        session.run(list(names), {key: value[i : i + batch] for key, value in feed.items()})
        for i in range(0, count, batch)
    ]
    return [np.concatenate(part) for part in zip(*parts, strict=True)]
