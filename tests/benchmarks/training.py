"""Steps of training against the same steps written out by hand in numpy for relu."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from actcli.find import find
from actcli.networks.training.data import Data, generated
from actcli.networks.training.epochs import Epochs
from actcli.networks.training.initial import initial
from actcli.networks.training.loss import cross_entropy
from actcli.networks.training.settings import Settings
from tests.benchmarks.pairs import Row, in_turns, wall_time

STEPS = 200
LR = 0.01


def rows() -> Iterator[Row]:
    for width, batch in ((8, 32), (64, 256)):
        data = generated("circle", batch)
        network = initial(find("relu"), (2, width, width, 2), "he", 2**0.5, 0)
        settings = Settings(hidden=(width, width), optimizer="sgd", lr=LR)
        epochs = Epochs(network, cross_entropy, settings, 0, ())
        by_hand = ByHand([array.copy() for array in network.arrays])

        def ours(epochs: Epochs = epochs, data: Data = data) -> None:
            with np.errstate(all="ignore"):
                for _ in range(STEPS):
                    epochs.step(data.x, data.target)

        def theirs(by_hand: ByHand = by_hand, data: Data = data) -> None:
            for _ in range(STEPS):
                by_hand.step(data.x, data.labels)

        what = f"{STEPS} steps of SGD, relu, 2-{width}-{width}-2, batch {batch}"
        yield in_turns(what, wall_time(partial(ours)), wall_time(partial(theirs)), 2.0)


class ByHand:
    """Two hidden layers of relus, softmax cross-entropy, plain SGD."""

    def __init__(self, arrays: list[np.ndarray]) -> None:
        self.w1, self.b1, self.w2, self.b2, self.w3, self.b3 = arrays

    def step(self, x: np.ndarray, labels: np.ndarray) -> None:
        z1 = x @ self.w1.T + self.b1
        a1 = np.maximum(z1, 0)
        z2 = a1 @ self.w2.T + self.b2
        a2 = np.maximum(z2, 0)
        z3 = a2 @ self.w3.T + self.b3
        p = np.exp(z3 - z3.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        g3 = p
        g3[np.arange(len(x)), labels] -= 1
        g3 /= len(x)
        g2 = (g3 @ self.w3) * (z2 > 0)
        g1 = (g2 @ self.w2) * (z1 > 0)
        self.w3 -= LR * (g3.T @ a2)
        self.b3 -= LR * g3.sum(axis=0)
        self.w2 -= LR * (g2.T @ a1)
        self.b2 -= LR * g2.sum(axis=0)
        self.w1 -= LR * (g1.T @ x)
        self.b1 -= LR * g1.sum(axis=0)
