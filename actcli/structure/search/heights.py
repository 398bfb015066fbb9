"""How large |f| or |f'| was seen to be, and where: what a supremum is made of."""

from __future__ import annotations

import math

from flint import arb, ctx

from actcli.formula.jets.intervals import INFINITY, ZERO, Interval
from actcli.structure.boxes import Window, merged, split
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.points.continuity import jumps
from actcli.structure.search.cuts import cut_at_switch

_SURE = 50
"""Bits of a size that have to be known."""

_MOST_BITS = 5000

CLOSE = 2.0**-52
"""How much larger, relative to what is known, a box may be that is not looked into."""

LEVEL = 2.0**-44
"""How much lower, relative to it, a place may be than the highest and still be as high."""

_TRIES = 150
"""How many boxes are looked at for the end of a flat stretch."""

_ONE_PLACE = 1e-9
"""How far apart, relative to them, places are two."""


class Heights:
    """The sizes of the n-th derivative of f beside doubles, on flat stretches and at infinity."""

    def __init__(self, function: ProvedFunction, order: int, window: Window) -> None:
        self.function, self.order, self._window = function, order, window
        self.best: arb = ZERO
        """What is proved to be taken or approached."""
        self._highest = 0.0
        self._seen: dict[tuple[float, int], arb | None] = {}
        self._peaks: dict[float, arb] = {}
        self._flats: list[Window] = []
        self.hills: list[tuple[float, float, arb]] = []
        """Tops, how far to both sides a bound holds, and the bound."""

    @property
    def is_empty(self) -> bool:
        """Whether no value was seen anywhere."""
        return all(size is None for size in self._seen.values()) and not self._peaks

    # -- what is seen

    def beside(self, x: float, side: int) -> arb | None:
        """The size just beside a double; None where it is not known, as at infinity."""
        if abs(x) == LARGEST:
            return None
        if (x, side) not in self._seen:
            self._see(x, side, self._size(x, side))
        return self._seen[x, side]

    def sharpen(self) -> None:
        """Find the sizes that roundoff hides, and may be the largest, by as many bits as it takes.

        So many bits stay on where that was so.
        """
        for (x, side), vague in [*self._seen.items()]:
            before, size = ctx.prec, vague
            while self._is_vague(size) and ctx.prec < _MOST_BITS:
                ctx.prec *= 2
                size = self._size(x, side)
            known = self.best
            self._see(x, side, size)
            if self.best == known:
                ctx.prec = before
            if self._is_vague(size):
                return

    def _see(self, x: float, side: int, size: arb | None) -> None:
        self._seen[x, side] = size
        self._raise(size, x)

    def at(self, x: float) -> None:
        """Look at a double and at both sides of it: a value of its own, a kink, a jump."""
        here = self.function.at(x)
        if not here.marks:
            self.beside(x, 1)
            return
        self.beside(x, -1), self.beside(x, 1)
        if self.order:
            if jumps(self.function, x):
                self.peak(x, INFINITY)
        elif here.has_value:
            self.peak(x, size_of(here.value))

    def peak(self, x: float, size: arb) -> None:
        """Note a place where the size is taken, or approached, and not exceeded nearby."""
        if not size.is_nan() and not (x in self._peaks and size <= self._peaks[x]):
            self._peaks[x] = size
            self._raise(size, x)

    def flat(self, low: float, high: float) -> arb | None:
        """Note a stretch on which the size is constant, which is returned if it is known."""
        self._flats.append((low, high))
        return self._level(low, high)

    def _level(self, low: float, high: float) -> arb | None:
        size = self.beside(low, 1)
        return self.beside(high, -1) if size is None else size

    def tends(self, side: int, limit: Interval) -> None:
        """Note what is tended to at an end."""
        if limit.is_point:
            self.peak(side * math.inf, size_of(limit))

    def is_no_better(self, size: arb) -> bool:
        """Whether a bound is hardly above what is known."""
        return bool(size <= self.best * (1 + CLOSE) and size < INFINITY)

    def is_lower(self, size: arb) -> bool:
        """Whether a bound leaves no room for another place where the size is the largest."""
        return bool(size < self.best * (1 - LEVEL))

    def under_hill(self, low: float, high: float) -> arb | None:
        """The bound on a box that lies wholly on a known hill; else None."""
        for top, reach, bound in self.hills:
            if arb(top) - arb(low) <= reach and arb(high) - arb(top) <= reach:
                return bound
        return None

    def _raise(self, size: arb | None, x: float) -> None:
        if size is None:
            return
        proved = size if size == INFINITY else size.lower()
        if proved > self.best:
            self.best, self._highest = proved, x

    def _is_vague(self, size: arb | None) -> bool:
        return size is not None and size.rel_accuracy_bits() < _SURE and not size <= self.best

    def _size(self, x: float, side: int) -> arb | None:
        q = self.function.limit(x, side, self.order)
        if q is None or not q.is_point:
            return None
        size = size_of(q)
        return None if size.is_nan() else size

    # -- where it is largest

    def places(self) -> tuple[float, ...]:
        """Where the best is taken or approached: of a flat stretch its ends, else infinity."""
        if self.best.is_zero():
            return self.highest
        tops = merged(flat for flat in self._flats if self._is_top(self._level(*flat)))
        flats = merged((self._end(low, -1), self._end(high, 1)) for low, high in tops)
        found = {x for x, size in self._peaks.items() if self._is_top(size)}
        for x, side in self._seen:
            inside = any(low <= x <= high for low, high in flats)
            if not inside and self._is_top(self._seen[x, side]) and self._is_local(x):
                found.add(x)
        for flat in flats:
            ends = [end for end in flat if abs(end) < LARGEST]
            found.update(ends or [0.0])
        finite = {x for x in found if math.isfinite(x)}
        return tuple(self._apart(sorted(finite or found or self.highest)))

    @property
    def highest(self) -> tuple[float, ...]:
        """Where the largest size was seen first, if it is not 0."""
        return () if self.best.is_zero() else (self._highest,)

    def _is_top(self, size: arb | None) -> bool:
        if size is None:
            return False
        return size == self.best or bool(size.lower() >= self.best * (1 - LEVEL))

    def _end(self, start: float, way: int) -> float:
        """How far a flat stretch goes on from a double."""
        ends = [self._window[way > 0]]
        for tries in range(_TRIES):
            if not ends or start == ends[-1] or not self._is_top(self.beside(start, way)):
                break
            box = min(start, ends[-1]), max(start, ends[-1])
            jet = self.function.on(*box)
            if not jet.marks and jet.order(self.order + 1) is None:
                start = ends.pop()
                continue
            cut = (None if tries % 2 else cut_at_switch(self.function, *box)) or split(*box)
            if cut is None:
                break
            ends.append(cut)
        return start

    def _is_local(self, x: float) -> bool:
        """Whether the size does not grow, in the window, away from where it was seen."""
        ways = zip((-1, 1), self._window, strict=True)
        return not any(x != end and self._grows(x, way) for way, end in ways)

    def _grows(self, x: float, way: int) -> bool:
        jet = self.function.at(x, way)
        if jet.marks or jet.order(self.order + 1) is None:
            return False
        q = jet.order(self.order)
        return bool(q is not None and q.sign() * jet.order(self.order + 1).sign() == way)

    def _apart(self, places: list[float]) -> list[float]:
        apart: list[float] = []
        for place in places:
            near = _ONE_PLACE * max(abs(place), 1.0)
            if not apart or math.isinf(place) or place - apart[-1] > near:
                apart.append(place + 0.0)
        return apart


def size_of(q: Interval | None) -> arb:
    """The absolute value of a derivative at a point, as a ball."""
    return ZERO if q is None else abs(q.ball)


def bound_of(q: Interval | None) -> arb:
    """The largest absolute value of a derivative on a box; infinite where it has no bound."""
    if q is None:
        return ZERO
    bound = q.magnitude
    return INFINITY if bound.is_nan() else bound
