"""How weights follow their gradients.

Each rule changes the arrays in place. Weight decay is added to the gradient of the loss, as in
PyTorch's SGD and Adam: decay * w, for weights and biases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np

from actcli.numeric.arrays import Array

MOMENTUM = 0.9
"""The share of the last step that `momentum` repeats."""

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
"""Adam's: Kingma and Ba 2015, arXiv:1412.6980."""

Step = Callable[[Sequence[Array]], None]
"""Takes the gradients of the arrays and moves the arrays."""

Rule = Callable[[Sequence[Array], float], Step]


def sgd(arrays: Sequence[Array], lr: float) -> Step:
    """Plain descent: w -= lr g."""

    def step(gradients: Sequence[Array]) -> None:
        for w, g in zip(arrays, gradients, strict=True):
            w -= lr * g

    return step


def momentum(arrays: Sequence[Array], lr: float) -> Step:
    """Steps add up: v = 0.9 v + g; w -= lr v, as in PyTorch; Sutskever et al. 2013 scale v."""
    velocities = [np.zeros_like(w) for w in arrays]

    def step(gradients: Sequence[Array]) -> None:
        for w, v, g in zip(arrays, velocities, gradients, strict=True):
            v *= MOMENTUM
            v += g
            w -= lr * v

    return step


def adam(arrays: Sequence[Array], lr: float) -> Step:
    """Kingma and Ba's rule with both moments corrected for their start at 0."""
    first, second = ([np.zeros_like(w) for w in arrays] for _ in range(2))
    taken = 0

    def step(gradients: Sequence[Array]) -> None:
        nonlocal taken
        taken += 1
        rate, unbiased = lr / (1 - BETA_1**taken), sqrt(1 - BETA_2**taken)
        for w, m, v, g in zip(arrays, first, second, gradients, strict=True):
            m *= BETA_1
            m += (1 - BETA_1) * g
            v *= BETA_2
            v += (1 - BETA_2) * (g * g)
            w -= rate * m / (np.sqrt(v) / unbiased + EPSILON)

    return step


OPTIMISERS: dict[str, Rule] = {"sgd": sgd, "momentum": momentum, "adam": adam}
