"""The constants of an ONNX graph: initializers, Constant nodes, and what is made of them alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.errors import ActcliError, quoted
from actcli.networks.files.interface import Weights

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto, TensorProto

MOVES = {"Identity", "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Cast"}
"""Nodes through which a constant stays one."""

WITHOUT_OVERRIDES = 4
"""From this version of the format on, an initializer that is an input may be set by the caller."""


class Constants:
    """The values in a graph that no input changes."""

    def __init__(self, model: ModelProto, folder: Path, source: str = "the model") -> None:
        """Look at the main graph; external data is mapped from the model's folder."""
        graph = model.graph
        self._source = source
        inputs = {value.name for value in graph.input}
        may_be_set = inputs if model.ir_version >= WITHOUT_OVERRIDES else set()
        self._folder = folder
        self._tensors = {t.name: t for t in graph.initializer if t.name not in may_be_set}
        self._nodes = {
            node.output[0]: node
            for node in graph.node
            if node.domain in ("", "ai.onnx") and (node.op_type in MOVES | {"Constant"})
        }
        self._opset = [entry for entry in model.opset_import if entry.domain in ("", "ai.onnx")]
        self._known: dict[str, Weights | None] = {"": None}

    def __getitem__(self, name: str) -> Weights | None:
        """The value, or None where it is not constant.

        Raises:
            ActcliError: it is damaged, or made of constants by a node that cannot be run.
        """
        if name not in self._known:
            self._known[name] = self._value(name)
        return self._known[name]

    def _value(self, name: str) -> Weights | None:
        if name in self._tensors:
            return self._array(self._tensors[name])
        node = self._nodes.get(name)
        if node is None or (node.op_type != "Constant" and not node.input):
            return None
        values = [self[argument] for argument in node.input]
        if any(v is None for v, argument in zip(values, node.input, strict=True) if argument):
            return None
        feed = {n: v for n, v in zip(node.input, values, strict=True) if v is not None}
        try:
            return run_node(node, feed, self._opset)
        except Exception as error:  # the reference raises whatever numpy does
            why = str(error).partition("\n")[0]
            raise ActcliError(
                f"{self._source}: {node.name or name} ({node.op_type}) of constants cannot be "
                f"computed: {why}"
            ) from None

    def _array(self, tensor: TensorProto) -> Weights:
        from onnx import helper, numpy_helper

        if tensor.data_location != tensor.EXTERNAL:
            try:
                return numpy_helper.to_array(tensor)
            except Exception as error:  # a type without a name, text in no alphabet, a size
                why = str(error).partition("\n")[0]
                raise ActcliError(f"{self._source}: {tensor.name} is damaged: {why}") from None
        entries = {entry.key: entry.value for entry in tensor.external_data}
        shape, kind = tuple(tensor.dims), helper.tensor_dtype_to_np_dtype(tensor.data_type)
        if not all(shape):
            return np.empty(shape, kind)
        offset = int(entries.get("offset", 0))
        file = self._folder / entries["location"]
        return np.memmap(file, kind, "r", offset, shape)


def run_node(node: NodeProto, feed: Mapping[str, Weights], opset: Any) -> Weights | None:
    """The first output of one node by ONNX's reference; None where it is no array."""
    from onnx import TypeProto, helper
    from onnx.reference import ReferenceEvaluator

    inputs = [helper.make_value_info(name, TypeProto()) for name in feed]
    output = helper.make_value_info(node.output[0], TypeProto())
    graph = helper.make_graph([node], "node", inputs, [output])
    model = helper.make_model(graph, opset_imports=opset)
    result: Any = ReferenceEvaluator(model).run(None, dict(feed))
    return result[0] if isinstance(result[0], np.ndarray) else None


def check_external_data(model: ModelProto, folder: Path, source: str) -> None:
    """Refuse external data that lies outside the model's folder, or is not there in full.

    Raises:
        ActcliError: a tensor's data is not to be had; the message names the tensor.
    """
    from onnx import helper

    for tensor in external_tensors(model.graph):
        entries = {entry.key: entry.value for entry in tensor.external_data}
        location = entries.get("location", "")
        try:
            file = (folder / location).resolve()
            there = file.is_file()
            offset, length = (int(entries.get(key, 0)) for key in ("offset", "length"))
            size = (
                math.prod(tensor.dims) * helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
            )
        except (ValueError, OSError, KeyError):  # no name of a file, no number, no type
            raise ActcliError(
                f"{source}: where the data of {tensor.name} is, is not said in a readable way"
            ) from None
        if not location or not file.is_relative_to(folder.resolve()):
            raise ActcliError(
                f"{source}: the data of {tensor.name} lies outside the model's folder, in "
                f"{quoted(location, 100)}: refused"
            )
        if not there:
            raise ActcliError(
                f"{source}: the data of {tensor.name} is not there: {quoted(location, 100)}"
            )
        if offset < 0 or min(size, length) < 0 or offset + max(size, length) > file.stat().st_size:
            raise ActcliError(f"{source}: the data of {tensor.name} is cut short in {file}")


def external_tensors(graph: GraphProto) -> list[TensorProto]:
    """Every tensor of the graph and its subgraphs whose data is in another file."""
    found = [t for t in graph.initializer if t.data_location == t.EXTERNAL]
    for node in graph.node:
        for attribute in node.attribute:
            tensors = [attribute.t, *attribute.tensors]
            found += [t for t in tensors if t.data_location == t.EXTERNAL]
            for inner in subgraphs(node):
                found += external_tensors(inner)
    return found


def subgraphs(node: NodeProto) -> list[GraphProto]:
    """The graphs inside a node: the branches of an If, the body of a Loop."""
    graphs = []
    for attribute in node.attribute:
        if attribute.HasField("g"):
            graphs.append(attribute.g)
        graphs.extend(attribute.graphs)
    return graphs


def inputs_of(node: NodeProto) -> Iterator[str]:
    """The values that a node uses, those used inside its subgraphs included."""
    yield from node.input
    for inner in subgraphs(node):
        yield from (value.name for value in inner.output)
        for deeper in inner.node:
            yield from inputs_of(deeper)
