"""How far the outputs of an ONNX model move when folds take the place of its nodes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array
from actcli.analysis.drift import FUNCTION_ROUNDINGS, carried, rounding
from actcli.analysis.plan import Replacement
from actcli.analysis.proof import UNITS
from actcli.weights.onnx_constants import inputs_of
from actcli.weights.onnx_graph import GraphRun, Step
from actcli.weights.onnx_place import attribute_of
from actcli.weights.onnx_run import CannotRunError, Values, alone, run

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

STEEPEST = {
    "Relu": 1.0,
    "Abs": 1.0,
    "Neg": 1.0,
    "Clip": 1.0,
    "Tanh": 1.0,
    "Sigmoid": 0.25,
    "Softplus": 1.0,
    "Softsign": 1.0,
    "Erf": 2 / math.sqrt(math.pi),
    "Gelu": 1.13,
    "Mish": 1.09,
    "HardSwish": 1.5,
    "Sin": 1.0,
    "Cos": 1.0,
    "Atan": 1.0,
    "Selu": 1.7581,
}
"""Lipschitz constants, rounded up."""

SCALED = {"LeakyRelu": ("alpha", 0.01), "Elu": ("alpha", 1.0), "HardSigmoid": ("alpha", 0.2)}
"""Functions whose steepest slope is 1 or this attribute."""

MOVING = {
    "Concat",
    "Expand",
    "Flatten",
    "Gather",
    "GlobalMaxPool",
    "Identity",
    "MaxPool",
    "Pad",
    "ReduceMax",
    "Reshape",
    "Slice",
    "Split",
    "Squeeze",
    "Transpose",
    "Unsqueeze",
}
"""Nodes that pass on the largest or the same of what they get: so they do with distances."""


class UnboundedError(Exception):
    """There is no bound; the message says through which node."""


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
        last_use = {
            name: at.get(index, index)
            for index, node in enumerate(graph.node)
            for name in inputs_of(node)
        }
        for index, node in enumerate(graph.node):
            if index in ends:
                self._fold(*ends[index], own(*ends[index]))
            elif index not in gone and index in linear:
                self._layer(linear[index])
            elif index not in gone and any(name in self.apart for name in inputs_of(node)):
                self._node(node)
            for name in inputs_of(node):
                if last_use.get(name) == index:
                    self.apart.pop(name, None)
        outputs = [self.apart.get(value.name) for value in graph.output]
        return max((float(apart.max()) for apart in outputs if apart is not None), default=0.0)

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
        target = node.output[0]
        moved = self._moved(node)
        if node.op_type not in MOVING:
            unit = self._unit(target)
            size = np.abs(self.values[target].astype(np.float64))
            moved = moved + 2 * FUNCTION_ROUNDINGS * unit * size
        self._put(target, moved)

    def _moved(self, node: NodeProto) -> Array:
        inputs = [self.apart.get(name) for name in node.input]
        apart = next((part for part in inputs if part is not None), np.zeros(()))
        match node.op_type:
            case name if name in STEEPEST:
                return STEEPEST[name] * apart
            case name if name in SCALED:
                steepest = max(abs(float(attribute_of(node, *SCALED[name]))), 1.0)
                return steepest * apart
            case "Add" | "Sub":
                together: Array = sum((part for part in inputs if part is not None), np.zeros(()))
                return together
            case "Mul":
                a, b = (np.abs(self._value(name).astype(np.float64)) for name in node.input)
                da, db = (np.zeros(()) if part is None else part for part in inputs)
                return a * db + b * da + da * db
            case "Softmax" | "LogSoftmax":
                axis = attribute_of(node, "axis", -1)
                growth = 2 * apart.max(axis=axis, keepdims=True)
                if node.op_type == "LogSoftmax":
                    return np.broadcast_to(growth, apart.shape)
                share: Array = self.values[node.output[0]] * np.expm1(growth)
                return share
            case name if name in MOVING and len(node.output) == 1:
                return self._passed_on(node)
        raise UnboundedError(_named(node))

    def _passed_on(self, node: NodeProto) -> Array:
        """The distances put through the node itself."""
        feed = {}
        for name in filter(None, node.input):
            value = self._value(name)
            distance = np.zeros_like(value) if value.dtype.kind == "f" else value
            feed[name] = self.apart.get(name, distance).astype(value.dtype)
        target = node.output[0]
        try:
            passed_on = run(alone([node], feed, target, self.model), feed)[target]
        except CannotRunError:
            raise UnboundedError(_named(node)) from None
        result: Array = passed_on.astype(np.float64) * (1 + 2.0**-10)
        return result


def _named(node: NodeProto) -> str:
    return f"{node.name or node.output[0]} ({node.op_type})"
