"""How far a whole network moves when folds take the place of its layers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from actcli.networks.budgets import COMPARED, inputs_within
from actcli.networks.folding.fold import kept_type
from actcli.networks.folding.plan import Replacement, in_place, replaced
from actcli.networks.folding.proof.error_bound import UNITS, error_bound, gamma
from actcli.networks.layers import Layer, Linear, through
from actcli.networks.network import Network
from actcli.numeric.arrays import Array

FUNCTION_ROUNDINGS = 8
"""Roundings that a value of a function is allowed."""


TRIED = 16
"""Random inputs at which the two networks are compared."""


@dataclass(frozen=True)
class Agreement:
    """A network against itself with the folds, at standard normal inputs."""

    inputs: int
    deviation: float | None
    """The largest difference at an output; None where the network cannot be run here."""
    bound: float | None
    """What it cannot exceed in any program that gives equal results for equal work."""
    unknown: str | None = None
    """Why there is none."""
    fold_deviation: float | None = None
    """The same of a fold run alone on what reaches it: of the one nearest to its own bound."""
    fold_bound: float | None = None
    """What that cannot exceed."""


def agreement(
    network: Network, replacements: Sequence[Replacement], rng: np.random.Generator
) -> Agreement:
    """Compare the two at random inputs; fold by fold where something between is not known."""
    work = sum(layer.multiply_adds for layer in network.layers)
    count = inputs_within(COMPARED, work, TRIED)
    if not network.is_path:
        return _of_folds(replacements, count, rng)
    x = rng.standard_normal((count, *network.layers[0].shape), np.float32).astype(np.float64)
    limit = bound(network, replacements, x)
    why = "a layer between the folds has no known bound" if limit is None else None
    return Agreement(count, deviation(network, replacements, x), limit, why)


def _of_folds(
    replacements: Sequence[Replacement], count: int, rng: np.random.Generator
) -> Agreement:
    """The fold that comes nearest to its own bound, run alone."""
    alone = [_alone(replacement, count, rng) for replacement in replacements]
    return max(alone, key=_share, default=Agreement(count, 0.0, 0.0))


def _alone(replacement: Replacement, count: int, rng: np.random.Generator) -> Agreement:
    shape = replacement.layers[0].shape
    x = rng.standard_normal((count, *shape), np.float32).astype(np.float64)
    kind = network_type(Network("", tuple(replacement.layers), (replacement.run,)))
    limit = error_bound(replacement.layers, replacement.folded.layers, x, UNITS[kind])
    x = x if kind == "float64" else x.astype(np.float32)
    one, other = through(replacement.layers, x), through(replacement.folded.layers, x)
    return Agreement(count, float(np.abs(one - other).max()), float(limit.max()))


def _share(alone: Agreement) -> float:
    """The deviation as a part of its bound, more than 1 of which there should not be."""
    if not alone.deviation:
        return 0.0
    return alone.deviation / alone.bound if alone.bound else math.inf


def network_type(network: Network) -> str:
    """The name of the type that the network is run in."""
    return kept_type([layer for layer in network.layers if isinstance(layer, Linear)]).name


def deviation(network: Network, replacements: Sequence[Replacement], x: Array) -> float:
    """The largest difference at an output between the network and itself with the folds."""
    x = x if network_type(network) == "float64" else x.astype(np.float32)
    folded = replaced(network, replacements)
    return float(np.abs(through(network.layers, x) - through(folded, x)).max())


def bound(network: Network, replacements: Sequence[Replacement], x: Array) -> float | None:
    """What that difference cannot exceed at these inputs; None where a layer has no known bound.

    Both are taken to be run by one program, which gives equal results for equal work.
    """
    unit = UNITS[network_type(network)]
    apart: Array = np.zeros_like(x)
    for part in in_place(network, replacements):
        if isinstance(part, Replacement):
            y = through(part.layers, x)
            own = error_bound(part.layers, part.folded.layers, x, unit)
            moved = carried(part.folded.layers, x, apart)
        else:
            y = part(x)
            moved = carried([part], x, apart)
            own = 2 * rounding(part, np.abs(x) + apart, y, unit) * apart.any()
        if moved is None:
            return None
        x, apart = y, moved + own
    return float(apart.max())


def rounded(layers: Sequence[Layer], x: Array, unit: float) -> float | None:
    """How far two programs that run the layers at x may be apart; None where it is not known."""
    apart: Array = np.zeros_like(x)
    for layer in layers:
        y = layer(x)
        moved = layer.spread(x, apart) if apart.any() else np.zeros_like(y)
        if moved is None:
            return None
        own = 4 * rounding(layer, np.abs(x) + apart, y, unit)
        x, apart = y, moved + own
    return float(apart.max(initial=0))


def carried(layers: Sequence[Layer], x: Array, apart: Array) -> Array | None:
    """How far outputs are apart for inputs that are `apart`, rounding aside; None if unknown."""
    if not apart.any():
        return np.zeros((len(x), *layers[-1].output_shape))
    *others, last = layers
    for layer in others:
        moved = layer.spread(x, apart)
        if moved is None:
            return None
        x, apart = layer(x), moved
    return last.spread(x, apart)


def rounding(layer: Layer, x: Array, y: Array, unit: float) -> Array:
    """How far rounding takes the layer's output y at x from the truth."""
    if isinstance(layer, Linear):
        size: Array = layer.magnitude()(np.abs(x))
        return gamma(layer.terms, unit) * size
    return FUNCTION_ROUNDINGS * unit * np.abs(y)
