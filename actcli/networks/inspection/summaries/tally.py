"""Values as they come, counted into a summary."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.errors import UsageError
from actcli.networks.inspection.summaries import buckets, overflow
from actcli.networks.inspection.summaries.buckets import Floats
from actcli.networks.inspection.summaries.edges import Edges
from actcli.networks.inspection.summaries.exact_sum import RunningSum, scaled
from actcli.networks.inspection.summaries.mean_slope import Slopes
from actcli.networks.inspection.summaries.regimes import Mask, Regimes
from actcli.networks.inspection.summaries.summary import NO_UNITS, Counts, Summary, Units

AT_ONCE = 1 << 18
"""Values that are looked at together: few enough that they stay in the cache."""

_WORD, _LONG = 8, 256
"""Bytes of a word; truth values from which on they are counted by words."""

_SQUARABLE = 2.0**480
"""Sizes up to which squares are summed."""


class Tally:
    """A summary in the making."""

    def __init__(self, regimes: Regimes, slopes: Slopes, units: int | None = None) -> None:
        """Begin with nothing; `units` is the axis of the units, where it is not the usual one."""
        self._regimes, self._slopes, self._axis = regimes, slopes, units
        self._counts = np.zeros(buckets.COUNT, np.int64)
        self._edges = Edges({*overflow.LIMITS, *slopes.limits})
        self._nan = self._infinite = self._rank = 0
        self._total, self._squares = RunningSum(), RunningSum()
        self._is_squarable = True
        self._units = NO_UNITS
        self._waiting: list[Floats] = []

    def add(self, values: NDArray[Any], start: int = 0) -> None:
        """Count values, NaN too; `start` is where they begin along the first axis of the whole."""
        axis = unit_axis(values.ndim, self._axis)
        self._rank = values.ndim
        single = values if values.dtype == np.float64 else values.astype(np.float32, copy=False)
        single = np.ascontiguousarray(single)
        if single.ndim == 0:
            single = single.reshape(1)
        rows = max(1, AT_ONCE * len(single) // max(1, single.size))
        for first in range(0, len(single), rows):
            piece = single[first : first + rows]
            self._look(piece, axis, start + first)

    def summary(self) -> Summary:
        """What was seen so far."""
        self._flush()
        below = partial(self._edges.below, counts=self._counts)
        return Summary(
            counts=self._counts.copy(),
            nan=self._nan,
            infinite=self._infinite,
            zeros=overflow.zeros(below),
            total=self._total.value,
            squares=self._squares.value if self._is_squarable else None,
            units=self._units,
            lost=overflow.lost(below),
            rank=self._rank,
            cells=self._slopes.cells(below, int(self._counts.sum())),
        )

    def _look(self, piece: Floats, axis: int | None, start: int) -> None:
        if not piece.size:
            return
        by_unit = _by_unit(piece, axis)
        low, high = _over(np.minimum, by_unit), _over(np.maximum, by_unit)
        top, finite = float(max(-low.min(), high.max())), piece
        if not math.isfinite(top):
            numbers = ~np.isnan(by_unit)
            low = np.min(by_unit, axis=(0, 2), initial=math.inf, where=numbers)
            high = np.max(by_unit, axis=(0, 2), initial=-math.inf, where=numbers)
            self._nan += piece.size - int(np.count_nonzero(numbers))
            self._infinite += int(np.count_nonzero(np.isinf(piece)))
            self._bin(by_unit[numbers])
            finite = np.where(np.isfinite(piece), piece, np.array(0, piece.dtype))
        else:
            self._bin(piece.reshape(-1))
        self._units += self._seen(by_unit, low, high, start if axis == 0 else 0)
        self._sum(finite, top)

    def _seen(self, by_unit: Floats, low: Any, high: Any, first: int) -> Units:
        """What the units of a piece have seen; the first of them has this number."""
        count = np.full(by_unit.shape[1], by_unit.shape[0] * by_unit.shape[2])
        ends = float(low.min()), float(high.max())
        saturated, flat = (
            np.zeros_like(count) if mask is None else _by_units(mask)
            for mask in (
                self._regimes.saturated(by_unit, *ends),
                self._regimes.flat(by_unit, *ends),
            )
        )
        found = Units(count, low.astype(float), high.astype(float), saturated, flat)
        return found.moved(first)

    def _sum(self, values: Floats, top: float) -> None:
        """Add up finite values up to a size.

        Rows are added up by themselves first: none of them is ever divided among batches.
        """
        length = math.prod(values.shape[2:] if values.ndim > 2 else values.shape[1:])
        rows = values.astype(np.float64).reshape(-1, length)
        if values.dtype == np.float64 and top > _SQUARABLE:
            is_large = (np.abs(rows) > _SQUARABLE).any(axis=1)
            if is_large.any():
                self._total.add_scaled(sum(map(scaled, rows[is_large].reshape(-1).tolist())))
                self._is_squarable, rows = False, rows[~is_large]
        self._total.add(rows.sum(axis=1))
        if self._is_squarable:
            rows *= rows
            self._squares.add(rows.sum(axis=1))

    def _bin(self, numbers: Floats) -> None:
        """Put numbers into their buckets; a few wait for others, as the buckets are many."""
        if numbers.size >= AT_ONCE // 4:
            self._count(numbers)
            return
        self._waiting.append(numbers.copy())
        if sum(part.size for part in self._waiting) >= AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        """Put the values that wait into their buckets."""
        if self._waiting:
            waiting: Any = np.concatenate(self._waiting)
            self._count(waiting)
            self._waiting = []

    def _count(self, numbers: Floats) -> None:
        counts = buckets.histogram(numbers)
        self._counts += counts
        self._edges.add(numbers, counts)


def unit_axis(rank: int, given: int | None = None) -> int | None:
    """The axis of the units: the channels of rank 4 and 5, else the last; None: all are one unit.

    Raises:
        UsageError: the given one is out of bounds.
    """
    if given is not None:
        if not -rank <= given < rank:
            raise UsageError(f"--units {given} is no axis of values of rank {rank}")
        return given % rank
    if rank <= 1:
        return None
    return 1 if rank in (4, 5) else rank - 1


def _by_unit(piece: Floats, axis: int | None) -> Floats:
    """The values of shape (before, units, after)."""
    if axis is None:
        return piece.reshape(1, 1, -1)
    shape = piece.shape
    return piece.reshape(math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1 :]))


def _over(reduce: np.ufunc, by_unit: Floats) -> Any:
    """The smallest or largest number of each unit; NaN where it has seen NaN."""
    return reduce.reduce(by_unit, axis=(0, 2))


def _by_units(mask: Mask) -> Counts:
    """How many are true of each unit, of shape (before, units, after)."""
    before, units, after = mask.shape
    if units == 1:
        return np.array([np.count_nonzero(mask)])
    if after == 1:
        return _bytes_added(mask.reshape(before, units).view(np.uint8), 0)
    if after % _WORD or after < _LONG:
        counted: Counts = np.count_nonzero(mask, axis=(0, 2))
        return counted
    words = mask.reshape(before * units, after).view(np.uint64)
    added: Counts = _bytes_added(words, 1).reshape(before, units, _WORD).sum(axis=(0, 2))
    return added


def _bytes_added(words: NDArray[np.unsignedinteger], axis: int) -> Counts:
    """The sums along an axis of bytes of 0 or 1, in words maybe: 255 of them fill no byte."""
    parts = np.split(words, range(255, words.shape[axis], 255), axis)
    sums = [np.add.reduce(part, axis=axis, dtype=part.dtype).view(np.uint8) for part in parts]
    total: Counts = np.sum(sums, axis=0, dtype=np.int64)
    return total
