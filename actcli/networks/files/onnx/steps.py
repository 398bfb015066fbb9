"""The nodes of an ONNX graph as linear steps from one value to another, and these in runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from actcli.networks.files.onnx.activation import activation_of
from actcli.networks.files.onnx.constants import Constants, inputs_of
from actcli.networks.files.onnx.operators import layer_of, signs_of
from actcli.networks.files.onnx.place import UNKNOWN, NotFoldedError, Place, Value, known_values
from actcli.networks.layers import AnySize, Chain, Linear, Rearrange, Sum
from actcli.networks.network import Barrier

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto


@dataclass
class LinearStep:
    """A layer and the nodes it was read from, the last of which makes its output."""

    layer: Linear
    nodes: list[int]
    source: str
    target: str
    value: Value
    """What it puts out, by the axes that it leaves alone."""


@dataclass
class GraphRun:
    """Steps one after the other that make one linear run."""

    steps: list[LinearStep] = field(default_factory=list)
    lead: int = 1
    """How many axes, the first ones, no layer of it touches."""

    def takes(self, step: LinearStep) -> bool:
        """Whether the step leaves the same axes alone, and open where they are."""
        before, after = self.steps[-1].value, step.value
        return self.lead == after.lead and before.any_size == after.any_size

    def narrow(self) -> None:
        """Look at the last axis alone where no layer touches another one: less to multiply."""
        rows = [step.layer.on_last_axis() for step in self.steps]
        rank = self.steps[-1].value.rank
        if rank is None or any(row is None for row in rows):
            return
        for step, row in zip(self.steps, rows, strict=True):
            assert row is not None
            step.layer = row
        self.lead = rank - 1


class Steps:
    """The linear steps of a graph, and what is in their way."""

    def __init__(self, model: ModelProto, constants: Constants) -> None:
        """Read the nodes in their order, which is topological."""
        self._graph = model.graph
        self._constants = constants
        self._uses = uses(model.graph)
        self._outputs = {value.name for value in model.graph.output}
        self._values = known_values(model)
        self._opset = next(
            (entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), 0
        )
        self._refused: dict[int, Barrier] = {}
        self._steps: dict[str, LinearStep] = {}
        for index, node in enumerate(model.graph.node):
            if node.op_type == "Constant" or self._is_constant(node):
                continue
            try:
                self._steps[node.output[0]] = self._read(index, node)
            except NotFoldedError as refusal:
                self._refuse(index, str(refusal))
        self.runs = list(self._in_runs())

    @property
    def barriers(self) -> list[Barrier]:
        """What is not folded, or not with what is before it, and why.

        Each stands after the layers of the runs that begin before it.
        """
        return [
            replace(barrier, after=self._layers_before(index))
            for index, barrier in sorted(self._refused.items())
        ]

    def _layers_before(self, index: int) -> int:
        """How many layers the runs have that begin before a node."""
        return sum(len(run.steps) for run in self.runs if run.steps[0].nodes[-1] < index)

    def _refuse(self, index: int, why: str) -> None:
        node = self._graph.node[index]
        name = f"{node.name or node.output[0]} ({node.op_type})"
        self._refused.setdefault(index, Barrier(name, why, activation=activation_of(node)))

    def _is_constant(self, node: NodeProto) -> bool:
        return bool(node.output) and self._constants[node.output[0]] is not None

    def _read(self, index: int, node: NodeProto) -> LinearStep:
        """The step that a node makes, with those that it takes in.

        Raises:
            NotFoldedError: the node is no linear layer.
        """
        computed = [name for name in node.input if name and self._constants[name] is None]
        signs = signs_of(node)
        if signs and len(node.input) == len(computed) > 1:
            return self._sum(index, node, signs)
        data = Place.data_of(node, self._constants)
        layer, value = self._layer(node, data)
        self._hold(value, node.output[0])
        step = LinearStep(layer, [index], data, node.output[0], value)
        before = self._steps.get(data)
        return (before and self._absorbed(before, step)) or step

    def _layer(self, node: NodeProto, data: str) -> tuple[Linear, Value]:
        """The layer that a node is, and what it puts out, by the axes it may be read by.

        Raises:
            NotFoldedError: by none.
        """
        refusal: NotFoldedError | None = None
        for value in self._readings(data):
            try:
                layer = layer_of(Place(node, self._constants, value), data, self._opset)
            except NotFoldedError as why:
                refusal = refusal or why
            else:
                if value.any_size:
                    layer = AnySize((layer,), layer.label)
                return layer, value.after(layer.output_shape)
        assert refusal is not None
        raise refusal

    def _readings(self, name: str) -> Iterator[Value]:
        """A value as its run has it, as a run that begins with it has, and all of its axes."""
        known = self._values.get(name, UNKNOWN)
        if name in self._steps:
            yield self._steps[name].value
        yield known
        if known.dims and None not in known.dims:
            yield Value(known.dims, known.kind, 0)
        if known.as_image() is not known:
            yield known.as_image()

    def _absorbed(self, before: LinearStep, step: LinearStep) -> LinearStep | None:
        """The two in one, where the second adds a constant that the first can take as its own."""
        if not step.layer.adds_only or not self._follows(step):
            return None
        offset = step.layer.constant
        assert offset is not None
        whole = before.layer.shifted(offset)
        if whole is None or before.value.lead != step.value.lead:
            return None
        del self._steps[before.target]
        return LinearStep(
            whole, [*before.nodes, *step.nodes], before.source, step.target, step.value
        )

    def _sum(self, index: int, node: NodeProto, signs: Sequence[int]) -> LinearStep:
        """The step that a sum of branches makes which part at one value.

        Raises:
            NotFoldedError: they part at none, or a value in them is needed elsewhere.
        """
        ways = [self._way(name) for name in node.input]
        source = next((name for name in ways[0] if all(name in way for way in ways[1:])), None)
        if source is None:
            raise NotFoldedError(f"{node.op_type} of {len(ways)} computed values")
        branches = [self._branch(way[: way.index(source)], index) for way in ways]
        value = next(self._readings(source))
        leads = {step.value.lead for steps in branches for step in steps} or {value.lead}
        value = Value(value.dims, value.kind, min(leads))
        if value.shape is None or value.dims is None or len(leads) > 1:
            raise NotFoldedError(f"{node.op_type} of values whose shape is not known")
        if any(isinstance(step.layer, AnySize) for steps in branches for step in steps):
            raise NotFoldedError(f"{node.op_type} of images whose size is open")
        still = Rearrange(value.shape, value.shape, "identity")
        members = tuple(
            Chain(tuple(step.layer for step in steps)) if steps else still for steps in branches
        )
        if len({member.output_shape for member in members}) > 1:
            raise NotFoldedError(f"{node.op_type} of values of other shapes")
        after = value.after(members[0].output_shape)
        self._hold(after, node.output[0])
        taken = {step.target: step for steps in branches for step in steps}
        nodes = sorted(place for step in taken.values() for place in step.nodes)
        for name in taken:
            del self._steps[name]
        for place in nodes:
            self._refused.pop(place, None)
        layer = Sum(members, tuple(signs), node.name or node.output[0], value.kind)
        return LinearStep(layer, [*nodes, index], source, node.output[0], after)

    def _way(self, name: str) -> list[str]:
        """The values from which steps lead to one, that one first."""
        way = [name]
        while way[-1] in self._steps:
            way.append(self._steps[way[-1]].source)
        return way

    def _branch(self, names: Sequence[str], end: int) -> list[LinearStep]:
        """The steps that make values for a node, the last of which makes the first name.

        Raises:
            NotFoldedError: one is needed elsewhere.
        """
        nodes = [end]
        for name in names:
            if self._others(name, nodes):
                raise NotFoldedError(f"its input {name} is needed in {self._users(name)} places")
            nodes = self._steps[name].nodes
        return [self._steps[name] for name in reversed(names)]

    def _users(self, name: str) -> int:
        return self._uses[name] + (name in self._outputs)

    def _others(self, name: str, nodes: Sequence[int]) -> int:
        """In how many places a value is needed that are not among these nodes."""
        inputs = (used for place in nodes for used in inputs_of(self._graph.node[place]))
        return self._users(name) - sum(used == name for used in inputs)

    def _hold(self, value: Value, name: str) -> None:
        """Hold what a layer makes to what ONNX's shape inference says of it.

        Raises:
            NotFoldedError: the two are not the same.
        """
        told = self._values.get(name, UNKNOWN)
        if told.dims is None or value.dims is None:
            return
        pairs = zip(told.dims, value.dims, strict=False)
        if len(told.dims) != len(value.dims) or any(
            a is not None and b is not None and a != b for a, b in pairs
        ):
            raise NotFoldedError(f"its shape is said to be {told}, not {value}")

    def _follows(self, step: LinearStep) -> bool:
        """Whether the step alone uses what it takes; it is said where others do."""
        value = step.source
        others = self._others(value, step.nodes)
        if others:
            why = f"its input {value} is needed in {others + 1} places, so that it must be computed"
            self._refuse(step.nodes[0], why)
        return not others

    def _in_runs(self) -> Iterator[GraphRun]:
        """The steps, each with those that follow it."""
        ends: dict[str, GraphRun] = {}
        runs = []
        for step in self._steps.values():
            run = ends.get(step.source)
            if run is None or not run.takes(step) or not self._follows(step):
                run = GraphRun(lead=step.value.lead)
                runs.append(run)
            else:
                del ends[step.source]
            run.steps.append(step)
            ends[step.target] = run
        for run in runs:
            run.narrow()
        yield from runs


def uses(graph: GraphProto) -> Counter[str]:
    """How often each value is an input of a node, those inside subgraphs included."""
    return Counter(name for node in graph.node for name in inputs_of(node))
