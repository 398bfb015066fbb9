"""Branch and prune: a window cut into pieces on which f or f' lies in one band between levels.

A box is decided by its enclosure, by the monotony of the derivative on it (its values at both ends,
and each crossing of a level solved for), or by a germ where it touches 0, a hole or the end; what
is not decided is halved. The widest boxes come first, so that a spent budget leaves narrow ones
open. Adjacent doubles with a switch between them are told apart into kinks and jumps. Nothing is
sampled: what is returned is proved, or `open`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any, NamedTuple

from flint import arb, ctx

from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import ONE, ZERO, Interval
from actcli.formula.jets.jets import (
    JUMP,
    NO_VALUE,
    PARTIAL,
    UNDEFINED,
    UNKNOWN,
    Jet,
    UndecidedError,
)
from actcli.structure.boxes import (
    EVERYWHERE,
    Window,
    germs_beside,
    germs_on,
    is_tail,
    nearest_and_farthest,
    split,
    taylor_on,
)
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.points.places import jumps_between
from actcli.structure.search.crossing import crossing
from actcli.structure.search.cuts import cut_at_zero

BITS = 80
"""Working precision; narrow boxes get more."""

BOXES = 20_000
"""Boxes after which a search gives up."""

_BOXES_OUTSIDE = 2000
"""Of these so many may be spent outside the focus."""

_PRECISE = 200
"""Bits with which the numbers between adjacent doubles are told apart."""

_MORE_BITS = (400, 1600)
"""Precision where the coefficients of an expansion cancel."""

_CLOSE_TO_LEVEL = arb(2) ** -300
"""A slope at the end of a box that is no further from a level, relative to it, is on it."""

BAND, CONSTANT, UNDEFINED_PIECE, SWITCH_PLACE, TINY, OPEN = (
    "band",
    "constant",
    "undefined",
    "switch",
    "tiny",
    "open",
)


class Segment(NamedTuple):
    """An open piece (low, high) of the window, from double to double."""

    low: float
    high: float
    kind: str
    """`band`; `constant` (the derivative is identically 0); `undefined`; `switch` (between adjacent
    doubles, where the branch changes); `tiny` (between 0 and the smallest double); `open`."""
    band: int = 0
    """How many levels lie below."""
    crosses: bool = False
    """Whether the piece ends where the derivative passes a level."""
    follows_crossing: bool = False
    """Whether it starts where the derivative passes a level."""
    jumps: bool = True
    """Of a switch: whether f is not continuous there, as far as is known."""
    place: float = math.nan
    """Of a switch: the double that is nearer to it."""


class Search:
    """The n-th derivative of f over a window, cut by the levels that it passes."""

    def __init__(
        self,
        function: ProvedFunction,
        order: int,
        levels: tuple[float, ...],
        *,
        window: Window = EVERYWHERE,
        focus: Window | None = None,
        seconds: float = 5.0,
        through_kinks: bool = False,
    ) -> None:
        """Prepare to cut.

        Args:
            function: f.
            order: 0 for f itself, 1 for f'.
            levels: ascending; the outermost bands include theirs, but for a level of 0.
            window: where; its ends at the largest doubles stand for infinity.
            focus: the part of it that comes first; outside it the search gives up sooner.
            seconds: of CPU, after which the rest stays open.
            through_kinks: whether an outermost band may go on across kinks and jumps.
        """
        self.function, self.order, self.levels = function, order, [arb(a) for a in levels]
        self.window, self.through_kinks = window, through_kinks
        self.focus = window if focus is None else focus
        self._deadline = time.process_time() + seconds
        self._holes: set[float] = set()
        self.switches: list[float] = []
        """The doubles at which a branch was seen to end."""
        self._beside: dict[tuple[float, int], Jet] = {}
        self._deciding: Mapping[int, Jet] = {}

    def run(self) -> list[Segment]:
        """The segments, ascending; together they fill the window."""
        found: list[Segment] = []
        heap = self._first_boxes()
        boxes = [BOXES, _BOXES_OUTSIDE]
        before = ctx.prec
        try:
            while heap:
                is_outside, depth, low, high = heappop(heap)
                boxes[is_outside] -= 1
                if boxes[is_outside] < 0 or time.process_time() > self._deadline:
                    found.append(Segment(low, high, OPEN))
                    continue
                ctx.prec = _bits(low, high)
                decided = None if low < 0 < high else self._decide(low, high)
                if decided is None:
                    cut = self._cut(depth, low, high)
                    if cut is None:
                        found.append(self._smallest(low, high))
                        continue
                    self._notice(cut)
                    heappush(heap, (is_outside, depth + 1, low, cut))
                    heappush(heap, (is_outside, depth + 1, cut, high))
                else:
                    found += decided
        finally:
            ctx.prec = before
        return sorted(found)

    def _first_boxes(self) -> list[tuple[bool, int, float, float]]:
        """The focus and what lies outside of it, as (is it outside?, depth, low, high)."""
        (low, high), focus = self.window, self.focus
        cuts = [low, *(cut for cut in focus if low < cut < high), high]
        for cut in cuts[1:-1]:
            self._notice(cut)
        return [
            (not (focus[0] <= low and high <= focus[1]), 0, low, high)
            for low, high in pairwise(cuts)
        ]

    def _notice(self, cut: float) -> None:
        """Remember a double at which boxes meet if a branch ends there."""
        if marks := self.function.at(cut).marks:
            self.switches.append(cut)
            if marks & UNDEFINED:
                self._holes.add(cut)

    def _cut(self, depth: int, low: float, high: float) -> float | None:
        """Where to cut: now and then in the middle, else where what decides a branch is 0."""
        if not low < 0 < high and depth % 4:
            cut = cut_at_zero(self.function, self._deciding, low, high)
            if cut is not None:
                return cut
        return split(low, high)

    # -- a box

    def _decide(self, low: float, high: float) -> list[Segment] | None:
        jet = self.function.on(low, high)
        self._deciding = self.function.deciding
        if jet.marks & UNDEFINED and not jet.marks & UNKNOWN:
            return [Segment(low, high, UNDEFINED_PIECE)]
        if not jet.marks & (NO_VALUE | PARTIAL) and (found := self._judged(jet, low, high)):
            return found
        if is_tail(low, high):
            return self._by_germ(germs_on(low, high), low, high)
        for hole, far in ((low, high), (high, low)):
            if hole in self._holes and abs(far - hole) <= abs(hole) / 4:
                return self._by_germ(germs_beside(hole, far), low, high)
        near, far = nearest_and_farthest(low, high)
        width = (high - low) / near if near else math.inf
        if jet.has_value and far < LARGEST and _worth_a_germ(near, width):
            found = self._by_germ(germs_on(low, high), low, high)
            if found:
                return found
        if not jet.marks and 0.02 < width < 0.25:
            return self._by_taylor(low, high)
        return None

    def _judged(self, jet: Jet, low: float, high: float) -> list[Segment] | None:
        """By the enclosures of the derivative and of its own derivative on the box."""
        q, rate = jet.order(self.order), jet.order(self.order + 1)
        if q is None or q.is_zero():
            return None if jet.marks else [Segment(low, high, CONSTANT)]
        band = self._band(q, closed=True)
        if band is not None and (not jet.marks or self._is_outermost(band)):
            return [Segment(low, high, BAND, band)]
        if jet.marks:
            return None
        monotone = rate is None or rate.low >= 0 or rate.high <= 0
        if (self.order or monotone) and (sign := self._weak_sign(q)) is not None:
            return [Segment(low, high, BAND, sign)]
        return self._by_ends(low, high) if monotone else None

    def _is_outermost(self, band: int) -> bool:
        return self.through_kinks and band in (0, len(self.levels))

    def _weak_sign(self, q: Interval) -> int | None:
        """The band beside a single level 0 that is at most touched: f is analytic on the box."""
        if len(self.levels) != 1 or not self.levels[0].is_zero() or q.is_zero():
            return None
        return 1 if q.low >= 0 else 0 if q.high <= 0 else None

    def _band(self, q: Interval, *, closed: bool = False) -> int | None:
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

    def _by_taylor(self, low: float, high: float) -> list[Segment] | None:
        try:
            jet = self.function.germ(ring := taylor_on(low, high))
            q, rate = jet.order(self.order), jet.order(self.order + 1)
            if jet.marks or q is None:
                return None
            band = self._band(q.ring.range(q), closed=True)
            if band is not None:
                return [Segment(low, high, BAND, band)]
            if rate is None or ring.range(rate).sign():
                return self._by_ends(low, high)
        except UndecidedError:
            pass
        return None

    def _by_germ(self, ring: GermRing, low: float, high: float) -> list[Segment] | None:
        """By expansion at 0, at a hole or at infinity; with more bits where what leads cancels."""
        for bits in (ctx.prec, *_MORE_BITS):
            with ctx.workprec(bits):
                try:
                    jet = self.function.germ(ring)
                    if not jet.has_value:
                        return None
                    found = self._judged_germ(jet, ring, low, high)
                except UndecidedError:
                    return None
                q = jet.order(self.order)
                if found is None and _has_no_bound(q) and not ring.mild:
                    return self._by_germ(ring.milder(), low, high)
                if found or not _cancels(q):
                    return found
        return None

    def _judged_germ(
        self, jet: Jet, ring: GermRing, low: float, high: float
    ) -> list[Segment] | None:
        q, rate = jet.order(self.order), jet.order(self.order + 1)
        kinks_hidden = bool(jet.marks and not self.through_kinks)
        if q is None or q.is_zero():
            hidden = kinks_hidden or jet.marks & JUMP
            return None if hidden else [Segment(low, high, CONSTANT)]
        if kinks_hidden:
            return None
        ring = q.ring
        band = self._band(ring.range(q), closed=True)
        if band is None and ring.t.low.is_zero():
            band = self._band_by_signs(q)
        if band is not None and (self._is_outermost(band) or not jet.marks):
            return [Segment(low, high, BAND, band)]
        if jet.marks or not (rate is None or rate.is_zero() or rate.sign()):
            return None
        return self._by_germ_ends(q, ring, low, high)

    def _band_by_signs(self, q: Any) -> int | None:
        """The band by the signs of q - level: also where q tends to a level."""
        band = 0
        for level in self.levels:
            sign = (q - q.ring.const(level)).sign()
            if not sign:
                return None
            band += sign > 0
        return band

    def _by_germ_ends(
        self, q: Any, ring: GermRing, low: float, high: float
    ) -> list[Segment] | None:
        """The derivative is monotone on the box: one end by the double, the other by the germ."""
        _, far = nearest_and_farthest(low, high)
        if ring.at_infinity and far < LARGEST:
            return self._by_ends(low, high)
        at_germ = self._band(ring.range(q, Interval(ZERO, arb(2) ** -1020)))
        germ_end_is_low = (ring.side > 0) != ring.at_infinity
        edge, side = (high, -1) if germ_end_is_low else (low, 1)
        end = self._beside_double(edge, side)
        at_edge = None if end is None else self._band(end)
        if at_germ is None or at_edge is None:
            return None
        bands = (at_germ, at_edge) if germ_end_is_low else (at_edge, at_germ)
        return self._between(low, high, *bands)

    # -- a box on which the derivative is monotone

    def _by_ends(self, low: float, high: float) -> list[Segment] | None:
        ends = [self._beside_double(x, side) for x, side in ((low, 1), (high, -1))]
        if None in ends:
            return None
        bands = [self._band(end) for end in ends if end is not None]
        if None in bands:
            bands = self._bands_at_ties(low, high, bands)
        first, last = bands
        return None if first is None or last is None else self._between(low, high, first, last)

    def _bands_at_ties(self, low: float, high: float, bands: list[int | None]) -> list[int | None]:
        """An end exactly on a level belongs to the band that the derivative comes from."""
        before, ctx.prec = ctx.prec, 400
        try:
            ends = [self._beside_double(x, side) for x, side in ((low, 1), (high, -1))]
        finally:
            ctx.prec = before
        for i, end in enumerate(ends):
            if bands[i] is None and end is not None:
                bands[i] = self._band(end)
        for i, other in ((0, 1), (1, 0)):
            end, far = ends[i], bands[other]
            if bands[i] is None and far is not None and end is not None:
                on = [n for n, level in enumerate(self.levels) if _is_near(end, level)]
                if on:
                    bands[i] = on[0] if far <= on[0] else on[0] + 1
        return bands

    def _between(self, low: float, high: float, first: int, last: int) -> list[Segment] | None:
        """The bands from one end to the other, each crossing solved."""
        if first == last:
            return [Segment(low, high, BAND, last)]
        found: list[Segment] = []
        start, step = low, 1 if last > first else -1
        for band in range(first, last, step):
            level = self.levels[band if step > 0 else band - 1]
            place = crossing(
                self.function, self.order, level, (start, high), self._deadline, rising=step > 0
            )
            if place is None:
                return None
            if place > start or 0 < band < len(self.levels):
                follows = band != first
                found.append(Segment(start, place, BAND, band, True, follows))
            start = place
        found.append(Segment(start, high, BAND, last, follows_crossing=True))
        return found

    def _beside_double(self, x: float, side: int) -> Interval | None:
        """The derivative just beside a double."""
        jet = self.jet_beside(x, side)
        q = jet.order(self.order)
        if not jet.marks and (q is None or q.is_finite()):
            return Interval(ZERO) if q is None else q
        if abs(x) == LARGEST:
            return None
        limits = self.function.limits(x, side)
        return None if limits is None else limits[self.order]

    def is_on_level(self, x: float) -> bool:
        """Whether the derivative is on a level just beside a double."""
        ends = [self._beside_double(x, side) for side in (-1, 1)]
        if all(end is not None and self._band(end) is not None for end in ends):
            return False
        before, ctx.prec = ctx.prec, 400
        try:
            ends = [self._beside_double(x, side) for side in (-1, 1)]
        finally:
            ctx.prec = before
        return any(
            end is not None and _is_near(end, level) for end in ends for level in self.levels
        )

    def jet_beside(self, x: float, side: int) -> Jet:
        """The jet at a double, ties decided as on that side."""
        if ctx.prec != BITS:
            return self.function.at(x, side)
        if (x, side) not in self._beside:
            self._beside[x, side] = self.function.at(x, side)
        return self._beside[x, side]

    # -- adjacent doubles

    def _smallest(self, low: float, high: float) -> Segment:
        """Adjacent doubles: a switch between them, seen with the choices of either side."""
        if low == 0 or high == 0:
            return Segment(low, high, TINY)
        with ctx.workprec(_PRECISE):
            self.function.at(low, 1)
            choices = self.function.choices
            self.function.at((arb(low) + arb(high)) / 2)
            place = high if self.function.choices == choices else low
        jumps = jumps_between(self.function, low, high)
        return Segment(low, high, SWITCH_PLACE, jumps=jumps, place=place)


def _bits(low: float, high: float) -> int:
    """The precision for a box: narrow ones need more to be seen as wide."""
    size = max(abs(low), abs(high))
    width = (high - low) / size
    return BITS if width > 2**-14 else BITS - 2 * int(math.log2(width)) - 20


_HUGE = 2.0**40
"""The width, relative to it, of what is left of a tail whose very end was decided alone."""


def _worth_a_germ(near: float, width: float) -> bool:
    """Whether a box apart from 0 is seen better from infinity: wide ones, now and then narrow."""
    return (near >= 4 and (0.2 < width < 2 or width > _HUGE)) or (
        near >= 0.01 and width < 0.02 and math.frexp(width)[1] % 4 == 2
    )


def _has_no_bound(q: Any) -> bool:
    """Whether a remainder without bound hides what leads, as that of a logarithm may."""
    return q is not None and not q.R.is_finite()


def _cancels(q: Any) -> bool:
    """Whether the first coefficient of a germ is 0 as far as its ball can tell."""
    return q is not None and bool(q.c) and not q.c[0].is_exact() and q.c[0].contains(ZERO)


def _is_near(q: Interval, level: Any) -> bool:
    size = ONE if level.is_zero() else abs(level)
    return bool(q.is_finite() and abs(q.ball - level) < _CLOSE_TO_LEVEL * size)
