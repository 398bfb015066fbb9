"""What is kept of any number of values: it merges, and neither order nor grouping shows in it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.networks.inspection.summaries import buckets
from actcli.networks.inspection.summaries.exact_sum import SCALE
from actcli.networks.inspection.summaries.overflow import TYPES, Lost
from actcli.numeric.arrays import Array

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Units:
    """What each unit has seen; the arrays have one number a unit."""

    count: Counts
    """Its values, NaN included."""
    low: Array
    """The smallest; infinity where it has seen no number."""
    high: Array
    saturated: Counts
    """How many of its values are saturated."""
    flat: Counts
    """At how many of them f' = 0."""

    def __add__(self, other: Units) -> Units:
        size = max(len(self.count), len(other.count))
        one, two = self._of(size), other._of(size)
        return Units(
            one.count + two.count,
            np.minimum(one.low, two.low),
            np.maximum(one.high, two.high),
            one.saturated + two.saturated,
            one.flat + two.flat,
        )

    def moved(self, first: int) -> Units:
        """The same units, with so many before them that have seen nothing."""
        if not first:
            return self
        return Units(*(np.insert(a, 0, np.full(first, e)) for a, e in self._with_unseen()))

    def _of(self, size: int) -> Units:
        """The same with units added that have seen nothing."""
        more = size - len(self.count)
        if not more:
            return self
        return Units(*(np.append(a, np.full(more, e)) for a, e in self._with_unseen()))

    def _with_unseen(self) -> Iterator[tuple[Any, float]]:
        """The arrays, each with what stands in it for a unit that has seen nothing."""
        return zip(vars(self).values(), _UNSEEN, strict=True)


_UNSEEN = (0, math.inf, -math.inf, 0, 0)

NO_UNITS = Units(*(np.empty(0, np.array(value).dtype) for value in _UNSEEN))


class Ranked(NamedTuple):
    """The buckets that hold something, ascending; each is a closed interval."""

    low: Array
    high: Array
    counts: Counts


@dataclass(frozen=True)
class Summary:
    """A digest of values: of two parts of the data it is the sum of theirs, to the last bit."""

    counts: Counts
    """How many numbers each bucket holds, by its bits."""
    nan: int
    infinite: int
    zeros: int
    """How many values are 0, of either sign."""
    total: int
    """The sum of the finite values, in units of 2**-1074."""
    squares: int | None
    """The sum of their squares; None where that is beyond doubles."""
    units: Units
    lost: Lost
    """What the smaller types lose of the finite values."""
    rank: int
    """How many axes the arrays had; 0 where there was none."""
    cells: Counts
    """How many numbers lie below, at, between, ... and above the kinks that are counted."""

    @property
    def numbers(self) -> int:
        """How many values are not NaN."""
        return self.count - self.nan

    @cached_property
    def count(self) -> int:
        """How many values there are, NaN included."""
        return int(self.units.count.sum())

    @property
    def low(self) -> float:
        """The smallest number."""
        return float(self.units.low.min(initial=math.inf))

    @property
    def high(self) -> float:
        """The largest number."""
        return float(self.units.high.max(initial=-math.inf))

    @property
    def mean(self) -> float:
        """The mean of the finite values."""
        finite = self.numbers - self.infinite
        return float(Fraction(self.total, finite << SCALE)) if finite else math.nan

    @property
    def std(self) -> float:
        """Their standard deviation, of the population."""
        finite = self.numbers - self.infinite
        if not finite or self.squares is None:
            return math.nan
        mean = Fraction(self.total, finite << SCALE)
        variance = Fraction(self.squares, finite << SCALE) - mean * mean
        return math.sqrt(max(variance, Fraction(0)))

    @cached_property
    def ranked(self) -> Ranked:
        """The buckets, 0 by itself, their ends no further out than what was seen."""
        place, count = buckets.places(self.counts)
        low, high = buckets.ends(place)
        is_near = (place == 0) | (place == -1)
        if is_near.any():
            near = int(count[is_near].sum())
            tiny = high[place == 0].max(initial=0.0), low[place == -1].min(initial=0.0)
            first = int(np.argmax(is_near))
            low, high, count = low[~is_near], high[~is_near], count[~is_near]
            ends = (0.0, 0.0) if near == self.zeros else (tiny[1], tiny[0])
            low, high = np.insert(low, first, ends[0]), np.insert(high, first, ends[1])
            count = np.insert(count, first, near)
        return Ranked(np.clip(low, self.low, None), np.clip(high, None, self.high), count)

    def __add__(self, other: Summary) -> Summary:
        squares = None if None in (self.squares, other.squares) else _sum(self, other)
        return Summary(
            counts=self.counts + other.counts,
            nan=self.nan + other.nan,
            infinite=self.infinite + other.infinite,
            zeros=self.zeros + other.zeros,
            total=self.total + other.total,
            squares=squares,
            units=self.units + other.units,
            lost=self.lost + other.lost,
            rank=max(self.rank, other.rank),
            cells=self.cells + other.cells,
        )


def _sum(one: Summary, other: Summary) -> int:
    assert one.squares is not None
    assert other.squares is not None
    return one.squares + other.squares


def empty(cells: int) -> Summary:
    """The summary of nothing, with so many cells."""
    return Summary(
        counts=np.zeros(buckets.COUNT, np.int64),
        nan=0,
        infinite=0,
        zeros=0,
        total=0,
        squares=0,
        units=NO_UNITS,
        lost=np.zeros((len(TYPES), 2), np.int64),
        rank=0,
        cells=np.zeros(cells, np.int64),
    )


def merged(parts: Iterable[Summary]) -> Summary:
    """The summary of what several together have seen, at least one."""
    return reduce(Summary.__add__, parts)
