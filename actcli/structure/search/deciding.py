"""How a box is decided: by enclosures, by both ends, by a germ."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from flint import arb, ctx

from actcli.formula.germs.germ import Germ
from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import ZERO, Interval
from actcli.formula.jets.jets import (
    JUMP,
    NO_VALUE,
    PARTIAL,
    Jet,
    UndecidedError,
)
from actcli.structure.boxes import (
    germs_beside,
    germs_on,
    is_tail,
    nearest_and_farthest,
    taylor_on,
)
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.search.bands import Bands
from actcli.structure.search.crossing import crossing, dip
from actcli.structure.search.segments import BAND, CONSTANT, UNDEFINED_PIECE, Segment
from actcli.structure.symmetries.endless import is_endless

_BITS_AT_TIES = 400

_MORE_BITS = (400, 1600)
"""Precision where the coefficients of an expansion cancel."""

_HUGE = 2.0**40
"""The width, relative to it, of what is left of a tail whose very end was decided alone."""


class Deciding:
    """Decides in which bands the n-th derivative of f lies on a box."""

    def __init__(
        self,
        function: ProvedFunction,
        order: int,
        levels: tuple[float, ...],
        *,
        through_kinks: bool = False,
    ) -> None:
        """Prepare to decide.

        Args:
            function: f.
            order: 0 for f itself, 1 for f'.
            levels: ascending.
            through_kinks: whether an outermost band may go on across kinks and jumps.
        """
        self.function, self.order, self.bands = function, order, Bands(levels)
        self.through_kinks = through_kinks
        self.by_what: Mapping[int, Jet] = {}
        """What decided the branches on the last box."""

    def on(
        self, low: float, high: float, holes: Collection[float], switches: Collection[float] = ()
    ) -> list[Segment] | None:
        """The segments of a box; None where they are not decided.

        `holes` are doubles known to have no value, `switches` those at which a branch ends.
        """
        jet = self.function.on(low, high)
        self.by_what = self.function.deciding
        if jet.is_nowhere_defined:
            return [Segment(low, high, UNDEFINED_PIECE)]
        if not jet.marks & (NO_VALUE | PARTIAL) and (found := self._judged(jet, low, high)):
            return found
        found = self._by_expansion(jet, low, high, holes, switches)
        if found is None and not jet.marks and math.nextafter(low, high) == high:
            found = dip(self.function, self.order, self.bands, (low, high))
        return found

    def _by_expansion(
        self,
        jet: Jet,
        low: float,
        high: float,
        holes: Collection[float],
        switches: Collection[float],
    ) -> list[Segment] | None:
        if is_tail(low, high):
            return self._by_germ(germs_on(low, high), low, high)
        for hole, far in ((low, high), (high, low)):
            if hole in holes and abs(far - hole) <= abs(hole) / 4:
                return self._by_germ(germs_beside(hole, far), low, high)
            if hole in switches and _is_close(hole, far):
                found = self._by_germ(germs_beside(hole, far), low, high)
                if found:
                    return found
        near, far = nearest_and_farthest(low, high)
        width = (high - low) / near if near else math.inf
        is_apart = jet.has_value and far < LARGEST and _worth_a_germ(self.order, near, width)
        if is_apart and not is_endless(self.function):  # a wave is no clearer from infinity
            found = self._by_germ(germs_on(low, high), low, high)
            if found:
                return found
        if not jet.marks and 0.06 < width < 0.12:
            return self._by_taylor(low, high)
        return None

    def _judged(self, jet: Jet, low: float, high: float) -> list[Segment] | None:
        """By the enclosures of the derivative and of its own derivative on the box."""
        q, rate = jet.order(self.order), jet.order(self.order + 1)
        if q is None or q.is_zero():
            return None if jet.marks else [Segment(low, high, CONSTANT)]
        band = self.bands.of(q, closed=True)
        if band is not None and (not jet.marks or self._is_outermost(band)):
            return [Segment(low, high, BAND, band)]
        if jet.marks:
            return None
        monotone = rate is None or rate.low >= 0 or rate.high <= 0
        if (self.order or monotone) and (band := self.bands.beside_zero(q)) is not None:
            return [Segment(low, high, BAND, band)]
        return self._by_ends(low, high) if monotone else self._by_steepness(q, rate, low, high)

    def _by_steepness(
        self, q: Interval, rate: Interval, low: float, high: float
    ) -> list[Segment] | None:
        """By the values at both ends, and how fast it can change between them."""
        apart = rate.magnitude * (arb(high) - arb(low)) / 2
        if not 2 * apart < q.high - q.low or (ends := self._ends(low, high)) is None:
            return None
        middle = (ends[0].ball + ends[1].ball) / 2
        band = self.bands.of(Interval(middle - apart, middle + apart))
        return None if band is None else [Segment(low, high, BAND, band)]

    def _is_outermost(self, band: int) -> bool:
        return self.through_kinks and band in self.bands.outermost

    def _by_taylor(self, low: float, high: float) -> list[Segment] | None:
        try:
            jet = self.function.germ(ring := taylor_on(low, high), self.order + 1)
            q, rate = jet.order(self.order), jet.order(self.order + 1)
            if jet.marks or q is None:
                return None
            band = self.bands.of(q.ring.range(q), closed=True)
            if band is not None:
                return [Segment(low, high, BAND, band)]
            if rate is None or ring.range(rate).sign():
                return self._by_ends(low, high)
        except UndecidedError:
            pass
        return None

    # -- by expansion at 0, at a hole or at infinity

    def _by_germ(self, ring: GermRing, low: float, high: float) -> list[Segment] | None:
        """By germs; with more bits where what leads cancels."""
        for bits in (ctx.prec, *_MORE_BITS):
            with ctx.workprec(bits):
                try:
                    for order in (self.order, self.order + 1):
                        jet = self.function.germ(ring, order)
                        if not jet.has_value:
                            return None
                        found = self._judged_germ(jet, ring, low, high)
                        if found:
                            return found
                except UndecidedError:
                    return None
                q = jet.order(self.order)
                if _has_no_bound(q) and not ring.mild:
                    return self._by_germ(ring.milder(), low, high)
                if not _cancels(q):
                    return None
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
        band = self.bands.of(ring.range(q), closed=True)
        if band is None and ring.t.low.is_zero():
            band = self.bands.of_germ(q)
        if band is not None and (self._is_outermost(band) or not jet.marks):
            return [Segment(low, high, BAND, band)]
        if jet.marks or not (rate is None or rate.is_zero() or rate.sign()):
            return None
        return self._by_germ_ends(q, q.ring, low, high)

    def _by_germ_ends(
        self, q: Germ, ring: GermRing, low: float, high: float
    ) -> list[Segment] | None:
        """The derivative is monotone on the box: one end by the double, the other by the germ."""
        _, far = nearest_and_farthest(low, high)
        if ring.at_infinity and far < LARGEST:
            return self._by_ends(low, high)
        at_germ = self.bands.of(ring.range(q, Interval(ZERO, arb(2) ** -1020)))
        germ_end_is_low = (ring.side > 0) != ring.at_infinity
        edge, side = (high, -1) if germ_end_is_low else (low, 1)
        end = self._beside_double(edge, side)
        at_edge = None if end is None else self.bands.of(end)
        if at_germ is None or at_edge is None:
            return None
        bands = (at_germ, at_edge) if germ_end_is_low else (at_edge, at_germ)
        return self._between(low, high, *bands)

    # -- a box on which the derivative is monotone

    def _by_ends(self, low: float, high: float) -> list[Segment] | None:
        ends = self._ends(low, high)
        if ends is None:
            return None
        bands = [self.bands.of(end) for end in ends]
        if None in bands:
            with ctx.workprec(_BITS_AT_TIES):
                bands = self._bands_at_ties(self._ends(low, high) or ends, bands)
        first, last = bands
        return None if first is None or last is None else self._between(low, high, first, last)

    def _ends(self, low: float, high: float) -> list[Interval] | None:
        """The derivative just inside a box, at both ends."""
        ends = [self._beside_double(x, side) for x, side in ((low, 1), (high, -1))]
        return [end for end in ends if end is not None] if None not in ends else None

    def _bands_at_ties(self, ends: list[Interval], bands: list[int | None]) -> list[int | None]:
        """An end exactly on a level belongs to the band that the derivative comes from."""
        found = [
            self.bands.of(end) if band is None else band
            for end, band in zip(ends, bands, strict=True)
        ]
        for i, far in ((0, found[1]), (1, found[0])):
            level = self.bands.level_at(ends[i])
            if found[i] is None and far is not None and level is not None:
                found[i] = level if far <= level else level + 1
        return found

    def _between(self, low: float, high: float, first: int, last: int) -> list[Segment] | None:
        """The bands from one end to the other, each crossing solved."""
        if first == last:
            return [Segment(low, high, BAND, last)]
        found: list[Segment] = []
        start, step = low, 1 if last > first else -1
        for band in range(first, last, step):
            level = self.bands.levels[band if step > 0 else band - 1]
            place = crossing(self.function, self.order, level, (start, high), rising=step > 0)
            if place is None:
                return None
            follows = band != first
            found.append(Segment(start, place, BAND, band, crosses=True, follows_crossing=follows))
            start = place
        found.append(Segment(start, high, BAND, last, follows_crossing=True))
        return [one.beside_end_of(low, high) for one in found]

    def _beside_double(self, x: float, side: int) -> Interval | None:
        """The derivative just beside a double."""
        return self.function.limit(x, side, self.order)

    def is_on_level(self, x: float) -> bool:
        """Whether the derivative is on a level just beside a double."""
        sides = (-1, 1)
        ends = [self._beside_double(x, side) for side in sides]
        if all(end is not None and self.bands.of(end) is not None for end in ends):
            return False
        with ctx.workprec(_BITS_AT_TIES):
            ends = [self._beside_double(x, side) for side in sides]
        return any(end is not None and self.bands.level_at(end) is not None for end in ends)


def _is_close(branch: float, far: float) -> bool:
    """Whether a box at a branch point is so narrow, now and then, that its germ may know more."""
    width = abs(far - branch) / abs(branch) if branch else 1.0
    return width < 2**-12 and math.frexp(width)[1] % 4 == 2


def _worth_a_germ(order: int, near: float, width: float) -> bool:
    """Whether a box apart from 0 is seen better from infinity: wide ones, now and then narrow."""
    return (near >= (8 if order else 4) and (0.2 < width < 2 or width > _HUGE)) or (
        near >= 0.01 and width < 0.02 and math.frexp(width)[1] % 4 == 2
    )


def _has_no_bound(q: Germ | None) -> bool:
    """Whether a remainder without bound hides what leads, as that of a logarithm may."""
    return q is not None and not q.R.is_finite()


def _cancels(q: Germ | None) -> bool:
    """Whether the first coefficient of a germ is 0 as far as its ball can tell."""
    return q is not None and bool(q.c) and not q.c[0].is_exact() and q.c[0].contains(ZERO)
