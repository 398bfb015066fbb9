"""Sums of doubles without any rounding, so that neither order nor grouping shows in them."""

from __future__ import annotations

import math

import numpy as np

from actcli.numeric.arrays import Array

SCALE = 1074
"""A sum is a whole number of 2**-1074, the smallest double."""

_AT_ONCE = 1 << 13
_BITS = 39
"""So many bits of so many numbers add up to a double exactly."""


def exact_sum(values: Array) -> int:
    """The sum of finite doubles below 2**1000 in size, in units of 2**-1074."""
    flat = values.reshape(-1)
    return sum(_summed(flat[i : i + _AT_ONCE]) for i in range(0, flat.size, _AT_ONCE))


def _summed(rest: Array) -> int:
    """The sum, taken from the leading bits down: what they add up to is a double each time."""
    total = 0
    while top := float(np.max(np.abs(rest), initial=0.0)):
        unit = max(math.frexp(top)[1] - _BITS, -SCALE)
        anchor = math.ldexp(1.5, unit + 52)
        leading = (rest + anchor) - anchor
        total += scaled(float(leading.sum()))
        rest = rest - leading
    return total


def scaled(value: float) -> int:
    """A double in units of 2**-1074."""
    numerator, denominator = value.as_integer_ratio()
    return numerator << (SCALE + 1 - denominator.bit_length())


class RunningSum:
    """An exact sum of doubles as they come; a few wait for others."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._total, self._waiting, self._size = 0, list[Array](), 0

    def add(self, values: Array) -> None:
        """Add finite doubles below 2**1000 in size."""
        self._waiting.append(values)
        self._size += values.size
        if self._size >= _AT_ONCE:
            self._flush()

    def add_scaled(self, units: int) -> None:
        """Add a whole number of units of 2**-1074."""
        self._total += units

    @property
    def value(self) -> int:
        """The sum so far, in such units."""
        self._flush()
        return self._total

    def _flush(self) -> None:
        if self._waiting:
            self._total += exact_sum(np.concatenate(self._waiting))
            self._waiting, self._size = [], 0
