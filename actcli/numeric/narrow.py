"""Binary floating-point formats of at most 64 bits, held in doubles."""

from __future__ import annotations

from typing import NamedTuple

from actcli.numeric.arrays import Array
from actcli.numeric.late import np


class Format(NamedTuple):
    """A format by its significant bits and the exponents of its normal numbers."""

    bits: int
    least: int
    """Of the least normal number, 2**least."""
    most: int
    """Of the greatest numbers, below 2**(most + 1)."""

    def unit(self, x: Array) -> Array:
        """The unit in the last place of each number; of 0 and subnormal ones the least there is."""
        _, exponent = np.frexp(np.where(np.isfinite(x), x, 0.0))
        exponent = np.where(x == 0, self.least, np.clip(exponent - 1, self.least, self.most))
        unit: Array = np.ldexp(1.0, exponent - (self.bits - 1))
        return unit

    def rounded(self, x: Array) -> Array:
        """The nearest numbers of the format, to even in the middle; infinities where it ends."""
        if self.bits == 53:
            return x
        unit = self.unit(x)
        with np.errstate(invalid="ignore"):
            y = np.rint(x / unit) * unit
        largest = np.ldexp(2.0 - 2.0 ** (1 - self.bits), self.most)
        return np.where(np.abs(y) > largest, np.copysign(np.inf, x), y)


FORMATS = {
    "float64": Format(53, -1022, 1023),
    "float32": Format(24, -126, 127),
    "bfloat16": Format(8, -126, 127),
    "float16": Format(11, -14, 15),
}
"""By the names of their types in numpy and the frameworks."""
