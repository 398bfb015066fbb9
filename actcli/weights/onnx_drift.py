"""How far the outputs of an ONNX model move when folds take the place of its nodes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from actcli.activation import Array
from actcli.analysis.drift import FUNCTION_ROUNDINGS, carried, rounding
from actcli.analysis.plan import Replacement
from actcli.analysis.proof import UNITS, error_bound
from actcli.weights.onnx_constants import inputs_of
from actcli.weights.onnx_run import Values
from actcli.weights.onnx_steps import GraphRun, Step
from actcli.weights.operators import row_of
from actcli.weights.operators.spreads import Met, UnboundedError

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto


class Distances:
    """For each value of a graph how far it may be from what it is in the graph with the folds."""

    def __init__(self, model: ModelProto, values: Values) -> None:
        """Take the model as it is and every value in it, at the inputs of a comparison."""
        self.values = values
        self.model = model
        self.apart: dict[str, Array] = {}

    def at_outputs(
        self, runs: Sequence[GraphRun], folds: Sequence[tuple[Sequence[Step], Replacement]]
    ) -> float:
        """The largest distance at an output.

        Raises:
            UnboundedError: a node lets distances through that has no known bound.
        """
        linear = {step.nodes[-1]: step for run in runs for step in run.steps}
        ends = {steps[-1].nodes[-1]: (steps, replacement) for steps, replacement in folds}
        gone = {index for steps, _ in folds for step in steps for index in step.nodes}
        gone |= {index for step in linear.values() for index in step.nodes[:-1]}
        for index, node in enumerate(self.model.graph.node):
            if index in ends:
                steps, replacement = ends[index]
                self._fold(steps, replacement)
            elif index in gone:
                continue
            elif index in linear:
                self._layer(linear[index])
            elif any(name in self.apart for name in inputs_of(node)):
                self._node(node)
        outputs = [self.apart.get(value.name) for value in self.model.graph.output]
        return max((float(apart.max()) for apart in outputs if apart is not None), default=0.0)

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

    def _fold(self, steps: Sequence[Step], replacement: Replacement) -> None:
        x, apart = self._at(steps[0])
        unit = self._unit(steps[-1].target)
        own = error_bound(replacement.layers, replacement.folded.layers, x, unit)
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
        moved = row.spread(Met(node, self.values, apart, self.model.opset_import))
        if not row.is_exact:
            unit = self._unit(target)
            size = np.abs(self.values[target].astype(np.float64))
            moved = moved + 2 * FUNCTION_ROUNDINGS * unit * size
        self._put(target, moved)
