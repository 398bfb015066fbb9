"""The supremum of |f| or |f'| over a window, by branch and bound."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

from flint import arb, ctx

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
        self._seen: dict[tuple[float, int], Any] = {}

    def run(self, seeds: Sequence[float]) -> Supremum:
        """Bound it."""
        for seed in seeds:
            for side in (-1, 1):
                self._size_beside(seed, side)
        low, high = self._window
        self._size_beside(low, 1)
        self._size_beside(high, -1)
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
        if low < x < high and self._order < 2:
            bends = [self._function.at(end).order(self._order + 1) for end in (low, high)]
            if None not in bends and bends[0].sign() * bends[1].sign() < 0:
                top = crossing(
                    self._function,
                    self._order + 1,
                    ZERO,
                    (low, high),
                    self._deadline,
                    rising=bends[1].sign() > 0,
                )
                if top is not None:
                    self._size_beside(top, 1)

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
        elif not jet.marks & ~8:
            return 0.0
        if self._is_no_better(bound):
            return 0.0
        if not bound.is_finite() or max(abs(low), abs(high)) == LARGEST or jet.marks:
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
            if far == LARGEST:
                self._approach(q.ring.limit(q))
            return q.ring.range(q).magnitude
        except UndecidedError:
            return INFINITY

    def _approach(self, limit: Interval) -> None:
        """What is tended to at infinity counts too."""
        if limit.is_point and abs(limit.low).lower() > self._best:
            self._best = abs(limit.low) if not limit.is_finite() else abs(limit.low).lower()
