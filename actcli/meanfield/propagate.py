"""Whether the signal and the gradient survive the depth of a network, layer by layer.

LayerState 1 has pre-activations of variance q0; behind the last layer stands a linear readout with
weights of the same size. The gradient of a layer is that by its pre-activations, in units of the
gradient by the readout, so that `depth` layers stand between the readout and layer 1 included.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import process_time

import numpy as np

from actcli.activations.base import Activation
from actcli.budgets import PROPAGATED
from actcli.errors import ActcliError, UsageError
from actcli.meanfield.edge_of_chaos import critical_point
from actcli.meanfield.random_network import RandomNetwork, refuse_jumps
from actcli.meanfield.saturated_units import saturated, share
from actcli.meanfield.simulate import Measured, Simulation, check_affordable, simulate
from actcli.structure.undecided import Undecided

SCHEMES = {"he": 2.0, "glorot": 1.0, "lecun": 1.0, "torch-linear": 1 / 3}
"""sigma_w^2 of the usual initialisations, where fan_in and fan_out are equal.

torch-linear is the default of torch.nn.Linear: kaiming_uniform with a = sqrt(5).
"""

DEFAULT_SCHEME = "he"

CRITICAL = "critical"
"""The initialisation on the edge of chaos."""

_ON_THE_EDGE = 1e-9

_ROUNDOFF = 1e-15
"""A step that small from one layer to the next is the last one."""


@dataclass(frozen=True)
class LayerState:
    """What an infinitely wide network does in one layer."""

    layer: int
    """Counted from 1."""
    q: float
    """The variance of the pre-activations."""
    correlation: float | None
    """Of the pre-activations of two inputs; None where no signal is left."""
    chi_1: float
    """The factor by which the layer multiplies the gradient's mean square."""
    gradient: float
    """The root mean square of the gradient, in units of that at the readout."""
    saturated: float
    """The share of units where |f'| < eps."""
    zero_slope: float
    """The share of pre-activations where f is constant: of the gradients that are 0. A unit is dead
    only where that holds for every input."""
    dead: float
    """The same by its first name."""


@dataclass(frozen=True)
class Propagation:
    """How signal and gradient go through the layers of a random network, and where that ends."""

    activation: str
    formula: str
    params: Mapping[str, float]
    init: str | None
    """The name of the initialisation; None where the sigmas were given."""
    sigma_w: float
    sigma_b: float
    q0: float
    """The variance of the pre-activations of layer 1."""
    c0: float
    """The correlation of two inputs there."""
    eps: float
    q_star: float | None
    """The fixed point of the variance; None where the variance grows without bound."""
    chi_1: float
    """At the fixed point; where there is none, in the last layer. So is `chi_q`."""
    chi_q: float
    """The factor by which a layer multiplies a deviation from the fixed point."""
    depth_scale_q: float | None
    """Layers in which such a deviation shrinks by e; None where it does not."""
    depth_scale_c: float | None
    """Layers in which the difference of two like inputs shrinks by e; None where it does not."""
    verdict: str
    """`ordered`, `critical` or `chaotic`."""
    stable: bool | None
    """Whether variances near q_star go there; None where they neither go there nor leave."""
    layers: Sequence[LayerState]
    """From the first to the last."""
    simulation: Measured | None
    """A network of finite width beside the theory, if one was asked for."""
    proved: bool
    """Whether `chi_1` and `chi_q` were enclosed."""
    open: Sequence[Undecided]
    """The parts of the line over which that did not succeed."""


def propagate(
    activation: Activation,
    depth: int = 50,
    *,
    init: str | None = None,
    sigma_w: float | None = None,
    sigma_b: float = 0.0,
    q0: float = 1.0,
    c0: float = 0.5,
    eps: float = 1e-3,
    simulation: Simulation | None = None,
) -> Propagation:
    """Follow signal and gradient through a random network.

    Args:
        activation: the function, the same in every layer.
        depth: the number of layers.
        init: one of `SCHEMES`, or `critical`; without it and without sigma_w it is `he`.
        sigma_w: in place of `init`: weights have variance sigma_w^2/width.
        sigma_b: biases have variance sigma_b^2.
        q0: the variance of the pre-activations in layer 1.
        c0: the correlation, there, of two inputs.
        eps: saturated is where |f'| < eps.
        simulation: a network of finite width to measure as well.

    Raises:
        UsageError: one of the numbers is out of bounds.
        ActcliError: the function jumps, its moments are infinite, the signal overflows, or no
            network is critical.
    """
    init = init or (None if sigma_w is not None else DEFAULT_SCHEME)
    _check(depth, init, sigma_w=sigma_w, sigma_b=sigma_b, q0=q0, c0=c0, eps=eps)
    if simulation:
        check_affordable(depth, simulation)
    refuse_jumps(activation, q0)
    if init == CRITICAL:
        point = critical_point(activation, sigma_b, q0)
        network, q_star = RandomNetwork(activation, point.sigma_w, sigma_b), point.q
    else:
        sigma_w = math.sqrt(SCHEMES[init]) if init else sigma_w
        assert sigma_w is not None
        network = RandomNetwork(activation, sigma_w, sigma_b)
        network.chi_1(q0)  # what may not be there is asked for first
        saturated(activation, q0, eps)
        q_star = network.fixed_point(q0)
    layers = _layers(network, depth, q0, c0, eps)
    ends = math.isfinite(q_star)
    chi = network.proved_chi(q_star if ends else layers[-1].q)
    return Propagation(
        activation=str(activation),
        formula=activation.formula,
        params=activation.params,
        init=init,
        sigma_w=network.sigma_w,
        sigma_b=sigma_b,
        q0=q0,
        c0=c0,
        eps=eps,
        q_star=q_star if ends else None,
        chi_1=chi.chi_1,
        chi_q=chi.chi_q,
        depth_scale_q=_depth_scale(chi.chi_q) if ends else None,
        depth_scale_c=_depth_scale(chi.chi_1),
        verdict=_verdict(chi.chi_1),
        stable=network.stable(q_star) if ends else None,
        layers=layers,
        simulation=simulate(network, depth, q0, c0, simulation) if simulation else None,
        proved=not chi.open,
        open=chi.open,
    )


