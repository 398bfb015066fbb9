"""The mean of |f'| over the values that a summary has seen, enclosed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from flint import ctx

from actcli.formula.jets.intervals import ZERO, Interval
from actcli.networks.inspection.summaries.regimes import Regimes
from actcli.networks.inspection.summaries.summary import Counts, Summary
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.structure import PRECISE

_BITS = 60

_MOST_KINKS = 8
"""Kinks at which values are counted one by one."""

_NEAR = 2.0**-7
"""Below this size buckets are taken together by their exponent: f' has hardly a choice there."""

_ROUNDING = 2.0**-48
"""The relative error of a derivative in doubles."""


class Enclosure(NamedTuple):
    """Numbers between which another one lies; the same where it is known."""

    low: float
    high: float


class Slopes:
    """|f'| of an activation, by its pieces where it has one value on each, else by buckets."""

    def __init__(self, regimes: Regimes) -> None:
        self._regimes = regimes
        self._activation = regimes.activation
        self._function = ProvedFunction.of(regimes.activation)
        self._known: dict[tuple[float, float], tuple[float, float]] = {}

    @cached_property
    def steps(self) -> list[Fraction] | None:
        """|f'| below, at, between, ..., above the kinks; None unless it is constant on pieces."""
        structure, kinks = self._regimes.structure, self._regimes.kinks
        if structure is None or structure.branches.undecided or len(kinks) > _MOST_KINKS:
            return None
        edges = (-math.inf, *kinks, math.inf)
        found: list[Fraction] = []
        for low, high in pairwise(edges):
            slope = self._slope_on(low, high, PRECISE)
            if slope is None or not slope.is_point or not slope.is_finite():
                return None
            mantissa, exponent = (int(part) for part in slope.low.mid().man_exp())
            found.append(Fraction(abs(mantissa)) * Fraction(2) ** exponent)
            if high < math.inf:
                found.append(Fraction(abs(float(self._activation.derivative(high)))))
        return found

    @cached_property
    def limits(self) -> list[float]:
        """Numbers of which it has to be known how many values are below each."""
        kinks = self._regimes.kinks if self.steps else ()
        return [limit for kink in kinks for limit in (kink, math.nextafter(kink, math.inf))]

    def cells(self, below: Callable[[float], int], numbers: int) -> Counts:
        """How many numbers lie below, at, between, ..., above the kinks, of so many."""
        if not self.steps:
            return np.zeros(0, np.int64)
        return np.diff([0, *map(below, self.limits), numbers])

    def mean(self, summary: Summary) -> Enclosure:
        """The mean over all numbers that were seen; NaN where there are none."""
        if not summary.numbers:
            return Enclosure(math.nan, math.nan)
        if self.steps:
            counted = zip(summary.cells.tolist(), self.steps, strict=True)
            exact = float(sum(count * size for count, size in counted) / summary.numbers)
            return Enclosure(exact, exact)
        counts, lows, highs = (np.array(part) for part in zip(*_boxes(summary), strict=True))
        ends = np.abs(self._activation.derivative(np.stack([lows, highs])))
        inside = np.array(
            [self._between(*box) for box in zip(lows.tolist(), highs.tolist(), strict=True)]
        )
        least = np.minimum(ends.min(axis=0) * (1 - _ROUNDING), inside[:, 0])
        most = np.maximum(ends.max(axis=0) * (1 + _ROUNDING), inside[:, 1])
        low, high = (math.fsum(counts * sizes) / summary.numbers for sizes in (least, most))
        return Enclosure(low * (1 - _ROUNDING), high * (1 + _ROUNDING))

    def _between(self, low: float, high: float) -> tuple[float, float]:
        """Between which numbers |f'| is on an open interval: none of them where that is empty."""
        if low == high:
            return math.inf, 0.0
        if (low, high) not in self._known:
            self._known[low, high] = self._enclosed(low, high)
        return self._known[low, high]

    def _enclosed(self, low: float, high: float) -> tuple[float, float]:
        slope = self._slope_on(low, high, _BITS)
        if slope is None or not slope.is_finite():
            return 0.0, math.inf
        bounds = float(slope.low.lower()), float(slope.high.upper())
        size = max(map(abs, bounds))
        return (0.0 if bounds[0] <= 0 <= bounds[1] else min(map(abs, bounds))), size

    def _slope_on(self, low: float, high: float, bits: int) -> Interval | None:
        """What f' is on an open interval; None where it is not known, or f is not defined."""
        with ctx.workprec(bits):
            jet = self._function.on(max(low, -LARGEST), min(high, LARGEST))
        if not jet.has_value:
            return None
        return Interval(ZERO) if jet.slope is None else jet.slope


def _boxes(summary: Summary) -> Iterator[tuple[int, float, float]]:
    """The buckets, those next to 0 by exponents, as count and ends."""
    ranked = summary.ranked
    box: Any = None
    for low, high, count in zip(*(part.tolist() for part in ranked), strict=True):
        size = max(abs(low), abs(high))
        key = (low >= 0, math.frexp(min(abs(low), abs(high)))[1]) if 0 < size <= _NEAR else None
        if box and key is not None and key == box[0]:
            box = (key, box[1] + count, box[2], high)
            continue
        if box:
            yield box[1:]
        box = (key, count, low, high)
    if box:
        yield box[1:]


@lru_cache(maxsize=256)
def slopes(regimes: Regimes) -> Slopes:
    """The slopes of an activation; what they find about it is kept."""
    return Slopes(regimes)
