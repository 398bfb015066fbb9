"""How far the outputs of an ONNX model move when folds take the place of its nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from actcli.networks.files.onnx.constants import inputs_of
from actcli.networks.files.onnx.operators import row_of
from actcli.networks.files.onnx.operators.spreads import Met, UnboundedError
from actcli.networks.files.onnx.replay import Replay
from actcli.networks.files.onnx.run import Values
from actcli.networks.files.onnx.steps import GraphRun, LinearStep
from actcli.networks.folding.plan import Replacement
from actcli.networks.folding.proof.deviation import FUNCTION_ROUNDINGS, carried
from actcli.networks.folding.proof.error_bound import UNITS, gamma
from actcli.networks.layers import AnySize, Linear, at_size, in_type
from actcli.numeric.arrays import Array

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto


FEW_ROUNDINGS = 2.0**-20
"""Of float32, for the arithmetic of one node beside its sums."""


class Distances:
    """For each value of a graph how far it may be from what it is in the graph with the folds.

    Distances are computed in float32, and enlarged by what that rounds.
    """

    def __init__(self, model: ModelProto, feed: Values) -> None:
        """Take the model as it is and what comes into it in a comparison."""
        self.replay = Replay(model, feed)
        self.values = self.replay.values
        self.model = model
        self.constants = {tensor.name: tensor for tensor in model.graph.initializer}
        self.apart: dict[str, Array] = {}
        self._spent: Sequence[str] = ()
        """What nobody wants any more once the node at hand has taken it in."""
        self.unbounded: str | None = None
        """The first node that lets distances through and has no known bound."""

    def at_outputs(
        self,
        runs: Sequence[GraphRun],
        folds: Sequence[tuple[Sequence[LinearStep], Replacement]],
        own: Callable[[Sequence[LinearStep], Replacement, Values], Array],
    ) -> float | None:
        """The largest distance at an output; None where a node has no known bound.

        `own` is what rounding does in a fold alone, told of the values around it.

        Raises:
            CannotRunError: a node does not run.
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
            self.replay.reach(index)
            used_up = done.get(index, [])
            self._spent = [name for name in used_up if name not in node.output]
            if index in ends:
                self._fold(*ends[index], own(*ends[index], self.values))
            elif index not in gone and not self.unbounded:
                self._pass(node, linear.get(index))
            self._drop(used_up)
        if self.unbounded:
            return None
        outputs = [self.apart.get(value.name) for value in graph.output]
        return max((float(apart.max()) for apart in outputs if apart is not None), default=0.0)

    def _drop(self, names: Sequence[str]) -> None:
        """Forget values that nobody wants any more, with their distances."""
        self.replay.forget(names)
        for name in names:
            self.apart.pop(name, None)

    def _pass(self, node: NodeProto, step: LinearStep | None) -> None:
        """Carry distances through a node, or the step of which it is the last."""
        try:
            if step:
                self._layer(step)
            elif any(name in self.apart for name in inputs_of(node)):
                self._node(node)
        except UnboundedError as why:
            self.unbounded = str(why)
            self.apart.clear()

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
        kept = {value.name for value in graph.output}
        for index, node in enumerate(graph.node):
            for name in node.output:
                last.setdefault(name, at.get(index, index))
        for name in last.keys() - kept:
            done.setdefault(last[name], []).append(name)
        return done

    def _value(self, name: str) -> NDArray[Any]:
        """What a node is given, computed or constant.

        Raises:
            UnboundedError: it is no array.
        """
        from onnx import numpy_helper

        if name in self.values:
            return self.values[name]
        if name not in self.constants:
            raise UnboundedError(f"{name}, which is no array")
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

    def _at(self, name: str, layer: Linear) -> tuple[Array, Array]:
        """What comes into a layer, and how far apart it is, as a batch."""
        x = _wide(self.values[name])
        apart = self.apart.get(name, np.zeros((), x.dtype))
        shape = (-1, *layer.shape)
        return x.reshape(shape), np.broadcast_to(apart, x.shape).reshape(shape)

    def _put(self, name: str, apart: Array, slack: float = 1.0) -> None:
        value = self.values[name]
        apart = in_type(apart, _wide_type(value)) * (slack * (1 + FEW_ROUNDINGS))
        self.apart[name] = (
            apart.reshape(value.shape)
            if apart.size == value.size
            else np.broadcast_to(apart, value.shape)
        )

    def _fold(self, steps: Sequence[LinearStep], replacement: Replacement, own: Array) -> None:
        if steps[0].source not in self.apart:
            self._put(steps[-1].target, own)
            return
        source = steps[0].source
        _, come = replacement.at(self.values[source].shape[1:])
        x, apart = self._at(source, come[0])
        moved = carried(come, x, apart)
        assert moved is not None
        terms = sum(layer.terms for layer in come)
        self._put(steps[-1].target, own + moved * _slack(terms, moved))

    def _layer(self, step: LinearStep) -> None:
        if step.source not in self.apart:
            return
        layer = step.layer
        if isinstance(layer, AnySize):
            (layer,) = at_size([layer], self.values[step.source].shape[1:])
        x, apart = self._at(step.source, layer)
        layer = layer.magnitude()
        share = 2 * gamma(layer.terms, self._unit(step.target))
        size = np.abs(x)
        for change, other in ((np.add, apart), (np.multiply, share), (np.add, apart)):
            change(size, other, out=size)  # it may be large
        del x, apart, other
        self._drop(self._spent)
        moved = layer.linear(size)
        if layer.constant is not None:
            moved = moved + share * layer.constant
        del size
        self._put(step.target, moved, _slack(layer.terms, moved))

    def _node(self, node: NodeProto) -> None:
        """Carry distances through a node that is no linear layer."""
        target, row = node.output[0], row_of(node)
        if row is None or row.spread is None:
            raise UnboundedError(f"{node.name or target} ({node.op_type})")
        apart = [self.apart.get(name) for name in node.input]
        values = {name: self._value(name) for name in (*node.input, *node.output) if name}
        moved = row.spread(Met(node, values, apart, self.model))
        del values, apart
        self._drop(self._spent)
        if not row.is_exact:
            size = np.abs(_wide(self.values[target]))
            size *= 2 * FUNCTION_ROUNDINGS * self._unit(target)
            size += moved
            moved = size
        self._put(target, moved)


def _wide(value: NDArray[Any]) -> NDArray[Any]:
    return in_type(value, _wide_type(value))


def _wide_type(value: NDArray[Any]) -> type[np.floating[Any]]:
    """The type in which distances from a value are computed: float32, but for doubles."""
    return np.float64 if value.dtype == np.float64 else np.float32


def _slack(terms: int, computed: Array) -> float:
    """What makes a sum of so many numbers without signs at least what it is unrounded."""
    return 1 + 2 * gamma(terms, UNITS[computed.dtype.name])
