"""Branch and prune: a window cut into pieces on which f or f' lies in one band between levels.

A box is decided by its enclosure, by the monotony of the derivative on it (its values at both ends,
and each crossing of a level solved for), or by a germ where it touches 0, a hole or the end; what
is not decided is halved. The widest boxes come first, so that a spent budget leaves narrow ones
open. Adjacent doubles with a switch between them are told apart into kinks and jumps. Nothing is
sampled: what is returned is proved, or `open`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from heapq import heappop, heappush
from itertools import pairwise
from typing import Protocol

from flint import arb, ctx

from actcli.formula.jets.jets import UNDEFINED, Jet, OutOfTimeError
from actcli.structure.boxes import EVERYWHERE, Window, even, split
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.points.jumps import jumps_between
from actcli.structure.search.cuts import cut_at_zero
from actcli.structure.search.segments import OPEN, SWITCH_PLACE, TINY, Segment

BITS = 80
"""Working precision; narrow boxes get more."""

_BOXES = 20_000
"""Boxes after which a search gives up."""

BOXES_OUTSIDE = 2000
"""Of these so many may be spent outside the focus."""

_PRECISE = 200
"""Bits with which the numbers between adjacent doubles are told apart."""

_FAR = 2.0**20
"""An end of the focus beyond this is none: out there f is settled from infinity inwards only."""


class Decides(Protocol):
    """What tells the segments of a box."""

    function: ProvedFunction
    by_what: Mapping[int, Jet]
    """What decided the branches on the last box."""

    def on(
        self, low: float, high: float, holes: Collection[float], switches: Collection[float]
    ) -> list[Segment] | None:
        """The segments of a box; None where they are not decided."""


class Search:
    """A window, cut until every box of it is decided."""

    def __init__(
        self,
        decides: Decides,
        window: Window = EVERYWHERE,
        focus: Window | None = None,
        *,
        more_bits: int = 0,
        most: int = _BOXES,
    ) -> None:
        """Prepare to cut.

        Args:
            decides: what tells the segments of a box.
            window: where; its ends at the largest doubles stand for infinity.
            focus: the part of it that comes first; outside it the search gives up sooner.
            more_bits: beyond the working precision, for what cancels.
            most: boxes in the focus that are looked at.
        """
        self.decides, self.function, self.window = decides, decides.function, window
        self.focus = window if focus is None else _reaching(focus, window)
        self._more_bits, self._most = more_bits, most
        self._holes: set[float] = set()
        self.switches: list[float] = []
        """The doubles at which a branch was seen to end."""
        self.calm: set[float] = set()
        """Doubles at which segments meet and f is analytic."""

    def run(self) -> list[Segment]:
        """The segments, ascending; together they fill the window."""
        found: list[tuple[float, list[Segment]]] = []
        left = [self._most, min(self._most, BOXES_OUTSIDE)]
        heap = [(not self._is_in_focus(box), 0, *box) for box in self._first_boxes()]
        while heap:
            is_outside, depth, low, high = heappop(heap)
            left[is_outside] -= 1
            segments, parts = self._settled(low, high, depth, is_over=left[is_outside] < 0)
            found.append((low, segments))
            for part in parts:
                heappush(heap, (is_outside, depth + 1, *part))
        return [segment for _, segments in sorted(found) for segment in segments]

    def inwards(self, side: int) -> Iterator[Segment]:
        """The segments from one end on, each found when it is asked for."""
        left = self._most
        stack = [(0, *box) for box in self._first_boxes()[::-side]]
        while stack:
            depth, low, high = stack.pop()
            left -= 1
            segments, parts = self._settled(low, high, depth, is_over=left < 0)
            yield from segments[::-side]
            stack += [(depth + 1, *part) for part in parts[::side]]

    def _first_boxes(self) -> list[Window]:
        """The focus and what lies outside of it."""
        low, high = self.window
        cuts = [low, *(cut for cut in self.focus if low < cut < high), high]
        for cut in cuts:
            if abs(cut) < LARGEST:
                self._notice(cut)
        return [*pairwise(cuts)]

    def _is_in_focus(self, box: Window) -> bool:
        return self.focus[0] <= box[0] and box[1] <= self.focus[1]

    def _decided(self, low: float, high: float) -> list[Segment] | None:
        return None if low < 0 < high else self.decides.on(low, high, self._holes, self.switches)

    def _settled(
        self, low: float, high: float, depth: int, *, is_over: bool
    ) -> tuple[list[Segment], list[Window]]:
        """The segments of a box, or the parts that it is cut into."""
        try:
            if is_over:
                raise OutOfTimeError
            with ctx.workprec(_bits(low, high) + self._more_bits):
                decided = self._decided(low, high)
                if decided is not None:
                    return decided, []
                cut = self._cut(depth, low, high)
                if cut is None:
                    return [self._smallest(low, high)], []
                if low < 0 < high or self.function.on(low, high).marks:
                    self._notice(cut)
                else:
                    self.calm.add(cut)
                return [], [(low, cut), (cut, high)]
        except OutOfTimeError:
            return [Segment(low, high, OPEN)], []

    def _notice(self, cut: float) -> None:
        """Remember a double at which boxes meet if a branch ends there."""
        with suppress(OutOfTimeError):
            if marks := self.function.at(cut).marks:
                self.switches.append(cut)
                if marks & UNDEFINED:
                    self._holes.add(cut)

    def _cut(self, depth: int, low: float, high: float) -> float | None:
        """Where to cut: now and then in the middle, else where what decides a branch is 0."""
        if not low < 0 < high and depth % 4:
            cut = cut_at_zero(self.function, self.decides.by_what, low, high)
            if cut is not None:
                return cut
        return split(low, high)

    def _smallest(self, low: float, high: float) -> Segment:
        """Adjacent doubles: a switch between them."""
        if low == 0 or high == 0:
            return Segment(low, high, TINY)
        if _is_tame(self.function.on(low, high)):
            return Segment(low, high, OPEN)
        with ctx.workprec(_PRECISE):
            place = self._nearer(low, high)
        jumps = jumps_between(self.function, low, high)
        return Segment(low, high, SWITCH_PLACE, jumps=jumps, place=place)

    def _nearer(self, low: float, high: float) -> float:
        """The one of two adjacent doubles that is nearer to the switch; at a tie the even one."""
        self.function.at(low, 1)
        start, middle = self.function.choices, (arb(low) + arb(high)) / 2
        is_beyond = []
        for side in (-1, 1):
            self.function.at(middle, side)
            is_beyond.append(self.function.choices == start)
        if is_beyond[0] == is_beyond[1]:
            return high if is_beyond[0] else low
        return even((low, high))


def _is_tame(jet: Jet) -> bool:
    """Whether no branch ends on a box, nor is there a pole of f or f'."""
    parts = (jet.order(0), jet.order(1))
    return not jet.marks and all(part is None or part.is_finite() for part in parts)


def _bits(low: float, high: float) -> int:
    """The precision for a box: narrow ones need more to be seen as wide."""
    size = max(abs(low), abs(high))
    width = (high - low) / size
    return BITS if width > 2**-14 else BITS - 2 * int(math.log2(width)) - 20


def _reaching(focus: Window, window: Window) -> Window:
    """The focus, to the end of a window that is the whole line where it ends far out."""
    low, high = focus
    return (
        window[0] if low < -_FAR and window[0] <= -LARGEST else low,
        window[1] if high > _FAR and window[1] >= LARGEST else high,
    )
