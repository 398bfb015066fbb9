"""Real residual networks, forward and backward, to hold against the theory of infinite width."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from actcli.errors import ActcliError
from actcli.meanfield.random_network import RandomNetwork
from actcli.meanfield.simulate import Simulation, Trial, standard_error
from actcli.numeric.arrays import Array


@dataclass(frozen=True)
class MeasuredStream:
    """Means over the trials and their standard errors; no error for a single trial."""

    layer: int
    stream: float
    """The mean square of x."""
    stream_error: float | None
    """The standard error of `stream`."""
    correlation: float
    """Of the streams of two inputs."""
    correlation_error: float | None
    """The standard error of `correlation`."""
    gradient: float
    """Its size in units of that behind the last layer."""
    gradient_error: float | None
    """The standard error of `gradient`."""


@dataclass(frozen=True)
class MeasuredStreams:
    """What residual networks of finite width did."""

    width: int
    trials: int
    seed: int
    layers: Sequence[MeasuredStream]
    """From the input, layer 0, to the last."""


def simulated(
    network: RandomNetwork, depth: int, alpha: float, q0: float, c0: float, plan: Simulation
) -> MeasuredStreams:
    """Send pairs of random inputs forward and random gradients back.

    Raises:
        ActcliError: the stream overflows.
    """
    results = []
    for trial in range(plan.trials):
        results.append(_ResidualTrial(network, depth, plan, trial).streams(alpha, q0, c0))
        plan.advance()
    square, product, gradient = np.stack(results, axis=1)
    if not np.isfinite([square, product, gradient]).all():
        raise ActcliError(f"the simulated stream of {network.activation} overflows: fewer layers")
    levels = square.mean(axis=0)
    correlations, gradients = product.mean(axis=0) / levels, np.sqrt(gradient.mean(axis=0))
    errors = (
        standard_error(square),
        standard_error(product - correlations * square) / levels,
        standard_error(gradient) / (2 * gradients),
    )
    rows = zip(
        *(
            [None if math.isnan(number) else number for number in column.tolist()]
            for pair in zip((levels, correlations, gradients), errors, strict=True)
            for column in pair
        ),
        strict=True,
    )
    layers = [MeasuredStream(layer, *row) for layer, row in enumerate(rows)]
    return MeasuredStreams(plan.width, plan.trials, plan.seed, layers)


class _ResidualTrial(Trial):
    """One residual network."""

    def streams(self, alpha: float, q0: float, c0: float) -> Array:
        """From the input on: mean square and mean product of two inputs, and of the gradient."""
        x, gradient = self.inputs(q0, c0)
        unit = np.mean(gradient**2)
        slopes = np.empty((self.depth, 2, self.width))
        found = np.empty((3, self.depth + 1))
        with np.errstate(all="ignore"):
            for layer in range(self.depth + 1):
                found[:2, layer] = np.mean(x**2), np.mean(x[0] * x[1])
                if layer < self.depth:
                    h = self.next(layer + 1, x)
                    f, slopes[layer] = self.network.activation.sampled.value_and_derivative(h)
                    x = x + alpha * f
            for layer in reversed(range(self.depth + 1)):
                found[2, layer] = np.mean(gradient**2) / unit
                if layer:
                    weights = self.draw(self.stream(layer))
                    gradient = gradient + alpha * (slopes[layer - 1] * gradient) @ weights
        return found
