"""Where a function has a value: all but some maximal intervals, and single numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from actcli.formula.jets.jets import NO_VALUE, PARTIAL, OutOfTimeError
from actcli.structure.boxes import Window
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.points.branch_point import REMOVABLE, BranchPoint
from actcli.structure.points.branch_points import Branches, merged
from actcli.structure.points.places import has_value
from actcli.structure.search.segments import (
    BAND,
    CONSTANT,
    OPEN,
    SWITCH_PLACE,
    TINY,
    UNDEFINED_PIECE,
    Segment,
)
from actcli.structure.undecided import Undecided

DOMAIN = "domain"
"""What is not known where it is not decided whether there is a value."""

_NO_BOX = {UNDEFINED_PIECE, SWITCH_PLACE, TINY}
"""Pieces that hold no box with a value."""


class Stretch(NamedTuple):
    """An interval, by the doubles nearest to its ends, or a number, which both ends are then."""

    low: float
    high: float
    low_included: bool | None
    """Whether the lower end belongs to it; null where that is not decided."""
    high_included: bool | None
    """Whether the upper end belongs to it."""


class Domain(NamedTuple):
    """Where f has no value inside the window, a hole being filled by the limit there."""

    no_value: tuple[Stretch, ...]
    """The maximal stretches on which there is none, but at isolated numbers maybe; ascending."""
    undecided: tuple[Undecided, ...]
    """Where it is not decided whether f has a value."""
    is_empty: bool = False
    """Whether f has no value in the whole window, but at what is isolated among the doubles."""

    @property
    def doubtful(self) -> tuple[Stretch, ...]:
        """Where f has no value, and where it may have none."""
        return (*self.no_value, *(Stretch(*place[:2], True, True) for place in self.undecided))

    def within(self, window: Window | None) -> Domain:
        """The same for what lies in a closed window."""
        if window is None:
            return self
        low, high = window
        parts = (_clipped(one, low, high) for one in self.no_value)
        places = (
            place._replace(low=max(place.low, low), high=min(place.high, high))
            for place in self.undecided
        )
        return self._replace(
            no_value=tuple(one for one in parts if one is not None),
            undecided=tuple(place for place in places if place.low <= place.high),
        )


def domain(function: ProvedFunction, pieces: Sequence[Segment], branches: Branches) -> Domain:
    """Where f has no value.

    Args:
        function: f.
        pieces: the segments of a search that stops at kinks.
        branches: the branch points between them.
    """
    walk = _Walk(function, branches.points, pieces[0].low)
    for piece in pieces:
        if piece.kind in (UNDEFINED_PIECE, BAND, CONSTANT):
            walk.over(piece, has_value=piece.kind != UNDEFINED_PIECE)
        elif piece.kind == OPEN and not has_value_on(function, piece.low, piece.high):
            walk.lost_on(piece)
    walk.ends()
    unknown = [
        Undecided(*place[:2], DOMAIN)
        for place in branches.undecided
        if place.low < place.high or not any(map(partial(_is_end, place.low), walk.found))
        if not has_value_on(function, *place[:2])
    ]
    unknown += [Undecided(x, x, DOMAIN) for one in walk.found for x in _unknown_ends(one)]
    undecided = merged(sorted([*walk.undecided, *unknown]))
    is_empty = not may_have_value(pieces) and not branches.points
    return Domain(tuple(walk.found), tuple(undecided), is_empty)


def may_have_value(pieces: Sequence[Segment]) -> bool:
    """Whether some of the pieces may hold a box with a value."""
    return any(piece.kind not in _NO_BOX for piece in pieces)


def has_value_on(function: ProvedFunction, low: float, high: float) -> bool:
    """Whether f is seen to have a value all over a box."""
    try:
        jet = function.on(low, high) if low < high else function.at(low)
    except OutOfTimeError:
        return False
    return not jet.marks & (NO_VALUE | PARTIAL)


def _is_end(x: float, one: Stretch) -> bool:
    """Whether a number is an end of which it is known whether it belongs to the stretch."""
    ends = (one.low, one.low_included), (one.high, one.high_included)
    return any(end == x and known is not None for end, known in ends)


def _unknown_ends(one: Stretch) -> Iterator[float]:
    if one.low_included is None:
        yield one.low
    if one.high_included is None:
        yield one.high


def without(stretches: Sequence[Stretch], others: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """What lies in the ones and not in the others."""
    left = [*stretches]
    for other in others:
        left = [part for one in left for part in _less(one, other)]
    return tuple(left)


def _less(one: Stretch, other: Stretch) -> Iterator[Stretch]:
    """What is left of a stretch on both sides of another one; an open end where not decided."""
    below = one._replace(high=other.low, high_included=not other.low_included)
    above = one._replace(low=other.high, low_included=not other.high_included)
    if _last(one) < _first(other) or _last(other) < _first(one):
        yield one
        return
    yield from (part for part in (below, above) if _first(part) <= _last(part))


def _first(one: Stretch) -> tuple[float, int]:
    """Its lower end, just above the double where that does not belong to it."""
    return one.low, 0 if one.low_included else 1


def _last(one: Stretch) -> tuple[float, int]:
    return one.high, 0 if one.high_included else -1


class _Walk:
    """From left to right over the branch points and the pieces between them."""

    def __init__(self, function: ProvedFunction, points: Sequence[BranchPoint], low: float) -> None:
        self._function = function
        self._points = sorted(points, key=lambda point: (point.after, not point.is_exact, point.x))
        self._passed, self._reached = 0, low
        self._start: tuple[float, bool | None] | None = None
        """Where what has no value began."""
        self.found: list[Stretch] = []
        self.undecided: list[Undecided] = []

    def over(self, piece: Segment, *, has_value: bool) -> None:
        """Go over a piece that has a value everywhere, or nowhere."""
        self._to(piece.low)
        if has_value is (self._start is not None):  # as no branch point says
            self._doubt(piece.low)
            if has_value:
                self._end(self._reached, self._is_missing(self._reached))
            else:
                self._begin(piece.low)
        self._reached = piece.high

    def lost_on(self, piece: Segment) -> None:
        """Go over a piece that may have a value in places."""
        self._to(piece.low)
        self._end(self._reached, self._is_missing(self._reached))
        self._doubt(piece.high)
        self._reached = piece.high

    def ends(self) -> None:
        """Come to the end of the window."""
        self._to(math.inf)
        if self._reached >= LARGEST:
            self._end(math.inf, False)
        else:
            self._end(self._reached, self._is_missing(self._reached))

    def _begin(self, x: float) -> None:
        self._start = (-math.inf, False) if x <= -LARGEST else (x, self._is_missing(x))

    def _doubt(self, x: float) -> None:
        if self._reached < x:
            self.undecided.append(Undecided(self._reached, x, DOMAIN))

    def _is_missing(self, x: float) -> bool | None:
        """Whether f has no value at a double; None where that is not known."""
        try:
            known = has_value(self._function.at(x))
        except OutOfTimeError:
            return None
        return None if known is None else not known

    def _to(self, x: float) -> None:
        """Take the points up to what begins at a double."""
        for point in self._before(x):
            self._take(point)

    def _before(self, x: float) -> Iterator[BranchPoint]:
        while self._passed < len(self._points):
            point = self._points[self._passed]
            if point.after > x or (point.after == x and not point.is_exact):
                return
            self._passed += 1
            yield point

    def _take(self, point: BranchPoint) -> None:
        is_missing = None if point.has_value is None else not point.has_value
        if point.left is None:
            if self._start is None:
                self._begin(point.after)
            self._end(point.x, is_missing)
        if point.right is None:
            self._start = point.x, is_missing
        elif point.left is not None and point.kind != REMOVABLE:
            if is_missing:
                self.found.append(Stretch(point.x, point.x, True, True))
            elif is_missing is None:
                self.undecided.append(Undecided(point.x, point.x, DOMAIN))

    def _end(self, x: float, is_missing: bool | None) -> None:
        if self._start is not None:
            low, is_low_missing = self._start
            self.found.append(Stretch(low, x, is_low_missing, is_missing))
            self._start = None


def _clipped(one: Stretch, low: float, high: float) -> Stretch | None:
    """The part of a stretch in a closed window; None where there is none."""
    if one.low < low:
        one = one._replace(low=low, low_included=True)
    if one.high > high:
        one = one._replace(high=high, high_included=True)
    return one if _first(one) <= _last(one) else None
