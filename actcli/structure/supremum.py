"""The supremum of |f| or |f'| over a window, and where it is, by branch and bound.

A box is bounded by its enclosure, by the sizes at its ends and the steepness between them, by the
peak on it, or by a germ where it goes on to infinity. The box with the largest bound is cut next,
until no bound is above what is proved to be taken or approached.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

from flint import arb, ctx

from actcli.expression.germ_ring import GermRing
from actcli.expression.intervals import INFINITY, ZERO
from actcli.expression.jets import JUMP, SWITCH, Jet, UndecidedError
from actcli.structure.between import UNBOUNDED, between_doubles
from actcli.structure.boxes import (
    EVERYWHERE,
    Window,
    germs_beside,
    germs_on,
    merged,
    nearest_and_farthest,
    split,
    taylor_on,
)
from actcli.structure.cuts import cut_at_switch
from actcli.structure.divergence import limit_of
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.heights import LEVEL, Heights, bound_of
from actcli.structure.peak import peak
from actcli.structure.search import BITS

_CLOSE = 2.0**-52
"""How much larger, relative to what is known, a box may be that is not looked into."""

_PROVED = 2.0**-47
"""How much larger, relative to it, the proved bound of a supremum may be."""

_BOXES = 4000

_BLURRED = 2
"""How many times the sizes at its ends a bound on a box may be for it to be fair."""

_NEAR = 1.5
"""How many times what is known a bound may be for more work on it to pay."""

_SHARPENED = (24, 240)
"""After how many boxes it is looked whether roundoff hides something."""

_FURTHER = 40
"""Boxes that are looked at for more places, once the supremum is known."""


class Supremum(NamedTuple):
    """A supremum that is taken or approached, and what is proved to be no less."""

    value: float
    bound: float
    """Infinite where no bound was proved."""
    places: tuple[float, ...] = ()
    """Where it is taken, or approached from one side, ascending; of a stretch its ends. Infinite
    where it is approached without end; none where it is 0."""
    undecided: tuple[Window, ...] = ()
    """Where it may be larger than `value`."""
    is_defined: bool = True
    """Whether the function has a value anywhere."""

    @property
    def is_proved(self) -> bool:
        """Whether value and bound are one number, but for its last bits."""
        return self.bound == self.value or self.bound <= self.value * (1 + _PROVED)


def supremum(
    function: ProvedFunction,
    order: int,
    window: Window = EVERYWHERE,
    seeds: Sequence[float] = (),
    seconds: float = 2.0,
) -> Supremum:
    """The supremum of the size of the n-th derivative; at a jump |f'| counts as infinite.

    `seeds` are doubles near which it may be large: kinks.
    """
    with ctx.workprec(BITS):
        return _Bounding(function, order, window, seconds).run(seeds)


class _Bound(NamedTuple):
    """A bound on a box, and whether all is noted that may be as large there."""

    size: Any
    is_final: bool

    def or_less(self, other: _Bound) -> _Bound:
        """The better of two bounds."""
        return _Bound(self.size.min(other.size), self.is_final or other.is_final)


_UNKNOWN = _Bound(INFINITY, False)


class _Bounding:
    def __init__(
        self, function: ProvedFunction, order: int, window: Window, seconds: float
    ) -> None:
        self._function, self._order, self._window = function, order, window
        self._deadline = time.process_time() + seconds
        self._heights = Heights(function, order, window)
        self._holes: set[float] = set()
        self._beside_switches: set[Window] = set()
        self._further = _FURTHER

    def run(self, seeds: Sequence[float]) -> Supremum:
        """Bound it."""
        low, high = self._window
        heap = [(-math.inf, low, high)]
        undecided: list[tuple[float, float, float]] = []
        self._heights.beside(low, 1)
        self._heights.beside(high, -1)
        for seed in seeds:
            self._heights.at(seed)
        for count in range(_BOXES):
            if count in _SHARPENED:
                self._heights.sharpen()
            if not heap or self._is_settled(-heap[0][0]) or time.process_time() > self._deadline:
                break
            bound, low, high = heappop(heap)
            if bound == -math.inf and self._is_beyond_all(low, high):
                continue
            cut = self._cut(low, high)
            if cut is None:
                size = between_doubles(self._heights, low, high, self._deadline)
                if not self._is_no_better(size):
                    undecided.append((-_upwards(size), low, high))
                continue
            self._heights.at(cut)
            if not self._function.at(cut).has_value:
                self._holes.add(cut)
            for part in ((low, cut), (cut, high)):
                size, is_final = self._bound(*part).or_less(_Bound(arb(-bound), False))
                is_done = is_final and (self._is_no_better(size) or self._heights.best == INFINITY)
                if not is_done and not self._is_lower(size):
                    heappush(heap, (-_upwards(size), *part))
        return self._found([*undecided, *heap])

    def _is_no_better(self, size: Any) -> bool:
        return bool(size <= self._heights.best * (1 + _CLOSE) and size < INFINITY)

    def _is_lower(self, size: Any) -> bool:
        """Whether a box is no better, nor another place where the size is the largest."""
        return bool(size < self._heights.best * (1 - LEVEL))

    def _is_settled(self, bound: float) -> bool:
        """Whether no box can be better than what is known, and few are as good."""
        if self._heights.best < INFINITY and not self._is_no_better(arb(bound)):
            return False
        self._further -= 1
        return self._is_lower(arb(bound)) or self._further < 0

    def _is_beyond_all(self, low: float, high: float) -> bool:
        """Whether a box without a bound has grown too large at an end to have one."""
        sizes = self._heights.beside(low, 1), self._heights.beside(high, -1)
        if not any(size is not None and size > UNBOUNDED for size in sizes):
            return False
        end = math.inf if high == LARGEST else -math.inf if low == -LARGEST else low
        self._heights.peak(end, INFINITY)
        return True

    def _cut(self, low: float, high: float) -> float | None:
        """Where to cut a box: now and then where a branch changes."""
        if (low, high) not in self._beside_switches:
            cut = cut_at_switch(self._function, low, high)
            if cut is not None:
                self._beside_switches |= {(low, cut), (cut, high)}
                return cut
        return split(low, high)

    def _found(self, boxes: list[tuple[float, float, float]]) -> Supremum:
        best = self._heights.best
        value = float(best.mid()) if best.is_finite() else math.inf
        left = [box for box in boxes if best < INFINITY and not -box[0] <= value * (1 + _PROVED)]
        bound = max([value, *(-minus for minus, _, _ in left)])
        undecided = merged([(low, high) for _, low, high in left])
        is_defined = bool(left) or not self._heights.is_empty
        return Supremum(value, bound, self._heights.places(), tuple(undecided), is_defined)

    # -- a bound on a box; infinite where there is none

    def _bound(self, low: float, high: float) -> _Bound:
        hill = self._heights.under_hill(low, high)
        if hill is not None:
            return _Bound(hill, True)
        jet = self._function.on(_outwards(low), _outwards(high))
        if jet.is_nowhere_defined:
            return _Bound(ZERO, True)
        found = self._by_enclosure(jet, low, high) if jet.has_value else _UNKNOWN
        is_tail = max(abs(low), abs(high)) == LARGEST
        if self._is_lower(found.size) or (found.is_final and self._is_no_better(found.size)):
            return found
        is_near = bool(found.size < self._heights.best * _NEAR)
        if is_near or is_tail or jet.marks or self._is_blurred(found.size, low, high):
            return found.or_less(self._by_germ(low, high))
        return found

    def _is_blurred(self, bound: Any, low: float, high: float) -> bool:
        """Whether a bound is so much above both ends that something cancels in between."""
        ends = self._heights.beside(low, 1), self._heights.beside(high, -1)
        return None not in ends and bool(bound > _BLURRED * ends[0].max(ends[1]))

    def _by_enclosure(self, jet: Jet, low: float, high: float) -> _Bound:
        q, rate = jet.order(self._order), jet.order(self._order + 1)
        if self._order and jet.marks & JUMP:
            return _UNKNOWN
        if not jet.marks and rate is None:
            level = self._heights.flat(low, high)
            if level is not None:
                return _Bound(level, True)
        bound = _Bound(bound_of(q), False)
        is_continuous = not jet.marks or (not self._order and jet.marks == SWITCH)
        if self._is_lower(bound.size) or not is_continuous:
            return bound
        bound = bound.or_less(self._by_ends(jet, low, high))
        if self._is_lower(bound.size) or bound.is_final or jet.marks:
            return bound
        top = peak(self._heights, low, high, jet)
        return bound if top is None else bound.or_less(_Bound(top, True))

    def _by_ends(self, jet: Jet, low: float, high: float) -> _Bound:
        """By the sizes at both ends, and how fast it can change and bend between them."""
        ends = self._heights.beside(low, 1), self._heights.beside(high, -1)
        if None in ends:
            return _UNKNOWN
        largest = ends[0].max(ends[1])
        rate, width = jet.order(self._order + 1), arb(high) - arb(low)
        if rate is None or rate.low >= 0 or rate.high <= 0:
            return _Bound(largest, True)
        bound = (ends[0] + ends[1]) / 2 + bound_of(rate) * width / 2
        if not self._order and not jet.marks:
            bound = bound.min(largest + bound_of(jet.curvature) * width**2 / 8)
        return _Bound(bound, False)

    def _by_germ(self, low: float, high: float) -> _Bound:
        ring = self._ring(low, high)
        if ring is None:
            return _UNKNOWN
        try:
            jet = self._function.expansion(ring)
            if jet.is_nowhere_defined:
                return _Bound(ZERO, True)
            if not jet.has_value or (self._order and jet.marks & JUMP):
                return _UNKNOWN
            q = jet.order(self._order)
            if q is None:
                return _Bound(ZERO, True)
            limit = limit_of(jet, self._order)
            is_tail = max(abs(low), abs(high)) == LARGEST
            if is_tail:
                self._heights.tends(1 if high > 0 else -1, limit)
            return _Bound(bound_of(q.ring.range(q)), is_tail and limit.is_point)
        except UndecidedError:
            return _UNKNOWN

    def _ring(self, low: float, high: float) -> GermRing | None:
        """Germs that fit a box: of a tail, beside a hole, about the middle."""
        near, far = nearest_and_farthest(low, high)
        if (near >= 4 and far - near > 0.2 * near) or (far <= 0.5 and near == 0):
            return germs_on(low, high)
        for hole, end in ((low, high), (high, low)):
            if hole in self._holes and abs(end - hole) <= abs(hole) / 4:
                return germs_beside(hole, end)
        if near and 0.02 * near < far - near < 0.25 * near:
            return taylor_on(low, high)
        return None


def _outwards(end: float) -> float:
    """The end of a box, infinite where it stands for that."""
    return math.copysign(math.inf, end) if abs(end) == LARGEST else end


def _upwards(bound: Any) -> float:
    """The least double that is no smaller, or the next one."""
    if not bound < arb(LARGEST):
        return math.inf
    near = float(bound.upper())
    return near if arb(near) >= bound else math.nextafter(near, math.inf)
