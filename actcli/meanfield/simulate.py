"""A real random network, forward and backward, to hold against the theory of infinite width.

The weights of one layer are in memory at a time: on the way back each layer's are drawn again from
the same stream.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actcli.budgets import DRAWN, LAYER
from actcli.errors import ActcliError, UsageError
from actcli.meanfield.random_network import RandomNetwork
from actcli.numeric.arrays import Array

_ROUNDOFF = 2.0**-50
"""How far a measured correlation may be off for being computed in doubles."""


@dataclass(frozen=True)
class Simulation:
    """What to simulate.

    Raises:
        UsageError: width or trials is less than 1, or the seed is negative.
    """

    width: int = 512
    trials: int = 8
    seed: int = 0
    advance: Callable[[], None] = lambda: None
    """Called after every trial."""

    def __post_init__(self) -> None:
        for name, number, least in (
            ("width", self.width, 1),
            ("trials", self.trials, 1),
            ("seed", self.seed, 0),
        ):
            if number < least:
                raise UsageError(f"{name} must be {least} or greater, not {number}")


@dataclass(frozen=True)
class MeasuredLayer:
    """Means over the trials and their standard errors; no error for a single trial."""

    layer: int
    q: float
    """The variance of its pre-activations."""
    q_error: float | None
    """The standard error of `q`."""
    correlation: float | None
    """Of two inputs there."""
    correlation_error: float | None
    """The standard error of `correlation`."""
    gradient: float
    """Its size in units of that behind the last layer."""
    gradient_error: float | None
    """The standard error of `gradient`."""


@dataclass(frozen=True)
class Measured:
    """What a network of finite width did."""

    width: int
    trials: int
    seed: int
    layers: Sequence[MeasuredLayer]
    """From the first to the last."""

    def row(self, at: int) -> Mapping[str, float | None]:
        """What was measured in one layer, under keys that go beside those of the theory."""
        layer = self.layers[at]
        return {
            f"{key}_{what}": getattr(layer, key if what == "simulated" else f"{key}_error")
            for key in ("q", "correlation", "gradient")
            for what in ("simulated", "error")
        }


def simulate(
    network: RandomNetwork, depth: int, q0: float, c0: float, plan: Simulation
) -> Measured:
    """Send pairs of random inputs forward and random gradients back through random networks.

    Raises:
        ActcliError: the signal or the gradient overflows.
    """
    results = []
    for trial in range(plan.trials):
        results.append(Trial(network, depth, plan, trial).run(q0, c0))
        plan.advance()
    q, product, gradient = np.stack(results, axis=1)
    if not np.isfinite([q, product, gradient]).all():
        raise ActcliError(f"the simulated signal of {network.activation} overflows: fewer layers")
    levels = q.mean(axis=0)
    with np.errstate(all="ignore"):
        correlations = product.mean(axis=0) / levels
        gradients = np.sqrt(gradient.mean(axis=0))
        errors = (
            standard_error(q),
            standard_error(product - correlations * q) / levels + _ROUNDOFF,
            standard_error(gradient) / (2 * gradients),
        )
    columns = [
        [number if math.isfinite(number) else None for number in column.tolist()]
        for pair in zip((levels, correlations, gradients), errors, strict=True)
        for column in pair
    ]
    layers = (MeasuredLayer(layer, *row) for layer, row in enumerate(zip(*columns, strict=True), 1))
    return Measured(plan.width, plan.trials, plan.seed, tuple(layers))


def check_affordable(depth: int, plan: Simulation) -> None:
    """Refuse what would take too long or too much memory.

    Raises:
        UsageError: it would.
    """
    weights = plan.width**2
    drawn = 2 * depth * plan.trials * weights
    if weights > LAYER or drawn > DRAWN:
        raise UsageError(
            f"{plan.trials} networks of {depth} layers of {plan.width} units are too much to "
            "simulate: take fewer --units, --depth or --trials"
        )


def standard_error(trials: Array) -> Array:
    """Of the mean over the first axis; NaN for a single trial."""
    if len(trials) == 1:
        return np.full(trials.shape[1:], np.nan)
    error: Array = trials.std(axis=0, ddof=1) / math.sqrt(len(trials))
    return error


class Trial:
    """One network, of which each layer's weights are drawn when they are needed."""

    def __init__(self, network: RandomNetwork, depth: int, plan: Simulation, trial: int) -> None:
        self.network, self.depth, self.width = network, depth, plan.width
        self.seed = (plan.seed, trial)
        self.weights = np.empty((plan.width, plan.width))

    def run(self, q0: float, c0: float) -> Array:
        """Per layer: mean square and mean product of two inputs, mean square of the gradient."""
        shape = (self.depth, 2, self.width)
        slopes, signals, gradients = (
            np.empty(shape),
            np.empty((2, self.depth)),
            np.empty(self.depth),
        )
        h, backward = self.inputs(q0, c0)
        unit = np.mean(backward**2)
        with np.errstate(all="ignore"):
            for layer in range(self.depth):
                signals[:, layer] = np.mean(h**2), np.mean(h[0] * h[1])
                x, slopes[layer] = self.network.activation.sampled.value_and_derivative(h)
                if layer + 1 < self.depth:
                    h = self.next(layer + 1, x)
            for layer in reversed(range(self.depth)):
                backward = slopes[layer] * (backward @ self.draw(self.stream(layer + 1)))
                gradients[layer] = np.mean(backward**2) / unit
        return np.stack([*signals, gradients])

    def inputs(self, q: float, c: float) -> tuple[Array, Array]:
        """A pair of inputs of that variance and correlation, and a pair of gradients."""
        random = self.stream(0)
        x = random.standard_normal((2, self.width)) * math.sqrt(q)
        x[1] = c * x[0] + math.sqrt(1 - c * c) * x[1]
        return x, random.standard_normal((2, self.width))

    def next(self, layer: int, x: Array) -> Array:
        """The pre-activations of a layer."""
        random = self.stream(layer)
        h: Array = x @ self.draw(random).T
        h += self.network.sigma_b * random.standard_normal(self.width)
        return h

    def stream(self, layer: int) -> np.random.Generator:
        """The random numbers of one layer; 0 for the inputs."""
        return np.random.Generator(np.random.SFC64((*self.seed, layer)))

    def draw(self, random: np.random.Generator) -> Array:
        """The weights of a layer, in place of those drawn before."""
        random.standard_normal(out=self.weights)
        self.weights *= self.network.sigma_w / math.sqrt(self.width)
        return self.weights
