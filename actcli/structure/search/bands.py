"""The bands that levels cut the line into: the lowest is 0, the next 1, and so on."""

from __future__ import annotations

from flint import arb

from actcli.formula.germs.germ import Germ
from actcli.formula.jets.intervals import ONE, Interval

_CLOSE_TO_LEVEL = arb(2) ** -300
"""A slope at the end of a box that is no further from a level, relative to it, is on it."""


class Bands:
    """What lies between ascending levels; the outermost bands include theirs, but for one of 0."""

    def __init__(self, levels: tuple[float, ...]) -> None:
        self.levels = [arb(level) for level in levels]

    @property
    def outermost(self) -> tuple[int, int]:
        """The lowest and the highest band."""
        return 0, len(self.levels)

    def of(self, q: Interval, *, closed: bool = False) -> int | None:
        """The number of levels below q; None where q may touch or straddle one.

        Closed, an outermost band includes its level.
        """
        band = 0
        for level in self.levels:
            if q.low > level or (closed and level > 0 and q.low >= level):
                band += 1
            elif not (q.high < level or (closed and level < 0 and q.high <= level)):
                return None
        return band

    def of_germ(self, q: Germ) -> int | None:
        """The band by the signs of q - level: also where q tends to a level."""
        band = 0
        for level in self.levels:
            sign = (q - q.ring.const(level)).sign()
            if not sign:
                return None
            band += sign > 0
        return band

    def beside_zero(self, q: Interval) -> int | None:
        """The band where a single level of 0 is at most touched; q is analytic."""
        if len(self.levels) != 1 or not self.levels[0].is_zero() or q.is_zero():
            return None
        return 1 if q.low >= 0 else 0 if q.high <= 0 else None

    def level_at(self, q: Interval) -> int | None:
        """Which level a slope at a point is on, as far as can be told."""
        near = (n for n, level in enumerate(self.levels) if _is_near(q, level))
        return next(near, None)


def _is_near(q: Interval, level: arb) -> bool:
    size = ONE if level.is_zero() else abs(level)
    return bool(q.is_finite() and abs(q.ball - level) < _CLOSE_TO_LEVEL * size)
