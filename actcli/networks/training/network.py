"""A dense network: forward and backward written out, in float64.

Between the layers stands one activation; the last layer's outputs are logits, or the prediction.
The activation's parameters are those of the whole network, shared by its hidden layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from actcli.activations.base import BLOCK, Activation
from actcli.networks.training.slopes import by_parameter
from actcli.numeric.arrays import Array


@dataclass(eq=False)
class DenseNetwork:
    """Weights (outputs by inputs) and biases of each layer, and the activation between them."""

    weights: list[Array]
    biases: list[Array]
    activation: Activation

    @property
    def widths(self) -> tuple[int, ...]:
        """Of the hidden layers."""
        return tuple(len(w) for w in self.weights[:-1])

    @property
    def arrays(self) -> list[Array]:
        """Weight and bias of each layer, in order."""
        return [array for pair in zip(self.weights, self.biases, strict=True) for array in pair]

    def __call__(self, x: Array) -> Array:
        """The outputs, of shape (points, outputs)."""
        for w, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = self.activation.value(x @ w.T + b)
        return x @ self.weights[-1].T + self.biases[-1]

    def pre_activations(self, x: Array) -> list[Array]:
        """What goes into the activation, for each hidden layer of shape (points, width)."""
        found = []
        for w, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            found.append(x @ w.T + b)
            x = self.activation.value(found[-1])
        return found


@dataclass(eq=False)
class Trace:
    """What a forward pass leaves for the backward pass."""

    inputs: list[Array]
    """Of each layer, dropout applied."""
    pre_activations: list[Array]
    slopes: list[Array]
    """f' at the pre-activations, times what dropout let through."""
    kept: list[Array | None]
    """What dropout multiplied the activations by."""
    outputs: Array


def forward(
    network: DenseNetwork, x: Array, dropout: float = 0.0, rng: np.random.Generator | None = None
) -> Trace:
    """Run a batch. Dropout is inverted: what is kept is divided by the share kept."""
    trace = Trace([], [], [], [], x)
    for w, b in zip(network.weights[:-1], network.biases[:-1], strict=True):
        z = x @ w.T
        z += b
        trace.inputs.append(x)
        x, slope = _both(network.activation, z)
        kept = None
        if dropout and rng:
            kept = (rng.random(z.shape) >= dropout) / (1 - dropout)
            x *= kept
            slope *= kept
        trace.pre_activations.append(z)
        trace.slopes.append(slope)
        trace.kept.append(kept)
    trace.inputs.append(x)
    trace.outputs = x @ network.weights[-1].T
    trace.outputs += network.biases[-1]
    return trace


def _both(activation: Activation, z: Array) -> tuple[Array, Array]:
    """The function and its slope; a small batch goes to the kernel directly."""
    if z.size > BLOCK:
        return activation.value_and_derivative(z)
    y, slope = np.empty_like(z), np.empty_like(z)
    activation.fill(z.reshape(-1), y.reshape(-1), slope.reshape(-1))
    return y, slope


def backward(
    network: DenseNetwork, trace: Trace, gradient: Array, learned: Sequence[str] = ()
) -> tuple[list[Array], dict[str, float]]:
    """The gradients of the arrays, and of the activation's parameters that are learned.

    Args:
        network: the network that was run.
        trace: of the forward pass.
        gradient: of the loss by the outputs, of shape (points, outputs).
        learned: names of the activation's parameters.
    """
    found: list[Array] = []
    by_name = dict.fromkeys(learned, 0.0)
    for place in range(len(network.weights) - 1, -1, -1):
        found += (gradient.sum(axis=0), gradient.T @ trace.inputs[place])
        if place:
            gradient = gradient @ network.weights[place]
            for name in learned:
                slope = by_parameter(network.activation, name, trace.pre_activations[place - 1])
                kept = trace.kept[place - 1]
                slope = slope if kept is None else slope * kept
                by_name[name] += float((gradient * slope).sum())
            gradient *= trace.slopes[place - 1]
    return found[::-1], by_name
