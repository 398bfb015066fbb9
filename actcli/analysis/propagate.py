"""Whether the signal and the gradient survive the depth of a network, layer by layer.

Layer 1 has pre-activations of variance q0; behind the last layer stands a linear readout with
weights of the same size. The gradient of a layer is that by its pre-activations, in units of the
gradient by the readout, so that `depth` layers stand between the readout and layer 1 included.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from actcli.activation import Activation
from actcli.analysis.edge_of_chaos import critical_point
from actcli.analysis.meanfield import Network, refuse_jumps
from actcli.analysis.moments import reached
from actcli.analysis.propagate_words import sentences
from actcli.analysis.saturation import saturation
from actcli.analysis.simulate import Measured
from actcli.answer import Answer, Chart, Curve, Row
from actcli.errors import ActcliError, UsageError
from actcli.numeric.elementary import norm_cdf

SCHEMES = {"he": 2.0, "glorot": 1.0, "lecun": 1.0, "torch-linear": 1 / 3}
"""sigma_w^2 of the usual initialisations, where fan_in and fan_out are equal.

torch-linear is the default of torch.nn.Linear: kaiming_uniform with a = sqrt(5).
"""

CRITICAL = "critical"
"""The initialisation on the edge of chaos."""

_ON_THE_EDGE = 1e-9


@dataclass(frozen=True)
class Layer:
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
    dead: float
    """The share of units where f is constant."""


@dataclass(frozen=True)
class Propagation(Answer):
    """How signal and gradient go through the layers of a random network, and where that ends."""

    activation: str
    formula: str
    params: Mapping[str, float]
    init: str | None
    """The name of the initialisation; None where the sigmas were given."""
    sigma_w: float
    sigma_b: float
    q0: float
    c0: float
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
    layers: Sequence[Layer]
    simulation: Measured | None = field(default=None)
    """A network of finite width beside the theory, if one was asked for."""

    said: ClassVar[tuple[str, ...]] = ("activation",)

    def rows(self) -> Iterator[Row]:
        """One row a layer; what was measured stands behind."""
        for at, layer in enumerate(self.layers):
            measured = self.simulation.row(at) if self.simulation else {}
            yield {"activation": self.activation, **vars(layer), **measured}

    def sentences(self) -> Sequence[str]:
        """The verdict in words."""
        return sentences(self)


def network(
    activation: Activation,
    init: str | None = "he",
    sigma_w: float | None = None,
    sigma_b: float = 0.0,
    q0: float = 1.0,
) -> Network:
    """The network that an initialisation makes.

    Args:
        activation: the function.
        init: one of `SCHEMES`, or `critical`; None where sigma_w is given.
        sigma_w: the standard deviation of the weights, times the square root of the width.
        sigma_b: that of the biases.
        q0: of several critical networks the one whose fixed point is nearest to this is taken.

    Raises:
        UsageError: sigma_w and init are both given or both missing, or not what they should be.
        ActcliError: there is no critical network.
    """
    if (init is None) == (sigma_w is None):
        raise UsageError("give either an init or a sigma_w")
    for name, sigma in (("sigma_w", sigma_w or 0.0), ("sigma_b", sigma_b)):
        if not (math.isfinite(sigma) and sigma >= 0):
            raise UsageError(f"{name} must be a finite number >= 0, not {sigma:g}")
    if sigma_w is not None:
        return Network(activation, sigma_w, sigma_b)
    if init == CRITICAL:
        point = critical_point(activation, sigma_b, q0)
        return Network(activation, point.sigma_w, point.sigma_b)
    if init not in SCHEMES:
        raise UsageError(f"init must be {', '.join(SCHEMES)} or {CRITICAL}, not {init!a}")
    return Network(activation, math.sqrt(SCHEMES[init]), sigma_b)
