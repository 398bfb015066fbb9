"""How the stream x of a residual network grows: x + alpha f(W x + b), layer by layer.

Of infinite width, weights N(0, sigma_w^2/width) and biases N(0, sigma_b^2), the pre-activations
h = W x + b of a layer are N(0, q) with q = sigma_w^2 E x^2 + sigma_b^2, and

    E x    grows by alpha E f(h),
    E x^2  grows by 2 alpha E x E f(h) + alpha^2 E f(h)^2,
    E x x' grows by alpha (E x + E x') E f(h) + alpha^2 E f(h) f(h'),

a gradient by the stream is multiplied in the mean square by 1 + alpha^2 sigma_w^2 E f'(h)^2: Yang &
Schoenholz 2017, arXiv:1712.08969, whose E f is 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.meanfield.moments import cuts
from actcli.meanfield.random_network import RandomNetwork, refuse_jumps
from actcli.meanfield.residual_simulation import MeasuredStreams, simulated
from actcli.meanfield.simulate import Simulation
from actcli.numeric.arrays import Array
from actcli.numeric.integrals.binormal import mean_product
from actcli.numeric.integrals.gaussian import mean_products
from actcli.structure.structure import Structure

_MOST = 1e300
"""A mean square that is larger overflows soon."""


@dataclass(frozen=True)
class Stream:
    """The stream behind a layer of infinite width, the input being layer 0."""

    layer: int
    stream: float
    """The mean square of x."""
    mean: float
    """The mean of x over the units."""
    correlation: float
    """The mean product of two inputs' streams, over their mean square."""
    q: float | None
    """The variance of the pre-activations of the layer; None at the input."""
    gradient: float
    """The root mean square of the gradient by x, in units of that behind the last layer."""


@dataclass(frozen=True)
class Residual:
    """The growth of the stream and of the gradient through a random residual network."""

    activation: str
    formula: str
    params: Mapping[str, float]
    alpha: float
    """The factor of a branch."""
    init: str | None
    """The name of the initialisation; None where the sigmas were given."""
    sigma_w: float
    sigma_b: float
    q0: float
    """The mean square of the stream at the input."""
    c0: float
    """The correlation of two inputs there."""
    growth: str | None
    """`exponential`, where f goes on as a slanting line at an end; `polynomial`, where it is
    flatter at both; None where that is not known."""
    factor: float
    """By which the mean square grew in the last layer."""
    layers: Sequence[Stream]
    """From the input, layer 0, to the last."""
    tamed: float
    """The mean square behind the last layer, were alpha 1/sqrt(depth)."""
    simulation: MeasuredStreams | None
    """Networks of finite width beside the theory, if they were asked for."""


def residual(
    network: RandomNetwork,
    depth: int,
    *,
    alpha: float = 1.0,
    init: str | None = None,
    q0: float = 1.0,
    c0: float = 0.5,
    simulation: Simulation | None = None,
) -> Residual:
    """Follow stream and gradient through a residual network whose branches are such layers.

    Args:
        network: the function and how weights and biases are drawn.
        depth: the number of layers.
        alpha: the factor of a branch.
        init: what the initialisation is called.
        q0: the mean square of the stream at the input.
        c0: the correlation of two inputs there.
        simulation: networks of finite width to measure as well.

    Raises:
        ActcliError: the function jumps, has no mean over normal numbers, or the stream overflows.
    """
    f = network.activation
    refuse_jumps(f, network.sigma_w**2 * q0 + network.sigma_b**2 or 1.0)
    layers = _layers(network, depth, alpha, q0, c0)
    *_, tamed = _streams(network, depth, 1 / math.sqrt(depth), q0, None)
    return Residual(
        activation=str(f),
        formula=f.formula,
        params=f.params,
        alpha=alpha,
        init=init,
        sigma_w=network.sigma_w,
        sigma_b=network.sigma_b,
        q0=q0,
        c0=c0,
        growth=_growth(f),
        factor=layers[-1].stream / layers[-2].stream,
        layers=layers,
        tamed=tamed.stream,
        simulation=simulated(network, depth, alpha=alpha, q0=q0, c0=c0, plan=simulation)
        if simulation
        else None,
    )


