"""The values of an ONNX model at one input, a stretch of its nodes at a time."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from actcli.networks.budgets import STRETCH
from actcli.networks.files.onnx.constants import inputs_of
from actcli.networks.files.onnx.place import known_values
from actcli.networks.files.onnx.run import Values, alone, run

if TYPE_CHECKING:
    from onnx import ModelProto

FIRST = 4
"""Nodes of the first stretch."""

A_SHAPE = 16
"""Numbers that a constant may have that is a shape; of longer ones their own shape tells all."""


class Replay:
    """A model that is run again, so that no more of its values are there than somebody wants."""

    def __init__(self, model: ModelProto, feed: Values) -> None:
        """Take what comes into the model."""
        self.values = dict(feed)
        self._model = model
        self._nodes = model.graph.node
        self._constants = {tensor.name: tensor for tensor in model.graph.initializer}
        self._makers = {
            name: place for place, node in enumerate(self._nodes) for name in node.output
        }
        self._reached, self._stretch = 0, FIRST
        self._sizes = self._inferred(feed)

    def reach(self, place: int) -> None:
        """Compute what the nodes up to this one put out.

        Raises:
            CannotRunError: a node does not run.
        """
        while self._reached <= place:
            end = self._end()
            made = self._run(range(self._reached, end))
            self.values |= made
            self._reached = end
            size = sum(value.nbytes for value in made.values())
            self._stretch = max(1, self._stretch // 2) if size > STRETCH else 2 * self._stretch

    def _end(self) -> int:
        """Where the next stretch ends: before its values are too large, as far as that is known."""
        most = min(self._reached + self._stretch, len(self._nodes))
        size = 0
        for place in range(self._reached, most):
            size += sum(self._sizes.get(name, 0) for name in self._nodes[place].output)
            if size > STRETCH:
                return max(place, self._reached + 1)
        return most

    def forget(self, names: Iterable[str]) -> None:
        """Drop values that nobody wants any more, but for what comes into the model."""
        for name in names:
            if name in self._makers:
                self.values.pop(name, None)

    def _inferred(self, feed: Values) -> dict[str, int]:
        """The bytes of each value by ONNX's shape inference; 0 where it cannot tell."""
        from onnx import helper

        constants = self._constants.values()
        small = [tensor for tensor in constants if math.prod(tensor.dims) <= A_SHAPE]
        part = alone(self._nodes, feed, [], self._model, small)
        part.graph.input.extend(
            helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
            for tensor in constants
            if math.prod(tensor.dims) > A_SHAPE
        )
        return {name: value.bytes for name, value in known_values(part).items()}

    def _run(self, places: range) -> Values:
        """What some nodes put out; what is no array is made again by the nodes before them."""
        chosen, feed, used = set(places), Values(), []
        wanted = [name for place in places for name in inputs_of(self._nodes[place])]
        while wanted:
            name = wanted.pop()
            maker = self._makers.get(name, places.stop)
            if name in self.values:
                feed[name] = self.values[name]
            elif name in self._constants:
                used.append(name)
            elif maker < places.start and maker not in chosen:
                chosen.add(maker)
                wanted += inputs_of(self._nodes[maker])
        nodes = [self._nodes[place] for place in sorted(chosen)]
        asked = [name for place in places for name in self._nodes[place].output if name]
        constants = [self._constants[name] for name in dict.fromkeys(used)]
        return run(alone(nodes, feed, asked, self._model, constants), feed)
