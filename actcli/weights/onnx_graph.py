"""The runs of linear layers in an ONNX graph, and the graph with folds in their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from actcli.analysis.layers import Linear
from actcli.analysis.network import Barrier
from actcli.analysis.plan import Replacement
from actcli.weights.onnx_activation import activation_of
from actcli.weights.onnx_constants import Constants, inputs_of
from actcli.weights.onnx_nodes import absorbed, layer_of
from actcli.weights.onnx_place import NotFoldedError, Place, Value
from actcli.weights.onnx_writing import Emitter

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto, ValueInfoProto

UNKNOWN = Value(None, None)


@dataclass
class Step:
    """A layer and the nodes it was read from."""

    layer: Linear
    nodes: list[int]
    source: str
    target: str


@dataclass
class GraphRun:
    """Nodes one after the other that make one linear run."""

    value: Value
    """What it puts out so far."""
    steps: list[Step] = field(default_factory=list)

    def narrow(self) -> None:
        """Look at the last axis alone where no layer touches another one: less to multiply."""
        rows = [step.layer.on_last_axis() for step in self.steps]
        dims = self.value.dims
        if dims is None or any(row is None for row in rows):
            return
        for step, row in zip(self.steps, rows, strict=True):
            assert row is not None
            step.layer = row
        self.value = replace(self.value, lead=len(dims) - 1)


class Graph:
    """The main graph of a model, read into runs."""

    def __init__(self, model: ModelProto, constants: Constants) -> None:
        """Read the nodes in their order, which is topological."""
        self.model = model
        self.constants = constants
        self.uses = _uses(model.graph)
        self.outputs = {value.name for value in model.graph.output}
        self.values = known_values(model)
        self.opset = next((e.version for e in model.opset_import if e.domain in ("", "ai.onnx")), 0)
        self.runs: list[GraphRun] = []
        self._stops: list[tuple[int, Barrier]] = []
        ends: dict[str, GraphRun] = {}
        for index, node in enumerate(model.graph.node):
            if node.op_type == "Constant" or self._is_constant(node):
                continue
            try:
                run = self._read(index, node, ends)
            except NotFoldedError as refusal:
                self._stop(node, str(refusal))
            else:
                ends[run.steps[-1].target] = run
        for run in self.runs:
            run.narrow()

    def _is_constant(self, node: NodeProto) -> bool:
        return bool(node.output) and self.constants[node.output[0]] is not None

    def _read(self, index: int, node: NodeProto, ends: dict[str, GraphRun]) -> GraphRun:
        """The run that the node goes on with, or begins.

        Raises:
            NotFoldedError: the node is no linear layer.
        """
        data = Place.data_of(node, self.constants)
        before = ends.get(data)
        value = before.value if before else self.values.get(data, UNKNOWN)
        layer = layer_of(Place(node, self.constants, value), data, self.opset)
        step = Step(layer, [index], data, node.output[0])
        after = value.after(layer.output_shape)
        self._hold(after, step.target)
        if before and self._may_join(node, before):
            whole = absorbed(before.steps[-1].layer, layer)
            if whole:
                last = before.steps[-1]
                before.steps[-1] = Step(whole, [*last.nodes, index], last.source, step.target)
            else:
                before.steps.append(step)
            before.value = after
            del ends[data]
            return before
        run = GraphRun(after, [step])
        self.runs.append(run)
        return run

    def _hold(self, value: Value, name: str) -> None:
        """Hold what a layer makes to what ONNX's shape inference says of it.

        Raises:
            NotFoldedError: the two are not the same.
        """
        told = self.values.get(name, UNKNOWN)
        if told.dims is None or value.dims is None:
            return
        pairs = zip(told.dims, value.dims, strict=False)
        if len(told.dims) != len(value.dims) or any(
            a is not None and b is not None and a != b for a, b in pairs
        ):
            raise NotFoldedError(f"its shape is said to be {_said(told)}, not {_said(value)}")

    def _may_join(self, node: NodeProto, before: GraphRun) -> bool:
        value = before.steps[-1].target
        if value in self.outputs or self.uses[value] > 1:
            users = self.uses[value] + (value in self.outputs)
            why = f"its input {value} is needed in {users} places, so that it must be computed"
            self._stop(node, why)
            return False
        return True

    def _stop(self, node: NodeProto, why: str) -> None:
        self._stops.append(
            (len(self.runs), Barrier(_called(node), why, activation=activation_of(node)))
        )

    @property
    def barriers(self) -> list[Barrier]:
        """What is not folded, each after the layers of the runs that begin before it."""
        ends = [0, *accumulate(len(run.steps) for run in self.runs)]
        return [replace(barrier, after=ends[begun]) for begun, barrier in self._stops]

    def with_folds(
        self, replacements: Sequence[tuple[Sequence[Step], int, Replacement]]
    ) -> ModelProto:
        """The model with the folds in place of their nodes; all else as it was."""
        model = type(self.model)()
        model.CopyFrom(self.model)
        graph = model.graph
        emitter = Emitter(_names(graph))
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
        return model


def _said(value: Value) -> str:
    return "x".join("?" if size is None else str(size) for size in value.dims or ())


def _called(node: NodeProto) -> str:
    return f"{node.name or node.output[0]} ({node.op_type})"


def _uses(graph: GraphProto) -> Counter[str]:
    """How often each value is an input of a node, those inside subgraphs included."""
    return Counter(name for node in graph.node for name in inputs_of(node))


def known_values(model: ModelProto) -> dict[str, Value]:
    """Shapes and types by ONNX's shape inference; an axis of symbolic size is open."""
    from onnx import shape_inference

    try:
        graph = shape_inference.infer_shapes(model, data_prop=True).graph
    except Exception:  # whatever it is, the values are then of unknown shape
        graph = model.graph
    values = [*graph.input, *graph.value_info, *graph.output]
    return {value.name: _known(value) for value in values}


def _known(value: ValueInfoProto) -> Value:
    from onnx import helper

    tensor = value.type.tensor_type
    if not value.type.HasField("tensor_type") or not tensor.elem_type:
        return UNKNOWN
    try:
        kind = helper.tensor_dtype_to_np_dtype(tensor.elem_type)
    except KeyError:  # a type that numpy does not know
        return UNKNOWN
    if not tensor.HasField("shape"):
        return Value(None, kind)
    sizes = [dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim]
    return Value.of(tuple(sizes), kind)


def _names(graph: GraphProto) -> set[str]:
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
        unused = candidates - _uses(graph).keys() - outputs
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
