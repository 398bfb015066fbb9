"""The epochs of one network: batches drawn, gradients taken, weights moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from actcli.activations.registry import Named
from actcli.errors import UsageError
from actcli.networks.training.data import Labels
from actcli.networks.training.loss import Loss
from actcli.networks.training.network import DenseNetwork, backward, forward
from actcli.networks.training.optimisers import OPTIMISERS
from actcli.networks.training.settings import Settings
from actcli.numeric.arrays import Array


def batches(rng: np.random.Generator, points: int, batch: int | None) -> Iterator[Labels]:
    """The points of one epoch in a new order, cut into batches; the last may be smaller."""
    order = rng.permutation(points)
    size = batch or points
    for start in range(0, points, size):
        yield order[start : start + size]


class Epochs:
    """Moves a network's weights, and its activation's parameters where these are learned."""

    def __init__(
        self,
        network: DenseNetwork,
        loss: Loss,
        settings: Settings,
        seed: int,
        learned: Sequence[str],
    ) -> None:
        """Take a network; batches and dropout come from the seed."""
        self.network = network
        self.loss = loss
        self.settings = settings
        self.learned = tuple(learned)
        self.parameters = np.array([network.activation.params[name] for name in self.learned])
        moved = [*network.arrays, self.parameters] if self.learned else network.arrays
        self.move = OPTIMISERS[settings.optimizer](moved, settings.rate)
        self.decayed = network.arrays
        self.draws, self.drops = (np.random.default_rng((seed, number)) for number in (2, 3))

    def one(self, x: Array, target: Array) -> None:
        """Go through all points once."""
        if self.settings.batch is None or self.settings.batch >= len(x):
            self.step(x, target)
            return
        for batch in batches(self.draws, len(x), self.settings.batch):
            self.step(x[batch], target[batch])

    def step(self, x: Array, target: Array) -> None:
        """One step on one batch."""
        trace = forward(self.network, x, self.settings.dropout, self.drops)
        _, gradient = self.loss(trace.outputs, target)
        gradients, by_name = backward(self.network, trace, gradient, self.learned)
        if self.settings.weight_decay:
            for w, g in zip(self.decayed, gradients, strict=True):
                g += self.settings.weight_decay * w
        if not self.learned:
            self.move(gradients)
            return
        before = self.parameters.copy()
        self.move([*gradients, np.array([by_name[name] for name in self.learned])])
        self._take(before)

    def _take(self, before: Array) -> None:
        """Put the learned parameters to work; those that are out of bounds stay as they were."""
        activation = self.network.activation
        assert isinstance(activation, Named)
        for place, name in enumerate(self.learned):
            try:
                value = float(self.parameters[place])
                activation = type(activation)(**{**activation.params, name: value})
            except UsageError:
                self.parameters[place] = before[place]
        self.network.activation = activation
