"""Integrals over a window: pieces by a rule, singular places by germs, what is left by ranges."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from flint import arb, ctx

from actcli.formula.jets.intervals import INFINITY, ZERO, Interval
from actcli.formula.jets.jets import JUMP
from actcli.structure.boxes import Window
from actcli.structure.function import ProvedFunction
from actcli.structure.integrals.analytic_pieces import AnalyticPieces, analytic_pieces
from actcli.structure.integrals.legendre import integrate
from actcli.structure.integrals.poles import has_pole
from actcli.structure.integrals.products import COUNT, Products
from actcli.structure.integrals.singularities import UNKNOWN, beside
from actcli.structure.integrals.weights import Weight
from actcli.structure.points.continuity import jumps

_REACHES = (2.0**-6, 2.0**-12, 2.0**-24, 2.0**-48, 2.0**-64)
"""How far from a singular place germs are tried, at most, in units of the room they have."""

_PRECISE = arb(2) ** -56
_BITS_AT_JUMPS = 400
_LEAST_SECONDS = 0.02
_MANY = 500
"""From so many panels that were given up on, neighbours are taken together."""


class Part(NamedTuple):
    """A part of the line, and the integrals over it."""

    low: float
    high: float
    values: Sequence[arb]
    """Balls, infinite, or NaN where nothing is known."""
    why: str


class WindowIntegrals:
    """The integrals over windows, added up part by part."""

    def __init__(
        self, function: ProvedFunction, products: Products, weight: Weight, deadline: float
    ) -> None:
        """Prepare to add; `deadline` is in seconds of CPU of the process."""
        self.function, self.products, self.weight = function, products, weight
        self._deadline = deadline
        self.parts: list[Part] = []
        self.sizes: Sequence[arb] = products.least(arb(weight.unit) ** 2)
        """Roughly the integrals of the absolute values."""
        self.jumps: list[float] = []
        self.undefined: list[Window] = []
        self._asked: set[float] = set()

    def add(self, window: Window, edges: Sequence[float]) -> None:
        """Add a window; edges inside it say where to start cutting it into panels."""
        cut = analytic_pieces(self.function, window, self._half_time() - time.process_time())
        self.undefined += cut.undefined
        if cut.undefined:
            return
        for low, high in cut.undecided:
            self.add_range(low, high, "too many branches")
        ends = self._beside_pieces(cut)
        panels: list[Window] = []
        for low, high in cut.pieces:
            low, high = ends.get((low, 1), low), ends.get((high, -1), high)
            if self._add_constant(low, high):
                continue
            inside = [low, *(x for x in edges if low < x < high), high]
            panels += pairwise(inside)
        found = integrate(
            self.function,
            self.products,
            self.weight,
            panels,
            sizes=self.sizes,
            ranges=self._ranges,
            deadline=self._half_time(),
        )
        self.sizes = found.sizes
        self.parts.append(Part(*window, found.values, "roundoff"))
        for low, high in _joined(found.left) if len(found.left) > _MANY else found.left:
            self.add_range(low, high, "too many waves, or a singular place")

    def _add_constant(self, low: float, high: float) -> bool:
        """Add an analytic piece if f is constant there."""
        jet = self.function.on(low, high)
        if jet.marks or jet.slope is not None:
            return False
        level = self.function.at(low + (high - low) / 2).value
        if level is None or not level.is_finite():
            return False
        powers, nothing = self.weight.powers(arb(low), arb(high)), [ZERO] * COUNT
        c, d = self.products
        *values, _ = Products(c - level.ball, d).recentred(nothing, powers)
        values.append(self.products.recentred(nothing, powers)[-1])
        self.sizes = [a + abs(b) for a, b in zip(self.sizes, values, strict=True)]
        self.parts.append(Part(low, high, values, "roundoff"))
        return True

    def _half_time(self) -> float:
        """When half of the time that is left is over."""
        now = time.process_time()
        return now + max(_LEAST_SECONDS, (self._deadline - now) / 2)

    def _beside_pieces(self, cut: AnalyticPieces) -> Mapping[tuple[float, int], float]:
        """Add what lies between the pieces; where pieces start or end after that."""
        rooms = {(low, 1): high for low, high in cut.pieces}
        rooms |= {(high, -1): low for low, high in cut.pieces}
        moved: dict[tuple[float, int], float] = {}
        for cluster in _clusters(cut):
            sides = [side for side in (-1, 1) if (cluster[0 if side < 0 else -1], side) in rooms]
            centre = next((p for p in cluster if not self._is_regular(p, sides)), None)
            if centre is None:
                self._cells(cluster, "a switch between two doubles")
                if len(cluster) == 1:
                    self._add_jump(cluster[0])
                continue
            for side in sides:
                end = cluster[0 if side < 0 else -1]
                reach = self._by_germ(centre, side, abs(rooms[end, side] - centre))
                if reach is not None:
                    moved[end, side] = reach
                elif side < 0:
                    self._cells([p for p in cluster if p <= centre], "a singular place")
                else:
                    self._cells([p for p in cluster if p >= centre], "a singular place")
            self._add_jump(centre)
        return moved

    def _is_regular(self, x: float, sides: Sequence[int]) -> bool:
        """Whether f, f' and f'' are finite just beside a double."""
        for side in sides:
            jet = self.function.at(x, side)
            if jet.marks or not all(
                q is None or q.is_finite() for q in (jet.value, jet.slope, jet.curvature)
            ):
                return False
        return True

    def _by_germ(self, centre: float, side: int, room: float) -> float | None:
        """Add what lies beside a place; how far it goes, None where nothing is known there."""
        scale = min(room, self.weight.unit, abs(centre) or math.inf, 1.0)
        best: tuple[float, list[arb]] | None = None
        for reach in _REACHES:
            far = centre + side * min(reach, 1.0) * scale
            if far == centre:
                break
            place = (centre, side)
            values, sharp = beside(
                self.function, self.products, self.weight, place, abs(far - centre)
            )
            if all(value.is_nan() for value in values):
                continue
            best = (far, values)
            if sharp:
                break
        if best is None:
            return None
        far, values = best
        low, high = min(centre, far), max(centre, far)
        self.parts.append(Part(low, high, values, "a singular place"))
        return far

    def _cells(self, cluster: Sequence[float], why: str) -> None:
        for low, high in pairwise(cluster):
            self.add_range(low, high, why)

    def add_range(self, low: float, high: float, why: str, end: arb | None = None) -> None:
        """Add the ranges of the integrands, times the weight of (low, high), or up to `end`."""
        self.parts.append(Part(low, high, self._ranges(low, high, end), why))

    def _ranges(self, low: float, high: float, end: arb | None = None) -> list[arb]:
        jet = self.function.on(low, high)
        if not jet.has_value or not jet.value.is_finite():
            pole = math.nextafter(low, high) == high and has_pole(self.function, low, high)
            return [INFINITY if pole else UNKNOWN] * COUNT
        mass = self.weight.mass(low, high if end is None else end)
        x = Interval(arb(low), arb(high))
        df = Interval(ZERO) if jet.slope is None else jet.slope
        found = [q.ball * mass for q in self.products.of(x, jet.value, df, Interval)]
        if jet.marks & JUMP and self._jumps_between(low, high):
            self.jumps.append(low)
        elif df.is_finite():
            if not found[2].rad() <= _PRECISE * mass:
                found[2] = _narrower(found[2], self._by_parts(low, high, jet.value))
            return found
        g, square, _, _, first, _ = found
        return [g, square, self._by_parts(low, high, jet.value), UNKNOWN, first, UNKNOWN]

    def _by_parts(self, low: float, high: float, values: Interval) -> arb:
        """The integral of f', jumps counted, by what f is at the ends and between."""
        ends = [self.function.at(x, side).value for x, side in ((low, -1), (high, 1))]
        if not all(end is not None and end.is_finite() for end in ends):
            return UNKNOWN
        first, last = (end.ball for end in ends)
        total: arb = (
            self.weight.at(arb(high)) * last
            - self.weight.at(arb(low)) * first
            - (values.ball * (self.weight.at(arb(high)) - self.weight.at(arb(low))))
        )
        return total

    def _jumps_between(self, low: float, high: float) -> bool:
        sides = []
        for x, side in ((low, 1), (high, -1)):
            self.function.at(x, side)
            sides.append(self.function.on(low, high, forced=self.function.choices).value)
        return None not in sides and bool(sides[0].apart(sides[1]))

    def _add_jump(self, x: float) -> None:
        """Add the jump of f at a double, if there is one, once."""
        if x in self._asked:
            return
        self._asked.add(x)
        with ctx.workprec(max(_BITS_AT_JUMPS, ctx.prec)):
            if not jumps(self.function, x):
                return
            sides = [self.function.limit(x, side) for side in (-1, 1)]
        known = [side.ball for side in sides if side is not None and side.is_finite()]
        if len(known) < 2:
            return  # a pole
        self.jumps.append(x)
        height = (known[1] - known[0]) * self.weight.at(arb(x))
        self.parts.append(Part(x, x, [ZERO, ZERO, height, INFINITY, ZERO, UNKNOWN], "a jump"))


def _narrower(a: arb, b: arb) -> arb:
    return b if b.rad() < a.rad() else a


def _clusters(cut: AnalyticPieces) -> Iterator[list[float]]:
    """The doubles at which pieces end, those with nothing but cells between them together."""
    ends = {end for piece in cut.pieces for end in piece}
    starts = dict(cut.between)
    for x in sorted((ends | set(starts)) - set(starts.values())):
        cluster = [x]
        while cluster[-1] in starts:
            cluster.append(starts[cluster[-1]])
        yield cluster


def _joined(panels: Sequence[Window]) -> Iterator[Window]:
    """Runs of neighbouring panels."""
    run: Window | None = None
    for low, high in sorted(panels):
        if run is not None and run[1] == low:
            run = run[0], high
            continue
        if run is not None:
            yield run
        run = low, high
    if run is not None:
        yield run
