"""Values inside the subgraphs of an ONNX model, put out by the nodes that the subgraphs are in.

An If puts out nothing of what its other branch would have computed; a Loop or a Scan puts out the
values of all iterations, along a new first axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from actcli.networks.files.onnx.constants import subgraphs

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto

REPEATING = ("Loop", "Scan")


class Level(NamedTuple):
    """A subgraph and the node that it is in."""

    node: NodeProto
    graph: GraphProto

    @property
    def repeats(self) -> bool:
        """Whether the graph may be run more than once."""
        return self.node.op_type in REPEATING


def lifted(name: str, levels: Sequence[Level], taken: set[str]) -> str:
    """The name of a value of the main graph that is a value of the innermost level, as doubles.

    The model is changed in place.
    """
    for level in reversed(levels):
        name = _lifted(name, level, taken)
    return name


def _lifted(name: str, level: Level, taken: set[str]) -> str:
    from onnx import TensorProto, ValueInfoProto, helper

    inner = _new(f"{name}.inside", taken)
    level.graph.node.append(helper.make_node("Cast", [name], [inner], to=TensorProto.DOUBLE))
    level.graph.output.append(ValueInfoProto(name=inner))
    if level.node.op_type == "If":
        nothing = helper.make_tensor("nothing", TensorProto.DOUBLE, [0], [])
        for other in subgraphs(level.node):
            if other is not level.graph:
                empty = _new(f"{name}.empty", taken)
                other.node.append(helper.make_node("Constant", [], [empty], value=nothing))
                other.output.append(ValueInfoProto(name=empty))
    for attribute in level.node.attribute:
        if attribute.name in ("scan_output_axes", "scan_output_directions"):
            attribute.ints.append(0)
    outer = _new(f"{name}.outside", taken)
    level.node.output.append(outer)
    return outer


def _new(name: str, taken: set[str]) -> str:
    """A name that is not taken yet; it is from now on."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name
