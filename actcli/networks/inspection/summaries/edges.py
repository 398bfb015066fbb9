"""How many numbers lie below some limits: by buckets, and by value in those that a limit parts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from actcli.networks.inspection.summaries import buckets
from actcli.networks.inspection.summaries.buckets import Floats, least
from actcli.networks.inspection.summaries.summary import Counts

_BELOW_ZERO = buckets.COUNT // 2
"""The bits of the bucket of the negative numbers next to 0."""


class Edges:
    """Limits, and how many numbers are below each in its own bucket."""

    def __init__(self, limits: Iterable[float]) -> None:
        """Begin with no numbers."""
        self._within = dict.fromkeys(sorted(limits), 0)
        self._bits = buckets.bits(np.array([*self._within])).copy()
        self._is_near = (self._bits & _BELOW_ZERO - 1) == 0
        self._bits[self._is_near] = _BELOW_ZERO  # -0.0 is in there, but not below 0
        self._starts = buckets.ends(buckets.placed(self._bits))[0].tolist()

    def add(self, values: Floats, counts: Counts) -> None:
        """Look at some numbers, none of them NaN, that the buckets hold so many of."""
        held = (counts[self._bits] + self._is_near * counts[0]).tolist()
        for limit, start, count in zip(self._within, self._starts, held, strict=True):
            if count:
                self._within[limit] += _count_below(values, limit) - _count_below(values, start)

    def below(self, limit: float, counts: Counts) -> int:
        """How many of all numbers, in buckets that hold so many, are below one of the limits."""
        bits = int(self._bits[[*self._within].index(limit)])
        under = counts[bits + 1 :] if bits >= _BELOW_ZERO else counts[_BELOW_ZERO:]
        positive = counts[:bits] if bits < _BELOW_ZERO else counts[:0]
        return int(under.sum() + positive.sum()) + self._within[limit]


def _count_below(values: Floats, limit: float) -> int:
    return int(np.count_nonzero(values < least(limit, values.dtype)))
