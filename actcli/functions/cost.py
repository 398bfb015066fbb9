"""What a function costs: its time per point, relative to relu, on this machine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from time import perf_counter

import numpy as np

from actcli.activations.base import Activation
from actcli.activations.registry import lookup

_POINTS = 1 << 13
"""So few that the cache holds them and all temporaries."""

_ROUNDS = 50


def costs(activations: Sequence[Activation]) -> list[float]:
    """The time of each for a point, divided by that of relu: the best of interleaved runs."""
    relu = lookup("relu")
    assert relu is not None
    x = np.random.default_rng(0).standard_normal(_POINTS)
    best = [math.inf] * (len(activations) + 1)
    for _ in range(_ROUNDS):
        for i, activation in enumerate((relu(), *activations)):
            activation.value(x)  # what ran before has filled the caches
            start = perf_counter()
            activation.value(x)
            best[i] = min(best[i], perf_counter() - start)
    return [time / best[0] for time in best[1:]]
