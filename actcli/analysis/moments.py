"""Means of an activation and its derivative over normal inputs."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from actcli.activation import Activation, Array
from actcli.analysis.limits import one_sided
from actcli.analysis.switches import EVERYWHERE, switches
from actcli.errors import ActcliError
from actcli.numeric.floats import ulp
from actcli.numeric.gaussian import expectation, mean_products

REACH = 13.0
"""Standard deviations within which the switches of an endless function are looked for."""

_ROUNDOFF = 2.0**-50
"""A standard deviation that is smaller, relative to the mean, is that of a constant."""

_CLOSE, _WIDER = 2.0**-26, 2.0**10
"""How near to a switch, as a part of the room it has, and how much farther off, f is measured."""

_MEASURABLE = 2.0**12
"""Ulp of a switch within which its own roundoff counts."""

_SQUARE, _MEAN = 0.49, 0.99
"""Powers of 1/distance from which on a function has no mean square, no mean."""

_SEEN = np.linspace(-6, 6, 98)
"""Standard deviations at which a function should have a value."""

_SAME = 1e-9
"""One-sided limits that differ by less than that, relative to the function around, are one."""


@dataclass(frozen=True)
class Moments:
    """Means over x ~ N(0, q); infinite where the integral is, NaN where it cannot be found."""

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
        ActcliError: E f^2 is infinite, as good as infinite in doubles, or out of reach.
    """
    power, slope_power = _singular(activation, _window(activation, q))
    has_square, has_mean = slope_power < _SQUARE, slope_power < _MEAN

    def factors(x: Array) -> tuple[Array, Array]:
        f, df = activation.sampled.value_and_derivative(x)
        one = np.ones_like(f)
        df = df if has_mean else np.zeros_like(f)
        square = df if has_square else np.zeros_like(f)
        return np.stack([f, f, df, square, f, f]), np.stack([one, f, one, square, x * df, x])

    means = (
        mean_products(factors, q, cuts(activation, q)) if power < _SQUARE else np.full(6, np.inf)
    )
    found = Moments(*means.tolist())
    if not math.isfinite(found.second):
        raise ActcliError(_why_there_is_none(activation, q, found.second))
    if not has_mean:
        return replace(found, slope=math.inf, second_slope=math.inf, growth=math.inf)
    if not has_square:  # by Stein's lemma, for the integral of so steep a slope has few digits
        return replace(found, slope=found.pull / q, second_slope=math.inf)
    return found


def _why_there_is_none(activation: Activation, q: float, second: float) -> str:
    x = math.sqrt(q) * _SEEN
    undefined = x[np.isnan(activation.sampled.value(x))]
    if undefined.size > 1:
        nearest = float(undefined[np.argmin(np.abs(undefined))])
        return (
            f"{activation} has no value at {nearest:.3g}, for one: it has no mean over normal "
            "inputs; take a function that is defined everywhere"
        )
    if math.isnan(second):
        return (
            f"{activation} turns too often for its mean over inputs of variance {q:g} to be found: "
            "take a smaller variance, or a function that turns less"
        )
    return (
        f"E f^2 of {activation} is infinite or overflows for inputs of variance {q:g}: "
        "take a smaller variance, or a function that grows more slowly"
    )


@lru_cache(maxsize=256)
def _singular(activation: Activation, window: tuple[float, float]) -> tuple[float, float]:
    """The highest powers of 1/distance as which f and f' grow towards a switch."""
    places = np.array(switches(activation, window))
    if not places.size:
        return 0.0, 0.0
    with np.errstate(all="ignore"):
        gaps = np.abs(np.diff(places, prepend=-np.inf, append=np.inf))
        room = np.minimum.reduce([gaps[:-1] / 2, gaps[1:] / 2, np.abs(places) + (places == 0)])
        near = np.maximum(room * _CLOSE, _MEASURABLE * ulp(places))
        distances = np.stack([-_WIDER * near, _WIDER * near, -near, near])
        heights = np.abs(activation.sampled.value_and_derivative(places + distances))
        powers = np.log2(heights[:, 2:] / heights[:, :2]) / math.log2(_WIDER)
    powers[np.isnan(powers) | (heights[:, :2] == 0) | ~(_WIDER * near < room)] = 0.0
    power, slope_power = powers.max(axis=(1, 2)).tolist()
    return power, slope_power


def variance(activation: Activation, q: float) -> float:
    """Var f(x) for x ~ N(0, q), without the cancellation of E f^2 - (E f)^2."""
    mean = moments(activation, q).mean

    def squared(x: Array) -> Array:
        return np.square(activation.sampled.value(x) - mean)[np.newaxis]

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
    left, right = (one_sided(activation.sampled.value, place, side) for side in (-1, 1))
    around = np.abs(activation.sampled.value(np.array([place - 1, place + 1])))
    return abs(left - right) > _SAME * (abs(left) + abs(right) + float(around.max()))


def within_reach(q: float) -> tuple[float, float]:
    """What N(0, q) reaches, up to a factor of 2, so that neighbouring variances share it."""
    reach = 2.0 ** math.ceil(math.log2(REACH * math.sqrt(q)))
    return -reach, reach


def _window(activation: Activation, q: float) -> tuple[float, float]:
    return within_reach(q) if activation.endless else EVERYWHERE