class _State(NamedTuple):
    stream: float
    mean: float
    product: float
    q: float
    """Of the layer that it is behind."""
    slope: float
    """E f'(h)^2 there."""


def _streams(
    network: RandomNetwork, depth: int, alpha: float, q0: float, c0: float | None
) -> Iterator[_State]:
    """The states from the input on; without a correlation the product is not followed."""
    state = _State(q0, 0.0, q0 * (c0 or 0.0), math.nan, math.nan)
    yield state
    for layer in range(1, depth + 1):
        q = network.sigma_w**2 * state.stream + network.sigma_b**2
        mean, second, slope = _means(network.activation, q)
        if layer == 1 and not all(map(math.isfinite, (mean, second, slope))):
            raise ActcliError(
                f"{network.activation} has no finite mean square, or slope, over inputs of "
                f"variance {q:g}: no stream can be followed"
            )
        together = second
        if c0 is not None and math.isfinite(second):
            product = network.sigma_w**2 * state.product + network.sigma_b**2
            together = _mean_product(network.activation, q, product / q if q else 1.0, second)
        cross = 2 * alpha * state.mean * mean
        state = _State(
            state.stream + cross + alpha**2 * second,
            state.mean + alpha * mean,
            state.product + cross + alpha**2 * together,
            q,
            slope,
        )
        if not (state.stream < _MOST and math.isfinite(slope)):
            raise ActcliError(
                f"the stream of {network.activation} overflows behind layer {layer}: "
                "take fewer layers, a smaller alpha or smaller weights"
            )
        yield state


def _layers(network: RandomNetwork, depth: int, alpha: float, q0: float, c0: float) -> list[Stream]:
    states = [*_streams(network, depth, alpha, q0, c0)]
    factors = [1 + (alpha * network.sigma_w) ** 2 * state.slope for state in states[1:]]
    with np.errstate(over="ignore"):
        gradients = np.cumprod(np.sqrt(np.array([1.0, *factors[::-1]])))[::-1].tolist()
    return [
        Stream(
            layer=layer,
            stream=state.stream,
            mean=state.mean,
            correlation=min(1.0, max(-1.0, state.product / state.stream)) if state.stream else 1.0,
            q=state.q if layer else None,
            gradient=gradients[layer],
        )
        for layer, state in enumerate(states)
    ]


def _means(activation: Activation, q: float) -> tuple[float, float, float]:
    """E f, E f^2 and E f'^2 over N(0, q)."""
    act = activation.sampled
    if not q:
        value, slope = (float(part) for part in act.value_and_derivative(0.0))
        return value, value**2, slope**2

    def factors(x: Array) -> tuple[Array, Array]:
        f, df = act.value_and_derivative(x)
        return np.stack([f, f, df]), np.stack([np.ones_like(f), f, df])

    mean, second, slope = mean_products(factors, q, cuts(activation, q)).tolist()
    return mean, second, slope


def _mean_product(activation: Activation, q: float, correlation: float, second: float) -> float:
    if not q or not second:
        return second
    size = math.sqrt(second)
    share = mean_product(
        lambda x: activation.sampled.value(x) / size,
        q,
        min(1.0, max(-1.0, correlation)),
        cuts(activation, q),
    )
    return second * share


def _growth(activation: Activation) -> str | None:
    """How the stream grows in the end: by a factor where f does not flatten out."""
    ends = Structure(activation).ends
    slopes = [None if end is None else end.slope for end in ends]
    if any(slope is not None and slope.is_point and slope.sign() for slope in slopes):
        return "exponential"
    flat = all(slope is not None and slope.is_point and slope.low.is_zero() for slope in slopes)
    return "polynomial" if flat else None
