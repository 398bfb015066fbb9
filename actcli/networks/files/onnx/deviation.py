"""How far the outputs of an ONNX model move when folds take the place of its nodes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from actcli.networks.files.onnx.constants import inputs_of
from actcli.networks.files.onnx.operators import row_of
from actcli.networks.files.onnx.operators.spreads import Met, UnboundedError
from actcli.networks.files.onnx.run import Values
from actcli.networks.files.onnx.steps import GraphRun, Step
from actcli.networks.folding.plan import Replacement
from actcli.networks.folding.proof.deviation import FUNCTION_ROUNDINGS, carried, rounding
from actcli.networks.folding.proof.error_bound import UNITS
from actcli.numeric.arrays import Array

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto


class Distances:
    """For each value of a graph how far it may be from what it is in the graph with the folds."""

    def __init__(self, model: ModelProto, values: Values) -> None:
        """Take the model as it is and all that it computes at the inputs of a comparison."""
        self.values = values
        self.model = model
        self.constants = {tensor.name: tensor for tensor in model.graph.initializer}
        self.apart: dict[str, Array] = {}

    def at_outputs(
        self,
        runs: Sequence[GraphRun],
        folds: Sequence[tuple[Sequence[Step], Replacement]],
        own: Callable[[Sequence[Step], Replacement], Array],
    ) -> float:
        """The largest distance at an output; `own` is what rounding does in a fold alone.

        Raises:
            UnboundedError: a node lets distances through that has no known bound.
        """
        linear = {step.nodes[-1]: step for run in runs for step in run.steps}
        ends = {steps[-1].nodes[-1]: (steps, replacement) for steps, replacement in folds}
        gone = {index for steps, _ in folds for step in steps for index in step.nodes}
        gone |= {index for step in linear.values() for index in step.nodes[:-1]}
        graph = self.model.graph
        at = {index: step.nodes[-1] for step in linear.values() for index in step.nodes}
        at |= {
            index: end for end, (steps, _) in ends.items() for step in steps for index in step.nodes
        }
        done = self._last_used(at)
        for index, node in enumerate(graph.node):
            if index in ends:
                self._fold(*ends[index], own(*ends[index]))
            elif index not in gone and index in linear:
                self._layer(linear[index])
            elif index not in gone and any(name in self.apart for name in inputs_of(node)):
                self._node(node)
            for name in done.get(index, ()):
                self.apart.pop(name, None)
        outputs = [self.apart.get(value.name) for value in graph.output]
        return max((float(apart.max()) for apart in outputs if apart is not None), default=0.0)

    def _last_used(self, at: Mapping[int, int]) -> dict[int, list[str]]:
        """The values that are needed no more after each node; `at` is where a node is computed.

        A step is computed at the last of its nodes, and so is a fold.
        """
        graph = self.model.graph
        last: dict[str, int] = {}
        for index, node in enumerate(graph.node):
            for name in inputs_of(node):
                last[name] = max(at.get(index, index), last.get(name, 0))
        done: dict[int, list[str]] = {}
        for name in last.keys() - {value.name for value in graph.output}:
            done.setdefault(last[name], []).append(name)
        return done

    def _value(self, name: str) -> NDArray[Any]:
        """What a node is given, computed or constant."""
        from onnx import numpy_helper

        if name in self.values:
            return self.values[name]
        return numpy_helper.to_array(self.constants[name])

    def _unit(self, name: str) -> float:
        """The unit roundoff of a value's type.

        Raises:
            UnboundedError: it is no float.
        """
        kind = self.values[name].dtype.name
        if kind not in UNITS:
            raise UnboundedError(f"{name}, which holds {kind}")
        return UNITS[kind]

    def _at(self, step: Step) -> tuple[Array, Array]:
        """What comes into a layer, and how far apart it is, as a batch."""
        x = self.values[step.source].astype(np.float64)
        apart = self.apart.get(step.source, np.zeros_like(x))
        shape = (-1, *step.layer.shape)
        return x.reshape(shape), np.broadcast_to(apart, x.shape).reshape(shape)

    def _put(self, name: str, apart: Array) -> None:
        shape = self.values[name].shape
        self.apart[name] = (
            apart.reshape(shape)
            if apart.size == math.prod(shape)
            else np.broadcast_to(apart, shape)
        )

    def _fold(self, steps: Sequence[Step], replacement: Replacement, own: Array) -> None:
        x, apart = self._at(steps[0])
        moved = carried(replacement.folded.layers, x, apart)
        assert moved is not None
        self._put(steps[-1].target, own + moved)

    def _layer(self, step: Step) -> None:
        if step.source not in self.apart:
            return
        x, apart = self._at(step)
        moved = step.layer.spread(x, apart)
        own = 2 * rounding(step.layer, np.abs(x) + apart, x, self._unit(step.target))
        self._put(step.target, moved + own)

    def _node(self, node: NodeProto) -> None:
        """Carry distances through a node that is no linear layer."""
        target, row = node.output[0], row_of(node)
        if row is None or row.spread is None:
            raise UnboundedError(f"{node.name or target} ({node.op_type})")
        apart = [self.apart.get(name) for name in node.input]
        values = {name: self._value(name) for name in (*node.input, *node.output) if name}
        moved = row.spread(Met(node, values, apart, self.model))
        if not row.is_exact:
            unit = self._unit(target)
            size = np.abs(self.values[target].astype(np.float64))
            moved = moved + 2 * FUNCTION_ROUNDINGS * unit * size
        self._put(target, moved)
