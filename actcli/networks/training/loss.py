"""The losses, and the gradients of exactly these by the network's outputs.

For classes the mean over the points of -log softmax(z)[class]; for a regression the mean of
(z - y)^2/2.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from actcli.numeric.arrays import Array

Loss = Callable[[Array, Array], tuple[float, Array]]
"""(outputs of shape (points, outputs), target of shape (points,)) -> loss, gradient."""


def cross_entropy(outputs: Array, target: Array) -> tuple[float, Array]:
    """Mean softmax cross-entropy, of the classes that `target` numbers."""
    places = np.arange(len(outputs)), target.astype(np.int64)
    shifted = outputs - outputs.max(axis=1, keepdims=True)
    gradient = np.exp(shifted)
    total = gradient.sum(axis=1, keepdims=True)
    loss = float((np.log(total[:, 0]) - shifted[places]).mean())
    gradient /= total
    gradient[places] -= 1.0
    gradient /= len(outputs)
    return loss, gradient


def half_squared_error(outputs: Array, target: Array) -> tuple[float, Array]:
    """Mean squared error over two."""
    gradient = outputs - target[:, None]
    loss = float((gradient * gradient).mean() / 2)
    gradient /= len(outputs)
    return loss, gradient
