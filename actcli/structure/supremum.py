"""The supremum of |f| or |f'| over a window, by branch and bound."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

from flint import arb, ctx

from actcli.expression.germ import Germ
from actcli.expression.germ_ring import GermRing
from actcli.expression.intervals import INFINITY, ZERO, Interval
from actcli.expression.jets import JUMP, UndecidedError
from actcli.structure.boxes import (
    EVERYWHERE,
    Window,
    germs_on,
    nearest_and_farthest,
    split,
    taylor_on,
)
from actcli.structure.crossing import crossing
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.search import BITS

_CLOSE = 2.0**-48
"""How much larger, relative to it, the proved bound of a supremum may be."""

_NEARLY = 1.5
"""A bound that is no more than so many times what is known may hide the top of a hill only."""

_TAIL = 4.0
"""Where a tail begins that is looked at in one."""

_BOXES = 4000


class Supremum(NamedTuple):
    """A supremum that is taken or approached, and what is proved to be no less."""

    value: float
    bound: float
    """Infinite where no bound was proved."""

    @property
    def is_proved(self) -> bool:
        """Whether value and bound are one number, but for its last bits."""
        return self.bound == self.value or self.bound <= self.value * (1 + 2 * _CLOSE)


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
    before, ctx.prec = ctx.prec, BITS
    try:
        return _Bounding(function, order, window, seconds).run(seeds)
    finally:
        ctx.prec = before


class _Bounding:
    def __init__(
        self, function: ProvedFunction, order: int, window: Window, seconds: float
    ) -> None:
        self._function, self._order, self._window = function, order, window
        self._deadline = time.process_time() + seconds
        self._best: Any = ZERO
        self._where = 0.0
        self._tops: list[float] = []
        self._seen: dict[tuple[float, int], Any] = {}

    def run(self, seeds: Sequence[float]) -> Supremum:
        """Bound it."""
        for seed in seeds:
            for side in (-1, 1):
                self._size_beside(seed, side)
        for x, side in zip(self._window, (1, -1), strict=True):
            self._size_beside(x, side)
        low, high = self._cut_tails()
        heap = [(-math.inf, low, high)]
        stuck = 0.0
        for _ in range(_BOXES):
            if not heap or time.process_time() > self._deadline:
                break
            bound, low, high = heappop(heap)
            if self._is_no_better(arb(-bound)):
                continue
            cut = split(low, high)
            if cut is None:
                stuck = max(stuck, self._between_doubles(low, high))
                if stuck == math.inf:
                    break
                continue
            for part in ((low, cut), (cut, high)):
                bound = self._bound(*part)
                if bound:
                    heappush(heap, (-bound, *part))
        self._polish()
        value = float(self._best.mid()) if self._best.is_finite() else math.inf
        bound = max([value, stuck, *(-bound for bound, _, _ in heap)])
        return Supremum(math.inf if stuck == math.inf else value, bound)

    def _polish(self) -> None:
        """Go from the best double to the top of the hill that it is on."""
        x, reach = self._where, 2.0**-16
        low, high = (
            max(x - reach * abs(x), self._window[0]),
            min(x + reach * abs(x), self._window[1]),
        )
        if low < x < high:
            self._top(low, high)

    def _is_no_better(self, size: Any) -> bool:
        return bool(size <= self._best * (1 + _CLOSE))

    def _size_beside(self, x: float, side: int) -> Any:
        """The size beside a double, None where it is not known."""
        if (x, side) not in self._seen:
            self._seen[x, side] = self._find_size_beside(x, side)
        return self._seen[x, side]

    def _find_size_beside(self, x: float, side: int) -> Any:
        jet = self._function.at(x, side)
        q = jet.order(self._order)
        if jet.marks or (q is not None and not q.is_finite()):
            if abs(x) == LARGEST:
                return None
            limits = self._function.limits(x, side)
            if limits is None or not limits[self._order].is_point:
                return None
            q = limits[self._order]
        size = abs(ZERO if q is None else q.ball)
        if size.is_nan():
            return None
        if size == INFINITY or size.lower() > self._best:
            self._best, self._where = (size if size == INFINITY else size.lower()), x
        return size

    def _between_doubles(self, low: float, high: float) -> float:
        """What is known of |f'| between adjacent doubles: infinite at a jump."""
        function = self._function
        sides = []
        for x, side in ((low, 1), (high, -1)):
            function.at(x, side)
            sides.append(function.on(low, high, forced=function.choices))
        if not all(jet.has_value for jet in sides):
            return 0.0
        if self._order and sides[0].value.apart(sides[1].value):
            return math.inf
        sizes = [ZERO if q is None else q.magnitude for q in (j.order(self._order) for j in sides)]
        return float(sizes[0].max(sizes[1]).upper())

    def _bound(self, low: float, high: float) -> float:
        """An upper bound on the box; 0 where it is no better than what is known."""
        jet = self._function.on(low, high)
        bound: Any = INFINITY
        if jet.has_value:
            q = jet.order(self._order)
            if not (self._order and jet.marks & JUMP):
                bound = ZERO if q is None else q.magnitude
            if bound <= self._best:
                return 0.0
            if not jet.marks:
                bound = bound.min(self._by_ends(jet.order(self._order + 1), low, high))
                if self._is_no_better(bound):
                    return 0.0
                if bound < self._best * _NEARLY and self._is_hill(low, high):
                    return 0.0
        elif not jet.marks & ~8:
            return 0.0
        if self._is_no_better(bound):
            return 0.0
        is_wild = not bound.is_finite() or max(abs(low), abs(high)) == LARGEST or jet.marks
        if is_wild or bound < self._best * _NEARLY:
            bound = bound.min(self._by_germ(low, high))
        if self._is_no_better(bound):
            return 0.0
        return float(bound.upper()) * (1 + 2**-52) if bound < arb(LARGEST) else math.inf

    def _by_ends(self, rate: Interval | None, low: float, high: float) -> Any:
        """By the sizes at both ends, and how fast it can change between them."""
        if max(abs(low), abs(high)) == LARGEST:
            return INFINITY
        ends = self._size_beside(low, 1), self._size_beside(high, -1)
        if None in ends:
            return INFINITY
        if rate is None or rate.low >= 0 or rate.high <= 0:
            return ends[0].max(ends[1])
        return (ends[0] + ends[1]) / 2 + rate.magnitude * (arb(high) - arb(low)) / 2

    def _is_hill(self, low: float, high: float) -> bool:
        """Whether the box lies on a hill whose top is known, by Taylor's formula about the top."""
        if high - low > max(abs(low), abs(high), 1.0) / 8:
            return False
        top = next((x for x in self._tops if low <= x <= high), None)
        top = self._top(low, high) if top is None else top
        if top is None or max(abs(low), abs(high)) == LARGEST:
            return False
        try:
            ring = GermRing(max(top - low, high - top), centre=top, two_sided=True)
            jet = self._function.germ(ring)
            q = jet.order(self._order)
            return not (jet.marks or q is None) and self._is_no_better(height(q.folded()))
        except UndecidedError:
            return False

    def _top(self, low: float, high: float) -> float | None:
        """Where the derivative turns in a box, if its rate has opposite signs at the ends."""
        if self._order > 1:
            return None
        function, order = self._function, self._order + 1
        bends = [function.at(x, side).order(order) for x, side in ((low, 1), (high, -1))]
        if None in bends or bends[0].sign() * bends[1].sign() > 0:
            return None
        top: float | None
        if not bends[0].sign() or not bends[1].sign():
            top = low if not bends[0].sign() else high
        else:
            rising = bends[1].sign() > 0
            top = crossing(function, order, ZERO, (low, high), self._deadline, rising=rising)
        if top is not None:
            self._tops.append(top)
            self._size_beside(top, 1)
        return top

    def _by_germ(self, low: float, high: float) -> Any:
        near, far = nearest_and_farthest(low, high)
        if (near >= 4 and far - near > 0.2 * near) or (far <= 0.5 and near == 0):
            ring = germs_on(low, high)
        elif near and 0.02 * near < far - near < 0.25 * near:
            ring = taylor_on(low, high)
        else:
            return INFINITY
        try:
            jet = self._function.germ(ring)
            if not jet.has_value or (self._order and jet.marks & JUMP):
                return INFINITY
            q = jet.order(self._order)
            if q is None:
                return ZERO
            if far == LARGEST and self._tends_to_its_largest(q):
                return ZERO
            return q.ring.range(q).magnitude
        except UndecidedError:
            return INFINITY

    def _tends_to_its_largest(self, q: Germ) -> bool:
        """What is tended to at infinity counts too: whether nothing on the way is larger."""
        limit = q.ring.limit(q)
        if not limit.is_point:
            return False
        size = abs(limit.low)
        if size.lower() > self._best:
            self._best = size.lower() if size.is_finite() else size
        way = limit.sign()
        if not way or not size.is_finite() or q.ring.range(q).sign() != way:
            return False
        gap = q.scale(arb(way)) - q.ring.const(size)
        return bool(gap.is_zero() or gap.sign() < 0)

    def _cut_tails(self) -> Window:
        """The window without the tails on which nothing is larger than what they tend to."""
        low, high = self._window
        if low == -LARGEST and self._bound(low, -_TAIL) == 0:
            low = -_TAIL
        if high == LARGEST and self._bound(_TAIL, high) == 0:
            high = _TAIL
        return low, high


def height(q: Germ) -> Any:
    """The largest size of a two-sided Taylor expansion, if it bends down from its middle on.

    |c0 + c1 t + c2 t**2 + ...| <= |c0| + |c1| |t| - k t**2 <= |c0| + c1**2/(4 k).

    Raises:
        UndecidedError: it does not bend down throughout.
    """
    if q.U is not None or q.p != 0 or len(q.c) < 3:
        raise UndecidedError
    t = q.ring.T
    c0, c1, c2, *higher = q.c
    way = int(c0 > 0) - int(c0 < 0)
    rest = abs(q.R.magnitude) * t ** (len(q.c) - 2)
    bend = -c2 * way - rest - sum((abs(c) * t**n for n, c in enumerate(higher, 1)), ZERO)
    if not (way and bend > 0):
        raise UndecidedError
    return (abs(c0) + c1**2 / (4 * bend)).upper()
