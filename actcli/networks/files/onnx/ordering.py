"""The nodes of an ONNX graph, each after those whose values it uses."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from actcli.errors import ActcliError
from actcli.networks.files.onnx.constants import inputs_of

if TYPE_CHECKING:
    from onnx import GraphProto


def sort_nodes(graph: GraphProto, source: str) -> bool:
    """Sort them in place where they are not sorted; whether that was so.

    Raises:
        ActcliError: nodes use one another's values in a circle.
    """
    makers = {name: place for place, node in enumerate(graph.node) for name in node.output if name}
    uses = [[makers[name] for name in inputs_of(node) if name in makers] for node in graph.node]
    if all(before < place for place, used in enumerate(uses) for before in used):
        return False
    try:
        order = list(TopologicalSorter(dict(enumerate(uses))).static_order())
    except CycleError:
        raise ActcliError(f"{source}: its nodes use one another's values in a circle") from None
    nodes = [graph.node[place] for place in order]
    copies = [type(node).FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)
    return True
