"""The runs of linear layers in an ONNX graph, and the graph with folds in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from actcli.networks.files.onnx.constants import Constants, inputs_of
from actcli.networks.files.onnx.steps import LinearStep, Steps, uses
from actcli.networks.files.onnx.writing import Emitter
from actcli.networks.folding.plan import Replacement

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto


class Graph:
    """The main graph of a model, read into runs."""

    def __init__(self, model: ModelProto, constants: Constants) -> None:
        """Read the nodes in their order, which is topological."""
        self.model = model
        steps = Steps(model, constants)
        self.runs = steps.runs
        self.barriers = steps.barriers

    def with_folds(
        self, replacements: Sequence[tuple[Sequence[LinearStep], int, Replacement]]
    ) -> ModelProto:
        """The model with the folds in place of their nodes; all else as it was."""
        model = type(self.model)()
        model.CopyFrom(self.model)
        graph = model.graph
        emitter = Emitter(names_of(graph))
        gone: dict[int, list[NodeProto]] = {}
        for steps, lead, replacement in replacements:
            nodes = [index for step in steps for index in step.nodes]
            new = emitter.nodes(
                replacement.folded.layers,
                steps[0].source,
                steps[-1].target,
                name=graph.node[nodes[-1]].name,
                lead=lead,
            )
            gone |= {index: [] for index in nodes}
            gone[nodes[-1]] = new
        kept = [new for index, node in enumerate(graph.node) for new in gone.get(index, [node])]
        lost = {name for index in gone for name in graph.node[index].input}
        del graph.node[:]
        graph.node.extend(kept)
        graph.initializer.extend(emitter.initializers)
        if model.ir_version < 4:
            graph.input.extend(emitter.inputs())
        _drop_unused(graph, lost)
        gone_too = _initialized(self.model.graph) - _initialized(graph)
        _keep(graph.input, {value.name for value in graph.input} - gone_too)
        slim = type(model)()
        slim.CopyFrom(model)  # a model keeps the memory of what was removed from it
        return slim


def names_of(graph: GraphProto) -> set[str]:
    """Every name that is taken."""
    taken = {tensor.name for tensor in graph.initializer}
    taken |= {value.name for value in (*graph.input, *graph.output, *graph.value_info)}
    for node in graph.node:
        taken |= {node.name, *node.output, *inputs_of(node)}
    return taken


def _initialized(graph: GraphProto) -> set[str]:
    return {tensor.name for tensor in graph.initializer}


def _drop_unused(graph: GraphProto, candidates: set[str]) -> None:
    """Drop constants that nothing uses any more, with their makers and what was known of them."""
    outputs = {value.name for value in graph.output}
    while candidates:
        unused = candidates - uses(graph).keys() - outputs
        makers = [node for node in graph.node if node.output and set(node.output) <= unused]
        for node in makers:
            graph.node.remove(node)
        _keep(graph.initializer, {t.name for t in graph.initializer} - unused)
        if not makers:
            break
        candidates = {name for node in makers for name in node.input}
    made = {name for node in graph.node for name in node.output}
    _keep(graph.value_info, made)


def _keep(values: Any, names: set[str]) -> None:
    for value in [value for value in values if value.name not in names]:
        values.remove(value)
