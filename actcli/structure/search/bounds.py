"""Upper bounds on |f| or |f'| on boxes: by enclosures, by both ends, by a peak, by a germ."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from flint import arb

from actcli.formula.germs.germ import Germ
from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import INFINITY, ZERO
from actcli.formula.jets.jets import JUMP, SWITCH, Jet, UndecidedError
from actcli.structure.boxes import germs_beside, germs_on, nearest_and_farthest, outwards, taylor_on
from actcli.structure.divergence import limit_of
from actcli.structure.function import LARGEST
from actcli.structure.search.heights import Heights, bound_of
from actcli.structure.search.peak import peak

_BLURRED = 2
"""How many times the sizes at its ends a bound on a box may be for it to be fair."""

_NEAR = 1.5
"""How many times what is known a bound may be for more work on it to pay."""


class Bound(NamedTuple):
    """A bound on a box, and whether all is noted that may be as large there."""

    size: arb
    is_final: bool

    def or_less(self, other: Bound) -> Bound:
        """The better of two bounds: the least that either may be at most."""
        size = self.size.upper().min(other.size.upper())
        return Bound(size, self.is_final or other.is_final)


_UNKNOWN = Bound(INFINITY, False)


class SizeBounds:
    """SizeBounds on the n-th derivative; what is seen on the way is noted in the heights."""

    def __init__(self, heights: Heights) -> None:
        self._heights, self._function, self._order = heights, heights.function, heights.order
        self.holes: set[float] = set()
        """Doubles at which there is no value."""

    def on(self, low: float, high: float) -> Bound:
        """The bound on a box; infinite where there is none."""
        hill = self._heights.under_hill(low, high)
        if hill is not None:
            return Bound(hill, True)
        jet = self._function.on(outwards(low), outwards(high))
        if jet.is_nowhere_defined:
            return Bound(ZERO, True)
        found = self._by_enclosure(jet, low, high) if jet.has_value else _UNKNOWN
        is_tail = max(abs(low), abs(high)) == LARGEST
        if self._heights.is_lower(found.size) or (
            found.is_final and self._heights.is_no_better(found.size)
        ):
            return found
        is_near = bool(found.size < self._heights.best * _NEAR)
        if is_near or is_tail or jet.marks or self._is_blurred(found.size, low, high):
            return found.or_less(self._by_germ(low, high))
        return found

    def is_nowhere_defined(self, low: float, high: float) -> bool:
        """Whether it is proved that there is no value on a box."""
        try:
            if self._function.on(outwards(low), outwards(high)).is_nowhere_defined:
                return True
            ring = self._ring(low, high)
            return ring is not None and self._function.expansion(ring, 0).is_nowhere_defined
        except UndecidedError:
            return False

    def _is_blurred(self, bound: arb, low: float, high: float) -> bool:
        """Whether a bound is so much above both ends that something cancels, there or between."""
        left, right = self._heights.beside(low, 1), self._heights.beside(high, -1)
        if left is None or right is None:
            return False
        return not bound <= _BLURRED * left.max(right).lower()

    def _by_enclosure(self, jet: Jet, low: float, high: float) -> Bound:
        q, rate = jet.order(self._order), jet.order(self._order + 1)
        if self._order and jet.marks & JUMP:
            return _UNKNOWN
        if not jet.marks and rate is None:
            level = self._heights.flat(low, high)
            if level is not None:
                return Bound(level, True)
        bound = Bound(bound_of(q), False)
        is_continuous = not jet.marks or (not self._order and jet.marks == SWITCH)
        if self._heights.is_lower(bound.size) or not is_continuous:
            return bound
        bound = bound.or_less(self._by_ends(jet, low, high))
        if self._heights.is_lower(bound.size) or bound.is_final or jet.marks:
            return bound
        top = peak(self._heights, low, high, jet)
        return bound if top is None else bound.or_less(Bound(top, True))

    def _by_ends(self, jet: Jet, low: float, high: float) -> Bound:
        """By the sizes at both ends, and how fast it can change and bend between them."""
        left, right = self._heights.beside(low, 1), self._heights.beside(high, -1)
        if left is None or right is None:
            return _UNKNOWN
        largest = left.max(right)
        rate, width = jet.order(self._order + 1), arb(high) - arb(low)
        if rate is None or rate.low >= 0 or rate.high <= 0:
            return Bound(largest, True)
        bound = (left + right) / 2 + bound_of(rate) * width / 2
        if not self._order and not jet.marks:
            bound = bound.min(largest + bound_of(jet.curvature) * width**2 / 8)
        return Bound(bound, False)

    def _by_germ(self, low: float, high: float) -> Bound:
        ring = self._ring(low, high)
        if ring is None:
            return _UNKNOWN
        try:
            is_tail = max(abs(low), abs(high)) == LARGEST
            jet = self._function.germ(ring, self._order)
            if jet.is_nowhere_defined:
                return Bound(ZERO, True)
            if not jet.has_value or (self._order and jet.marks & JUMP):
                return _UNKNOWN
            q = jet.order(self._order)
            if q is None:
                return Bound(ZERO, True)
            size = bound_of(q.ring.range(q))
            if not is_tail:
                return Bound(size, self._heights.is_no_better(size) and self._stays_below(q))
            limit = limit_of(partial(self._function.germ, ring), self._order)
            self._heights.tends(1 if high > 0 else -1, limit)
            return Bound(size, limit.is_point)
        except UndecidedError:
            return _UNKNOWN

    def _stays_below(self, q: Germ) -> bool:
        """Whether the size comes near to the largest, as to an asymptote, but not up to it."""
        best = q.ring.const(self._heights.best)
        return bool((q - best).sign() < 0 and (q + best).sign() > 0)

    def _ring(self, low: float, high: float) -> GermRing | None:
        """Germs that fit a box: of a tail, beside a hole, about the middle."""
        near, far = nearest_and_farthest(low, high)
        if (near >= 4 and far - near > 0.2 * near) or (far <= 0.5 and near == 0):
            return germs_on(low, high)
        for hole, end in ((low, high), (high, low)):
            if hole in self.holes and abs(end - hole) <= abs(hole) / 4:
                return germs_beside(hole, end)
        if near and 0.02 * near < far - near < 0.25 * near:
            return taylor_on(low, high)
        return None
