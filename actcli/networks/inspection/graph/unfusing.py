"""The fused operators that ONNX Runtime's optimiser writes, taken apart again.

An activation at the end of a convolution or a Gemm, or behind a bias, becomes a node of its own, so
that what goes into it is a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from actcli.networks.files.onnx.constants import subgraphs
from actcli.networks.files.onnx.place import attribute_of

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto

_PLAIN = {"FusedConv": "Conv", "FusedGemm": "Gemm"}
"""Operators that end with an activation, and what they are without."""

_BIASED = {"BiasGelu": "Gelu", "FastGelu": "FastGelu"}
"""Operators that begin with adding a bias, their second input, and what they are without."""

_PARAMETERS = {
    **dict.fromkeys(("Celu", "Elu", "LeakyRelu", "ThresholdedRelu"), ("alpha",)),
    **{"HardSigmoid": ("alpha", "beta"), "Selu": ("alpha", "gamma"), "Clip": ("min", "max")},
}
"""What the numbers are that an activation in an operator has."""


def unfused(model: ModelProto) -> ModelProto:
    """The model with such operators taken apart, in place."""
    _take_apart(model.graph)
    return model


def _take_apart(graph: GraphProto) -> None:
    nodes = [*graph.node]
    for node in nodes:
        for inner in subgraphs(node):
            _take_apart(inner)
    if any(node.op_type in _PLAIN or node.op_type in _BIASED for node in nodes):
        parts = [part for node in nodes for part in _parts(node)]
        del graph.node[:]
        graph.node.extend(parts)


def _parts(node: NodeProto) -> Iterator[NodeProto]:
    given = [*node.input]
    if node.domain != "com.microsoft":
        yield node
    elif node.op_type in _PLAIN and attribute_of(node, "activation", ""):
        yield from _without_activation(node)
    elif node.op_type in _BIASED and len(given) > 1 and given[1]:
        yield _node("Add", given, f"{node.output[0]}.biased")
        yield _node(
            _BIASED[node.op_type],
            [f"{node.output[0]}.biased"],
            node.output[0],
            node.name,
            domain=node.domain,
        )
    else:
        yield node


def _without_activation(node: NodeProto) -> Iterator[NodeProto]:
    """The node, the sum with its fourth input, and its activation."""
    given, made = [*node.input], node.output[0]
    kept = {
        part.name: attribute_of(node, part.name, None)
        for part in node.attribute
        if not part.name.startswith("activation")
    }
    before = f"{made}.before"
    summed = _PLAIN[node.op_type] == "Conv" and len(given) > 3 and given[3]
    plain = f"{made}.plain" if summed else before
    yield _node(_PLAIN[node.op_type], given[:3], plain, node.name, **kept)
    if summed:
        yield _node("Add", [plain, given[3]], before)
    yield from _activation(node, before, made)


def _activation(node: NodeProto, before: str, made: str) -> Iterator[NodeProto]:
    kind = attribute_of(node, "activation", "")
    numbers = attribute_of(node, "activation_params", ()) or [
        value
        for name in ("alpha", "beta", "gamma")
        if (value := attribute_of(node, f"activation_{name}", None)) is not None
    ]
    known: dict[str, Any] = dict(zip(_PARAMETERS.get(kind, ()), map(float, numbers), strict=False))
    if kind != "Clip":
        yield _node(kind, [before], made, **known)
        return
    for name, value in known.items():
        yield _node("Constant", [], f"{made}.{name}", value_float=value)
    yield _node("Clip", [before, *(f"{made}.{name}" for name in known)], made)


def _node(kind: str, inputs: list[str], output: str, name: str = "", **others: Any) -> NodeProto:
    from onnx.helper import make_node

    return make_node(kind, inputs, [output], name or None, **others)