def _check(
    depth: int,
    init: str | None,
    sigma_w: float | None,
    sigma_b: float,
    q0: float,
    c0: float,
    eps: float,
) -> None:
    if init is not None and sigma_w is not None:
        raise UsageError(f"init {init} says what sigma_w is: give one of the two")
    if init not in (None, CRITICAL, *SCHEMES):
        raise UsageError(f"init must be {', '.join(SCHEMES)} or {CRITICAL}, not {init!a}")
    if depth < 1:
        raise UsageError(f"depth must be 1 or greater, not {depth}")
    for name, sigma in (("sigma_w", sigma_w or 0.0), ("sigma_b", sigma_b)):
        if not (math.isfinite(sigma) and sigma >= 0):
            raise UsageError(f"{name} must be a finite number >= 0, not {sigma:g}")
    if not (math.isfinite(q0) and q0 > 0):
        raise UsageError(f"q0 must be a finite number > 0, not {q0:g}")
    if not -1 <= c0 <= 1:
        raise UsageError(f"c0 must be from -1 to 1, not {c0:g}")
    if not eps >= 0:
        raise UsageError(f"eps must be 0 or greater, not {eps:g}")


def _layers(
    network: RandomNetwork, depth: int, q0: float, c0: float, eps: float
) -> tuple[LayerState, ...]:
    signals = list(_signals(network, depth, q0, c0))
    chi = [chi for _, _, chi in signals]
    with np.errstate(over="ignore"):
        gradients = np.cumprod(np.sqrt(chi[::-1]))[::-1].tolist()
    ranges = saturated(network.activation, max(q for q, _, _ in signals), eps)
    flat = [(one.low, one.high) for one in ranges]
    hard = [part for one in ranges for part in one.constant]
    return tuple(
        LayerState(
            layer=layer,
            q=q,
            correlation=None if math.isnan(c) else c,
            chi_1=chi[layer - 1],
            gradient=gradients[layer - 1],
            saturated=share(flat, q),
            zero_slope=share(hard, q),
            dead=share(hard, q),
        )
        for layer, (q, c, _) in enumerate(signals, 1)
    )


def _signals(
    network: RandomNetwork, depth: int, q: float, c: float
) -> Iterator[tuple[float, float, float]]:
    """Variance and correlation of the pre-activations in every layer, and its chi_1.

    Raises:
        ActcliError: the signal overflows, or the time is over.
    """
    settled, end = False, process_time() + PROPAGATED
    chi = math.nan
    for layer in range(1, depth + 1):
        after = q, c
        if layer < depth and not settled:
            with suppress(ActcliError):
                after = math.inf, c
                after = network.variance(q), network.correlation(q, c)
            if not math.isfinite(after[0]):
                raise ActcliError(
                    f"the signal of {network.activation} overflows behind layer {layer}: "
                    "take fewer layers, smaller weights or a smaller q0"
                )
            if process_time() > end:
                raise ActcliError(
                    f"{layer} layers of {network.activation} took {PROPAGATED:g} s: take fewer"
                )
        chi = chi if settled else network.chi_1(q)
        yield q, c, chi
        moved = 0.0 if math.isnan(after[1]) else abs(after[1] - c)
        settled = abs(after[0] - q) <= _ROUNDOFF * q and moved <= _ROUNDOFF
        q, c = after


def _verdict(chi_1: float) -> str:
    if abs(chi_1 - 1) <= _ON_THE_EDGE:
        return "critical"
    return "ordered" if chi_1 < 1 else "chaotic"


def _depth_scale(chi: float) -> float | None:
    """Layers to shrink by e; None where nothing shrinks."""
    size = abs(chi)
    if size == 0:
        return 0.0
    return -1 / math.log(size) if size < 1 - _ON_THE_EDGE else None
