"""The runs of linear layers in an ONNX graph, and the graph with folds in their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from actcli.analysis.layers import Linear, Shape
from actcli.analysis.network import Barrier
from actcli.analysis.plan import Replacement
from actcli.weights.onnx_constants import Constants, subgraphs
from actcli.weights.onnx_nodes import NotFoldedError, Place, absorbed
from actcli.weights.onnx_writing import Emitter

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto, ValueInfoProto

Dims = tuple[int | None, ...]


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

    rank: int | None
    """The axes of the value at its end."""
    batch: int | None
    steps: list[Step] = field(default_factory=list)

    @property
    def shape(self) -> Shape:
        """Of the value at its end, without the batch."""
        return self.steps[-1].layer.output_shape


class Graph:
    """The main graph of a model, read into runs."""

    def __init__(self, model: ModelProto, constants: Constants) -> None:
        """Read the nodes in their order, which is topological."""
        self.model = model
        self.constants = constants
        self.uses = _uses(model.graph)
        self.outputs = {value.name for value in model.graph.output}
        self.dims = _dims(model)
        self.runs: list[GraphRun] = []
        self.barriers: list[Barrier] = []
        ends: dict[str, GraphRun] = {}
        for index, node in enumerate(model.graph.node):
            if node.op_type == "Constant" or self._is_constant(node):
                continue
            try:
                run = self._read(index, node, ends)
            except NotFoldedError as refusal:
                self.barriers.append(Barrier(_called(node), str(refusal)))
            else:
                ends[run.steps[-1].target] = run

    def _is_constant(self, node: NodeProto) -> bool:
        return bool(node.output) and self.constants[node.output[0]] is not None

    def _read(self, index: int, node: NodeProto, ends: dict[str, GraphRun]) -> GraphRun:
        """The run that the node goes on with, or begins.

        Raises:
            NotFoldedError: the node is no linear layer.
        """
        place = Place(node, self.constants, None, None, None)
        data = place.data
        before = ends.get(data)
        shape, rank, batch = self._known(data) if before is None else _end(before)
        layer = Place(node, self.constants, shape, rank, batch).layer()
        step = Step(layer, [index], data, node.output[0])
        if before and self._may_join(node, before, layer):
            whole = absorbed(before.steps[-1].layer, layer)
            if whole:
                last = before.steps[-1]
                before.steps[-1] = Step(whole, [*last.nodes, index], last.source, step.target)
            else:
                before.steps.append(step)
            before.rank = self._rank(step.target, len(layer.output_shape) + 1, before.rank)
            del ends[data]
            return before
        run = GraphRun(self._rank(step.target, len(layer.output_shape) + 1, rank), batch, [step])
        self.runs.append(run)
        return run

    def _may_join(self, node: NodeProto, before: GraphRun, layer: Linear) -> bool:
        value = before.steps[-1].target
        if value in self.outputs or self.uses[value] > 1:
            users = self.uses[value] + (value in self.outputs)
            why = f"its input {value} is needed in {users} places, so that it must be computed"
            self.barriers.append(Barrier(_called(node), why))
            return False
        return layer.shape == before.shape

    def _known(self, value: str) -> tuple[Shape | None, int | None, int | None]:
        """Shape without the batch, rank and batch, as far as the model says."""
        dims = self.dims.get(value)
        if dims is None:
            return None, None, None
        kept = dims[1:] if len(dims) == 4 else dims[-1:]
        shape = tuple(size for size in kept if size is not None)
        whole = len(dims) > 1 and len(shape) == len(kept)
        return shape if whole else None, len(dims), dims[0] if dims else None

    def _rank(self, value: str, otherwise: int, before: int | None) -> int | None:
        dims = self.dims.get(value)
        if dims is not None:
            return len(dims)
        return otherwise if otherwise == 4 else before

    def with_folds(self, replacements: Sequence[tuple[Sequence[Step], Replacement]]) -> ModelProto:
        """The model with the folds in place of their nodes; all else as it was."""
        model = type(self.model)()
        model.CopyFrom(self.model)
        graph = model.graph
        emitter = Emitter(_names(graph))
        gone: dict[int, list[NodeProto]] = {}
        for steps, replacement in replacements:
            nodes = [index for step in steps for index in step.nodes]
            in_rows = any(graph.node[index].op_type == "Gemm" for index in nodes)
            new = emitter.nodes(
                replacement.folded.layers,
                steps[0].source,
                steps[-1].target,
                name=graph.node[nodes[-1]].name,
                in_rows=in_rows,
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
        return model


def _end(run: GraphRun) -> tuple[Shape, int | None, int | None]:
    return run.shape, run.rank, run.batch


def _called(node: NodeProto) -> str:
    return f"{node.name or node.output[0]} ({node.op_type})"


def _uses(graph: GraphProto) -> Counter[str]:
    """How often each value is an input of a node, those inside subgraphs included."""
    return Counter(name for node in graph.node for name in inputs_of(node))


def inputs_of(node: NodeProto) -> Iterator[str]:
    """The values that a node uses, those used inside its subgraphs included."""
    yield from node.input
    for inner in subgraphs(node):
        yield from (value.name for value in inner.output)
        for deeper in inner.node:
            yield from inputs_of(deeper)


def _dims(model: ModelProto) -> dict[str, Dims]:
    """The sizes of the values; None where a size is open."""
    from onnx import shape_inference

    try:
        graph = shape_inference.infer_shapes(model, data_prop=True).graph
    except Exception:  # whatever it is, the values are then of unknown shape
        graph = model.graph
    values = [*graph.input, *graph.value_info, *graph.output]
    return {value.name: _sizes(value) for value in values if _has_shape(value)}


def _has_shape(value: ValueInfoProto) -> bool:
    tensor = value.type.tensor_type
    return bool(value.type.HasField("tensor_type") and tensor.HasField("shape"))


def _sizes(value: ValueInfoProto) -> Dims:
    dims = value.type.tensor_type.shape.dim
    return tuple(dim.dim_value if dim.HasField("dim_value") else None for dim in dims)


def _names(graph: GraphProto) -> set[str]:
    """Every name that is taken."""
    taken = {tensor.name for tensor in graph.initializer}
    taken |= {value.name for value in (*graph.input, *graph.output, *graph.value_info)}
    for node in graph.node:
        taken |= {node.name, *node.output, *inputs_of(node)}
    return taken


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
