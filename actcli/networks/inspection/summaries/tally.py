"""Values as they come, counted into a summary."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.errors import UsageError
from actcli.networks.inspection.summaries import buckets
from actcli.networks.inspection.summaries.buckets import Floats
from actcli.networks.inspection.summaries.exact_sum import exact_sum, scaled
from actcli.networks.inspection.summaries.mean_slope import Slopes
from actcli.networks.inspection.summaries.overflow import TYPES, lost
from actcli.networks.inspection.summaries.regimes import Regimes
from actcli.networks.inspection.summaries.summary import NO_UNITS, Summary, Units

AT_ONCE = 1 << 17
"""Values that are looked at together: few enough that they stay in the cache."""

_SQUARABLE = 2.0**480
"""Sizes up to which squares are summed."""


class Tally:
    """A summary in the making."""

    def __init__(self, regimes: Regimes, slopes: Slopes, units: int | None = None) -> None:
        """Begin with nothing; `units` is the axis of the units, where it is not the usual one."""
        self._regimes, self._slopes, self._axis = regimes, slopes, units
        self._counts = np.zeros(buckets.COUNT, np.int64)
        self._nan = self._infinite = self._zeros = self._total = self._rank = 0
        self._squares: int | None = 0
        self._units = NO_UNITS
        self._lost = np.zeros((len(TYPES), 2), np.int64)
        self._cells = np.zeros(slopes.cells, np.int64)
        self._pending: list[Floats] = []

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
        return Summary(
            self._counts.copy(),
            self._nan,
            self._infinite,
            self._zeros,
            self._total,
            self._squares,
            self._units,
            self._lost.copy(),
            self._rank,
            self._cells.copy(),
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
            top, finite = (
                math.inf,
                np.where(np.isfinite(piece), piece, np.array(np.nan, piece.dtype)),
            )
        else:
            self._bin(piece.reshape(-1))
        self._units += self._seen(by_unit, low, high, start if axis == 0 else 0)
        self._slopes.count(piece, self._cells)
        self._sum(finite, top)

    def _seen(self, by_unit: Floats, low: Any, high: Any, first: int) -> Units:
        """What the units of a piece have seen; the first of them has this number."""
        count = np.full(by_unit.shape[1], by_unit.shape[0] * by_unit.shape[2])
        saturated, flat = (
            np.count_nonzero(mask, axis=(0, 2)) if mask.any() else np.zeros_like(count)
            for mask in (self._regimes.saturated(by_unit), self._regimes.flat(by_unit))
        )
        found = Units(count, low.astype(float), high.astype(float), saturated, flat)
        return found.moved(first)

    def _sum(self, values: Floats, top: float) -> None:
        """Add up finite values up to a size, NaN in the place of others.

        Rows are added up by themselves first: none of them is ever divided among batches.
        """
        lost_here, zeros = lost(values, top)
        self._lost += lost_here
        self._zeros += zeros
        length = math.prod(values.shape[2:] if values.ndim > 2 else values.shape[1:])
        rows = values.astype(np.float64).reshape(-1, length)
        if top == math.inf:
            rows[np.isnan(rows)] = 0.0
        if values.dtype == np.float64 and top > _SQUARABLE:
            is_large = (np.abs(rows) > _SQUARABLE).any(axis=1)
            if is_large.any():
                self._total += sum(map(scaled, rows[is_large].reshape(-1).tolist()))
                self._squares, rows = None, rows[~is_large]
        self._total += exact_sum(rows.sum(axis=1))
        if self._squares is not None:
            rows *= rows
            self._squares += exact_sum(rows.sum(axis=1))

    def _bin(self, numbers: Floats) -> None:
        """Put numbers into their buckets; a few wait for others, as the buckets are many."""
        if numbers.size >= AT_ONCE // 4:
            self._counts += buckets.histogram(numbers)
            return
        self._pending.append(numbers.copy())
        if sum(part.size for part in self._pending) >= AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        """Put the values that wait into their buckets."""
        if self._pending:
            waiting: Any = np.concatenate(self._pending)
            self._counts += buckets.histogram(waiting)
            self._pending = []


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
