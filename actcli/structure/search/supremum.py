"""The supremum of |f| or |f'| over a window, and where it is, by branch and bound.

A box is bounded by its enclosure, by the sizes at its ends and the steepness between them, by the
peak on it, or by a germ where it goes on to infinity. The box with the largest bound is cut next,
until no bound is above what is proved to be taken or approached.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from heapq import heappop, heappush
from typing import NamedTuple

from flint import arb, ctx

from actcli.formula.jets.intervals import INFINITY
from actcli.formula.jets.jets import OutOfTimeError
from actcli.structure.boxes import EVERYWHERE, Window, merged, outwards, split
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.search.bounds import Bound, SizeBounds
from actcli.structure.search.cuts import cut_at_switch
from actcli.structure.search.gaps import between_doubles
from actcli.structure.search.heights import CLOSE, LEVEL, Heights
from actcli.structure.search.search import BITS

_PROVED = 2.0**-47
"""How much larger, relative to it, the proved bound of a supremum may be."""

_BOXES = 4000

_SHARPENED = (24, 240)
"""After how many boxes it is looked whether roundoff hides something."""

_SECONDS = 1.0
"""Of CPU, that the gap between two doubles may take."""

FURTHER = 40
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
    """Whether the function may have a value anywhere."""
    boxes: Sequence[tuple[float, float, float]] = ()
    """The boxes (low, high, bound) that prove the bound, where there is one."""

    @property
    def is_proved(self) -> bool:
        """Whether value and bound are one number, but for its last bits."""
        return is_tight(self.value, self.bound)

    @property
    def proved(self) -> float:
        """The value; NaN where it is not proved."""
        return self.value if self.is_proved else math.nan


def goes_on(found: Supremum, window: Window) -> bool:
    """Whether it is taken at finite places and may be so, or as good as so, beyond a window too."""
    if not (found.places and all(map(math.isfinite, (found.value, *found.places)))):
        return False
    level, (low, high) = found.value * (1 - LEVEL), window
    return any(box[2] >= level and (box[0] < low or box[1] > high) for box in found.boxes)


def is_tight(value: float, bound: float) -> bool:
    """Whether a value and a bound that it has are one number, but for its last bits."""
    return bound == value or bound <= value * (1 + _PROVED)


def supremum(
    function: ProvedFunction,
    order: int,
    window: Window = EVERYWHERE,
    seeds: Sequence[float] = (),
    *,
    further: int = FURTHER,
) -> Supremum:
    """The supremum of the size of the n-th derivative; at a jump |f'| counts as infinite.

    `seeds` are doubles near which it may be large: kinks. So many boxes are looked at `further` for
    more places where it is taken, once it is known.
    """
    with ctx.workprec(BITS):
        return _Bounding(function, order, window, further).run(seeds)


class _Box(NamedTuple):
    """A box; in their order that with the largest bound comes first, then the widest."""

    minus_bound: float
    minus_width: float
    low: float
    high: float

    @property
    def bound(self) -> float:
        """What the size does not exceed there."""
        return -self.minus_bound


class _Bounding:
    def __init__(self, function: ProvedFunction, order: int, window: Window, further: int) -> None:
        self._function, self._order, self._window = function, order, window
        self._heights = Heights(function, order, window)
        self._bounds = SizeBounds(self._heights)
        self._beside_switches: set[Window] = set()
        self._undecided: list[_Box] = []
        self._settled: list[_Box] = []
        self._further = further

    def run(self, seeds: Sequence[float]) -> Supremum:
        """Bound it."""
        low, high = self._window
        heap = [_box(INFINITY, low, high)]
        with suppress(OutOfTimeError):
            if not low < 0 < high:
                heap = [_box(self._bounds.on(low, high).size, low, high)]
            self._heights.beside(low, 1)
            self._heights.beside(high, -1)
            for seed in seeds:
                self._heights.at(seed)
            self._cut_down(heap)
        return self._found([*self._undecided, *heap])

    def _cut_down(self, heap: list[_Box]) -> None:
        for count in range(_BOXES):
            if count in _SHARPENED:
                self._heights.sharpen()
            if not heap or self._is_settled(heap[0]):
                break
            parts = [*self._parts(heap[0])]
            heappop(heap)
            for part in parts:
                heappush(heap, part)

    def _parts(self, box: _Box) -> Iterator[_Box]:
        """The parts of a box in which the size may be larger than is known, or the same."""
        heights = self._heights
        cut = self._cut(box.low, box.high)
        if cut is None:
            size = self._between_doubles(box)
            decided = heights.is_no_better(size)
            (self._settled if decided else self._undecided).append(_box(size, box.low, box.high))
            return
        heights.at(cut)
        if not self._function.at(cut).has_value:
            self._bounds.holes.add(cut)
        for low, high in ((box.low, cut), (cut, box.high)):
            size, is_final = self._bounds.on(low, high).or_less(Bound(arb(box.bound), False))
            is_noted = is_final and (heights.best == INFINITY or heights.is_no_better(size))
            part = _box(size, low, high)
            if is_noted or heights.is_lower(size):
                self._settled.append(part)
            else:
                yield part

    def _between_doubles(self, box: _Box) -> arb:
        try:
            with self._function.within(_SECONDS):
                return between_doubles(self._heights, box.low, box.high)
        except OutOfTimeError:
            return INFINITY

    def _is_settled(self, first: _Box) -> bool:
        """Whether no box can be better than what is known, and enough were looked at for places."""
        bound = arb(first.bound)
        if self._heights.best < INFINITY and not self._heights.is_no_better(bound):
            return False
        self._further -= 1
        return self._heights.is_lower(bound) or self._further < 0

    def _cut(self, low: float, high: float) -> float | None:
        """Where to cut a box: now and then where a branch changes."""
        if (low, high) not in self._beside_switches:
            cut = cut_at_switch(self._function, low, high)
            if cut is not None:
                self._beside_switches |= {(low, cut), (cut, high)}
                return cut
        return split(low, high)

    def _places(self) -> tuple[float, ...]:
        try:
            return self._heights.places()
        except OutOfTimeError:
            return self._heights.highest

    def _found(self, boxes: list[_Box]) -> Supremum:
        best, places = self._heights.best, self._places()
        if best == INFINITY:
            return Supremum(math.inf, math.inf, places)
        value = float(best.mid())
        left = [box for box in boxes if box.bound > value * (1 + _PROVED)]
        bound = max([_upwards(best * (1 + CLOSE)), *(box.bound for box in boxes)])
        undecided = merged((outwards(box.low), outwards(box.high)) for box in left)
        proof = [(box.low, box.high, box.bound) for box in (*self._settled, *boxes)]
        is_defined = not self._heights.is_empty or not all(
            self._bounds.is_nowhere_defined(low, high) for low, high, _ in proof
        )
        return Supremum(
            value=value,
            bound=bound,
            places=places,
            undecided=tuple(undecided),
            is_defined=is_defined,
            boxes=proof,
        )


def _box(size: arb, low: float, high: float) -> _Box:
    return _Box(-_upwards(size), low - high, low, high)


def _upwards(bound: arb) -> float:
    """The least double that is no smaller, or the next one."""
    if not bound < arb(LARGEST):
        return math.inf
    near = float(bound.upper())
    return near if arb(near) >= bound else math.nextafter(near, math.inf)
