"""Quantiles, enclosed by the bucket that holds them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from actcli.networks.inspection.summaries.summary import Summary

LEVELS = ("0.001", "0.01", "0.05", "0.25", "0.5", "0.75", "0.95", "0.99", "0.999")


class Quantile(NamedTuple):
    """The smallest number that a share of the numbers do not exceed, infinities among them."""

    level: float
    """The share, 0 to 1."""
    low: float
    """It is at least that."""
    high: float
    """It is at most that."""


def quantiles(summary: Summary) -> Sequence[Quantile]:
    """The quantiles of the numbers seen; none where there were none."""
    if not summary.numbers:
        return ()
    ranked = summary.ranked
    reached = np.cumsum(ranked.counts)
    found = []
    for level in LEVELS:
        rank = math.ceil(Fraction(level) * summary.numbers)
        place = int(np.searchsorted(reached, rank))
        found.append(Quantile(float(level), float(ranked.low[place]), float(ranked.high[place])))
    return found
