"""A function next to one of its roots, without the cancellation that its formula suffers there."""

from __future__ import annotations

from typing import NamedTuple, Self

from actcli.numeric.arrays import Array
from actcli.numeric.piecewise import Places, overwrite
from actcli.numeric.polynomial import horner


class Root(NamedTuple):
    """A root to twice the digits of a double, and the function's power series about it."""

    hi: float
    lo: float
    reach: float
    """How far from the root the series is good to a double's last digit."""
    series: tuple[float, ...]
    """g(root + d)/d in powers of d, highest degree first."""

    def within(self, reach: float) -> Self:
        """The same root with a smaller reach, and no more terms than that takes."""
        sizes = [abs(c) * reach**n for n, c in enumerate(reversed(self.series))]
        last = max(n for n, size in enumerate(sizes) if size > 2.0**-57 * sizes[0])
        return self._replace(reach=reach, series=self.series[-last - 1 :])

    def overwrite_near(self, y: Array, x: Array, rest: Array | None = None) -> None:
        """Put the series into y where x, or x + rest with a tiny rest, is within reach."""
        near = x > self.hi - self.reach
        near &= x < self.hi + self.reach
        overwrite(y, near, lambda near: self._at(x, rest, near))

    def _at(self, x: Array, rest: Array | None, near: Places) -> Array:
        # The first difference is exact, because the reach is less than half of the root.
        tail = -self.lo if rest is None else rest[near] - self.lo
        d = (x[near] - self.hi) + tail
        y = horner(self.series, d)
        y *= d
        return y
