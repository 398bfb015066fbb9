"""Means of an activation and its derivative over normal inputs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from actcli.activation import Activation, Array
from actcli.analysis.limits import one_sided
from actcli.analysis.switches import EVERYWHERE, switches
from actcli.errors import ActcliError
from actcli.numeric.gaussian import expectation, mean_products

REACH = 13.0
"""Standard deviations within which the switches of an endless function are looked for."""

_ROUNDOFF = 2.0**-50
"""A standard deviation that is smaller, relative to the mean, is that of a constant."""

_SAME = 1e-9
"""One-sided limits that differ by less than that, relative to the function around, are one."""


@dataclass(frozen=True)
class Moments:
    """Means over x ~ N(0, q); infinite where the integral is."""

    mean: float
    """E f."""
    second: float
    """E f^2."""
    slope: float
    """E f', away from jumps."""
    second_slope: float
    """E f'^2."""
    growth: float
    """E x f f': the rate at which E f^2 grows with log q."""
    pull: float
    """E x f: q E f', with jumps counted (Stein's lemma)."""


@lru_cache(maxsize=1024)
def moments(activation: Activation, q: float) -> Moments:
    """The means for one variance.

    Raises:
        ActcliError: E f^2 is infinite, or as good as infinite in doubles.
    """

    def factors(x: Array) -> tuple[Array, Array]:
        f, df = activation.value_and_derivative(x)
        one = np.ones_like(f)
        return np.stack([f, f, df, df, f, f]), np.stack([one, f, one, df, x * df, x])

    found = Moments(*mean_products(factors, q, cuts(activation, q)).tolist())
    if not math.isfinite(found.second):
        raise ActcliError(
            f"E f^2 of {activation} is infinite or overflows for inputs of variance {q:g}: "
            "take a smaller variance, or a function that grows more slowly"
        )
    return found


def variance(activation: Activation, q: float) -> float:
    """Var f(x) for x ~ N(0, q), without the cancellation of E f^2 - (E f)^2."""
    mean = moments(activation, q).mean

    def squared(x: Array) -> Array:
        return np.square(activation.value(x) - mean)[np.newaxis]

    found = float(expectation(squared, q, cuts(activation, q))[0])
    return found if found > (_ROUNDOFF * mean) ** 2 else 0.0


def cuts(activation: Activation, q: float) -> tuple[float, ...]:
    """Where an integral over N(0, q) has to be cut."""
    return switches(activation, _window(activation, q))


def jumps(activation: Activation, q: float) -> tuple[float, ...]:
    """Where the value jumps, ascending; of an endless function, those that N(0, q) reaches."""
    return _jumps(activation, _window(activation, q))


@lru_cache(maxsize=256)
def _jumps(activation: Activation, window: tuple[float, float]) -> tuple[float, ...]:
    return tuple(place for place in switches(activation, window) if _is_jump(activation, place))


def _is_jump(activation: Activation, place: float) -> bool:
    left, right = (one_sided(activation.value, place, side) for side in (-1, 1))
    around = np.abs(activation.value(np.array([place - 1, place + 1])))
    return abs(left - right) > _SAME * (abs(left) + abs(right) + float(around.max()))


def _window(activation: Activation, q: float) -> tuple[float, float]:
    """What N(0, q) reaches, up to a factor of 2, so that neighbouring variances share it."""
    if not activation.endless:
        return EVERYWHERE
    reach = 2.0 ** math.ceil(math.log2(REACH * math.sqrt(q)))
    return -reach, reach
