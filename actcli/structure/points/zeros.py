"""Where a function is 0: numbers and whole stretches, from its monotone pieces."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from flint import arb, ctx

from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import ZERO, Interval
from actcli.formula.jets.jets import NO_VALUE, OutOfTimeError, UndecidedError
from actcli.structure.boxes import Window, germs_on, outwards, split
from actcli.structure.function import ProvedFunction
from actcli.structure.points.branch_point import BranchPoint
from actcli.structure.points.branch_points import Branches, merged
from actcli.structure.points.turn import at_turn
from actcli.structure.search.between import is_monotone_between
from actcli.structure.search.crossing import crossing
from actcli.structure.search.deciding import Deciding
from actcli.structure.search.search import BITS, Search
from actcli.structure.search.segments import (
    BAND,
    CONSTANT,
    SWITCH_PLACE,
    TINY,
    UNDEFINED_PIECE,
    Segment,
)
from actcli.structure.undecided import Undecided

SIGN_BITS = 1000
"""Bits with which the sign of a number is found."""

_FEW = 50
"""Boxes by which the signs of what touches 0 nowhere are found."""

_BITS = 1000
"""Precision after which a sign stays undecided."""

Limit = Callable[[float, int], Interval | None]


class Zeros(NamedTuple):
    """All zeros in the open window, but for those in what is undecided."""

    points: tuple[float, ...]
    """The doubles nearest to those that are in no stretch, ascending."""
    stretches: tuple[Window, ...]
    """The maximal open intervals on which f is identically 0."""
    undecided: tuple[Undecided, ...]


def zeros(
    function: ProvedFunction,
    pieces: Sequence[Segment],
    branches: Branches,
    limit: Limit,
) -> Zeros:
    """The zeros of f.

    Args:
        function: f.
        pieces: its monotone pieces, joined.
        branches: the branch points between them.
        limit: the one-sided limit of f at a double, or at the ends.
    """
    found = _Finding(function, branches, limit)
    with ctx.workprec(_BITS):
        for piece in pieces:
            found.on_piece(piece)
        for before, after in pairwise(pieces):
            found.at_boundary(before, after)
    return found.result()


def by_signs(function: ProvedFunction, window: Window, focus: Window | None = None) -> Zeros | None:
    """The same where it is enough to look at the signs of f; None elsewhere.

    It is not where f touches 0, is 0 on a stretch, or has no value.
    """
    segments = Search(Deciding(function, 0, (0.0,)), window, focus, most=_FEW).run()
    if any(segment.kind != BAND for segment in segments):
        return None
    found = set[float]()
    with ctx.workprec(_BITS):
        for before, after in pairwise(segments):
            value = function.at(after.low).value
            if before.crosses or after.follows_crossing or (value is not None and value.is_zero()):
                found.add(after.low)
            elif value is None or not value.sign() or before.band != after.band:
                return None
    return Zeros(tuple(sorted(found)), (), ())


class _Finding:
    def __init__(self, function: ProvedFunction, branches: Branches, limit: Limit) -> None:
        self._function, self._limit = function, limit
        self._exact = {point.x: point for point in branches.points if point.is_exact}
        self._between: dict[float, list[BranchPoint]] = {}
        for point in branches.points:
            if not point.is_exact:
                self._between.setdefault(point.after, []).append(point)
        self._points: list[float] = []
        self._in_gaps: set[float] = set()
        """The doubles nearest to those between doubles."""
        self._stretches: list[tuple[float, float]] = []
        self._undecided: list[Undecided] = []

    def result(self) -> Zeros:
        """What has been found."""
        stretches = list(self._joined())
        single = {x for x in self._points if not any(self._is_in(x, part) for part in stretches)}
        undecided = merged(sorted(self._undecided))
        return Zeros(tuple(sorted(single)), tuple(stretches), tuple(undecided))

    def _is_in(self, x: float, stretch: Window) -> bool:
        """Whether a zero is in a stretch or at its end, which may be in the same gap."""
        low, high = stretch
        if x in self._in_gaps:
            low, high = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
        return low <= x <= high

    def on_piece(self, piece: Segment) -> None:
        """The zeros strictly inside a piece."""
        try:
            self._on_piece(piece)
        except OutOfTimeError:
            self._leave(piece.low, piece.high)

    def _on_piece(self, piece: Segment) -> None:
        low, high = piece.low, piece.high
        if piece.kind == CONSTANT:
            self._on_constant(low, high)
        elif piece.kind == BAND:
            self._on_monotone(piece)
        elif piece.kind == SWITCH_PLACE and is_monotone_between(self._function, low, high):
            self._in_gap(low, high)
        elif piece.kind != UNDEFINED_PIECE and not self._has_sign_beside_0(piece):
            around = self._function.on(low, high)
            if around.marks & NO_VALUE or not around.value.sign():
                self._leave(low, high)

    def _has_sign_beside_0(self, piece: Segment) -> bool:
        """Whether f has one sign between 0 and the smallest double."""
        if piece.kind != TINY:
            return False
        ring = germs_on(piece.low, piece.high)
        return any(self._has_sign_over(each) for each in (ring, ring.milder()))

    def _has_sign_over(self, ring: GermRing) -> bool:
        try:
            jet = self._function.germ(ring)
            return jet.has_value and bool(jet.value.sign())
        except UndecidedError:
            return False

    def _leave(self, low: float, high: float) -> None:
        self._undecided.append(Undecided(low, high, "whether f is 0 is not decided"))

    def _on_constant(self, low: float, high: float) -> None:
        inside = split(low, high)
        value = self._function.at((arb(low) + arb(high)) / 2 if inside is None else inside).value
        if value is not None and value.is_zero():
            self._stretches.append((low, high))
        elif value is None or not value.sign():
            self._leave(low, high)

    def _on_monotone(self, piece: Segment) -> None:
        low, high, rising = piece.low, piece.high, piece.band == 1
        ends = self._end(piece, 1), self._end(piece, -1)
        first, last = (_side_of_zero(end) for end in (ends if rising else ends[::-1]))
        if first is None or last is None:
            self._leave(low, high)
        elif first < 0 < last:
            with ctx.workprec(BITS):
                x = crossing(self._function, 0, ZERO, (low, high), rising=rising)
            if x is None:
                self._leave(low, high)
            else:
                self._points.append(x)

    def _end(self, piece: Segment, side: int) -> Interval | None:
        """The limit of f at the end of a piece, or what it is where it turns there."""
        x, turns = (piece.low, piece.follows_crossing) if side > 0 else (piece.high, piece.crosses)
        turn = at_turn(self._function, piece, side, _has_sign) if turns else None
        if turn is not None and _has_sign(turn):
            return Interval(turn)
        point = self._exact.get(x)
        if turns and (point is not None or piece.low == piece.high):
            return None if turn is None else Interval(turn)
        known = None if point is None else point.right if side > 0 else point.left
        return self._limit(x, side) if known is None else known

    def _in_gap(self, low: float, high: float) -> None:
        """Between adjacent doubles: at its branch points, or where the sign changes."""
        here = self._between.get(low, [])
        ends = [self._limit(low, 1)]
        for point in here:
            ends += [point.left, point.right]
            if point.value is not None and point.value.is_zero():
                self._points.append(point.x)
                self._in_gaps.add(point.x)
            elif point.value is not None and not point.value.sign():
                self._leave(low, high)
        ends.append(self._limit(high, -1))
        for left, right in zip(ends[::2], ends[1::2], strict=True):
            if left is None and right is None and here:  # f is not defined there
                continue
            signs = _side_of_zero(left), _side_of_zero(right)
            if None in signs or signs in ((-1, 1), (1, -1)):
                self._leave(low, high)

    def at_boundary(self, before: Segment, after: Segment) -> None:
        """Whether f is 0 at the double between two pieces, or turns at 0 close to it."""
        if before.kind == after.kind == UNDEFINED_PIECE:
            return
        try:
            self._at_boundary(before, after)
        except OutOfTimeError:
            self._leave(after.low, after.low)

    def _at_boundary(self, before: Segment, after: Segment) -> None:
        x = after.low
        if (point := self._exact.get(x)) is not None:
            value = point.value
            if value is None and point.kind == "removable":
                value = point.left
        else:
            value = self._function.at(x).value
        if value is None:
            return
        if value.is_zero():
            self._points.append(x)
        elif x not in self._exact and before.crosses and after.follows_crossing:
            self._at_turn(before if before.low == before.high else after, x)
        elif not value.sign():
            self._leave(x, x)

    def _at_turn(self, piece: Segment, x: float) -> None:
        """Whether f is 0 where a piece turns within half an ulp of x, where it is not 0."""
        turn = at_turn(self._function, piece, 1 if piece.low == x else -1, _has_sign)
        if turn is not None and turn.is_zero():
            self._points.append(x)
        elif turn is None or turn.contains(0):
            self._leave(math.nextafter(x, -math.inf), math.nextafter(x, math.inf))

    def _joined(self) -> Iterator[Window]:
        """The stretches, joined where f is 0 at their common end."""
        zero, joined = set(self._points), list[Window]()
        for low, high in sorted(self._stretches):
            goes_on = joined and joined[-1][1] == low and low in zero
            joined.append((joined.pop()[0] if goes_on else low, high))
        return ((outwards(low), outwards(high)) for low, high in joined)


def _has_sign(ball: arb) -> bool:
    return not ball.contains(0)


def _side_of_zero(limit: Interval | None) -> int | None:
    """The sign of a limit, 0 where it is exactly 0; None where that is not known."""
    if limit is None:
        return None
    return limit.sign() or (0 if limit.is_zero() else None)
