"""The values of an ONNX model at one input, a stretch of its nodes at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from actcli.networks.budgets import STRETCH
from actcli.networks.files.onnx.constants import inputs_of
from actcli.networks.files.onnx.run import Values, alone, run

if TYPE_CHECKING:
    from onnx import ModelProto

FIRST = 4
"""Nodes of the first stretch."""


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

    def reach(self, place: int) -> None:
        """Compute what the nodes up to this one put out.

        Raises:
            CannotRunError: a node does not run.
        """
        while self._reached <= place:
            end = min(self._reached + self._stretch, len(self._nodes))
            made = self._run(range(self._reached, end))
            self.values |= made
            self._reached = end
            size = sum(value.nbytes for value in made.values())
            self._stretch = max(1, self._stretch // 2) if size > STRETCH else 2 * self._stretch

    def forget(self, names: Iterable[str]) -> None:
        """Drop values that nobody wants any more, but for what comes into the model."""
        for name in names:
            if name in self._makers:
                self.values.pop(name, None)

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
