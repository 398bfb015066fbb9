"""How a network begins: weights drawn by a named scheme."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

import numpy as np

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.meanfield.edge_of_chaos import critical_point
from actcli.meanfield.propagate import CRITICAL, SCHEMES
from actcli.networks.training.network import DenseNetwork
from actcli.numeric.arrays import Array

FALLBACK = "he"
"""The scheme for an activation that has no edge of chaos with biases that begin at 0."""


def scheme_of(activation: Activation, init: str | None) -> tuple[str, float]:
    """The name of the scheme and its sigma_w; without a name the critical one, where there is one.

    Raises:
        ActcliError: the critical one was asked for, and there is none.
    """
    if init not in (None, CRITICAL):
        return str(init), sqrt(SCHEMES[str(init)])
    try:
        sigma_w = critical_point(activation, 0.0, 1.0).sigma_w
    except ActcliError:
        if init:
            raise
        return FALLBACK, sqrt(SCHEMES[FALLBACK])
    return CRITICAL, sigma_w


def initial(
    activation: Activation, sizes: Sequence[int], init: str, sigma_w: float, seed: int
) -> DenseNetwork:
    """A network with weights N(0, sigma_w^2/fan_in) and biases 0; in the last layer sigma_w is 1.

    `glorot` has variance 2/(fan_in + fan_out) in every layer. `torch-linear` is what
    torch.nn.Linear does: uniform in +-1/sqrt(fan_in), biases too.
    """
    rng = np.random.default_rng(seed)
    weights: list[Array] = []
    biases: list[Array] = []
    for place, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        shape = fan_out, fan_in
        bias = np.zeros(fan_out)
        if init == "torch-linear":
            bound = 1 / sqrt(fan_in)
            weight = rng.uniform(-bound, bound, shape)
            bias = rng.uniform(-bound, bound, fan_out)
        elif init == "glorot":
            weight = rng.standard_normal(shape) * sqrt(2 / (fan_in + fan_out))
        else:
            sigma = 1.0 if place == len(sizes) - 2 else sigma_w
            weight = rng.standard_normal(shape) * (sigma / sqrt(fan_in))
        weights.append(weight)
        biases.append(bias)
    return DenseNetwork(weights, biases, activation)
