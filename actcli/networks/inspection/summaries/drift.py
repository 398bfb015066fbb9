"""How far the values of two summaries are apart as distributions."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from actcli.networks.inspection.summaries.summary import Ranked, Summary
from actcli.numeric.arrays import Array


class Drift(NamedTuple):
    """How the values seen differ from others, those of the reference."""

    ks: float
    """The Kolmogorov-Smirnov distance, the largest difference of the two distribution functions:
    what it is at least."""
    ks_error: float
    """It is at most so much more."""
    shift: float | None
    """By how many standard deviations of the reference the mean is above its mean; None where
    that has none."""
    scale: float | None
    """The standard deviation in units of the reference's."""


def drift(values: Summary, reference: Summary) -> Drift | None:
    """How the values differ from the reference; None where one of them holds no number."""
    if not (values.numbers and reference.numbers):
        return None
    ks, most = _kolmogorov_smirnov(values.ranked, reference.ranked)
    spread = reference.std
    if not 0 < spread < math.inf:
        return Drift(ks, most - ks, None, None)
    shift = (values.mean - reference.mean) / spread
    return Drift(ks, most - ks, shift, values.std / spread)


def _kolmogorov_smirnov(one: Ranked, other: Ranked) -> tuple[float, float]:
    """What the largest difference of the distribution functions is at least, and at most."""
    edges = np.unique(np.concatenate([one.low, one.high, other.low, other.high]))
    (low, high), (other_low, other_high) = _shares(one, edges), _shares(other, edges)
    least = np.maximum(low - other_high, other_low - high).max()
    most = np.maximum(high - other_low, other_high - low).max()
    return max(0.0, float(least)), float(most)


def _shares(ranked: Ranked, edges: Array) -> tuple[Array, Array]:
    """Between what the share of the numbers up to each edge is."""
    reached = np.concatenate([[0], np.cumsum(ranked.counts)]) / ranked.counts.sum()
    whole = np.searchsorted(ranked.high, edges, side="right")
    begun = np.searchsorted(ranked.low, edges, side="right")
    return reached[whole], reached[begun]
