"""Points that were measured, and the format that they were computed in."""

from __future__ import annotations

from typing import NamedTuple

from actcli.numeric.arrays import Array
from actcli.numeric.narrow import FORMATS


class Points(NamedTuple):
    """What was measured: columns of one length."""

    source: str
    """The file that they come from."""
    dtype: str
    """A key of `FORMATS`."""
    x: Array
    y: Array
    dy: Array | None = None
    """Measured derivatives, if there are any."""

    def within(self, low: float, high: float) -> Points:
        """Those with low <= x <= high."""
        kept = (self.x >= low) & (self.x <= high)
        dy = None if self.dy is None else self.dy[kept]
        return self._replace(x=self.x[kept], y=self.y[kept], dy=dy)

    def rounded(self, dtype: str) -> Points:
        """The same as numbers of a format, which is what a decimal text of them stands for."""
        to = FORMATS[dtype].rounded
        dy = None if self.dy is None else to(self.dy)
        return self._replace(dtype=dtype, x=to(self.x), y=to(self.y), dy=dy)
