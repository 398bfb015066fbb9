"""The range of x in which something happens, found from a few hundred values of the function."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Activation, Array, Line

CUSTOMARY = 6.0
"""Half the range in which activation functions are usually shown."""

FITS = (1.0, 4.8)
"""Features whose farthest lies between these distances from 0 are well seen in the customary range."""

ROOM = 1.25
"""How much farther than the farthest feature the range goes, so that both ends are seen."""

STRAIGHT = 0.035
"""Share of the derivative's range within which it counts as settled."""

ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)

FAST = 10.0
"""How many times higher a curve may be at the end of the range than half way."""

NEAREST = 2
"""Turning points looked at on each side of 0, where there are many."""

GRID = np.concatenate([-(2.0 ** np.arange(20, -20.125, -0.125)), [0.0], 2.0 ** np.arange(-20, 20.125, 0.125)])


def window(activations: tuple[Activation, ...]) -> tuple[float, float]:
    """Round ends of a range that shows what every one of the functions does."""
    lows, highs = zip(*(_window(act) for act in activations), strict=True)
    return min(lows), max(highs)


def _window(act: Activation) -> tuple[float, float]:
    value, derivative = act.value_and_derivative(GRID)
    domain = np.isfinite(value)
    if not domain.any():
        return -CUSTOMARY, CUSTOMARY
    features = [*_nearest(act.kinks), *_turns(derivative), *_turns(np.diff(derivative)), *_settled(act, derivative)]
    features += _edges(domain)
    low, high = min(features, default=0.0), max(features, default=0.0)
    if min(abs(low), abs(high)) > 0.75 * max(abs(low), abs(high)) and low * high > 0:
        reach = max(_rounded(ROOM * (high - low)), 0.05 * max(abs(low), abs(high)))
        return low - reach, high + reach
    half = _tamed(act, _half(max(-low, high)))
    return (0.0 if not domain[GRID < 0].any() else -half), (0.0 if not domain[GRID > 0].any() else half)
