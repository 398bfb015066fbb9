"""Which units of a layer are saturated: the ranges of small slope, and what N(0, q) has there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from actcli.activations.base import Activation
from actcli.errors import CrowdedError
from actcli.functions.views import overlap, structure_of
from actcli.meanfield.moments import is_endless, within_reach
from actcli.meanfield.random_network import VANISHING
from actcli.numeric.normal import norm_cdf
from actcli.structure.boxes import Window
from actcli.structure.flat_ranges import FlatRange, FlatRanges


def saturated(activation: Activation, q: float, eps: float) -> Sequence[FlatRange]:
    """The ranges where |f'| < eps, for eps = 0 where f is constant, that N(0, q) reaches.

    Raises:
        CrowdedError: on a part of its reach that is not decided.
        ActcliError: f has no value anywhere.
    """
    reach = within_reach(q)
    found = _flat(activation, eps, reach if is_endless(activation) else None)
    crowd = [place for place in found.undecided if overlap(place, reach)]
    if crowd:
        raise CrowdedError(crowd[0][0], crowd[-1][1]).of(activation)
    return [one for one in found.ranges if overlap((one.low, one.high), reach)]


@lru_cache(maxsize=64)
def _flat(activation: Activation, eps: float, window: Window | None) -> FlatRanges:
    return structure_of(activation, window).flat(eps)


def share(intervals: Sequence[Window], q: float) -> float:
    """The share of N(0, q) that lies in disjoint intervals."""
    with np.errstate(all="ignore"):
        ends = np.array(intervals, np.float64).reshape(-1, 2) / math.sqrt(q or VANISHING)
        towards = np.where(ends[:, :1] > 0, -1.0, 1.0)
        shares = norm_cdf((towards * ends).reshape(-1)).reshape(-1, 2)
    return float(np.abs(np.diff(shares)).sum())
