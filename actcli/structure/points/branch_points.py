"""Where f or f' is not continuous over a window."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from flint import ctx

from actcli.formula.jets.jets import UNDEFINED, OutOfTimeError, UndecidedError
from actcli.structure.asymptotes import nearest
from actcli.structure.boxes import Window, germs_on
from actcli.structure.function import ProvedFunction
from actcli.structure.points.branch_point import BranchPoint
from actcli.structure.points.places import at_double, between
from actcli.structure.search.search import BITS
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


class Branches(NamedTuple):
    """The branch points, ascending, and where there may be more."""

    points: tuple[BranchPoint, ...]
    undecided: tuple[Undecided, ...]

    @property
    def steepest(self) -> float:
        """The largest of the one-sided slopes at them."""
        slopes = [slope for p in self.points for slope in (p.slope_left, p.slope_right)]
        return max((nearest(abs(slope.ball)) for slope in slopes if slope is not None), default=0.0)

    def is_decided_but_on(self, parts: Sequence[Window]) -> bool:
        """Whether all is decided outside of some parts of the line."""
        return all(
            any(low <= place.low and place.high <= high for low, high in parts)
            for place in self.undecided
        )


def branches(
    function: ProvedFunction, segments: Sequence[Segment], calm: Collection[float] = ()
) -> Branches:
    """The branch points of f between and beside the segments of a search that stops at kinks.

    They are none of the doubles that are known to be `calm`.
    """
    points: list[BranchPoint] = []
    undecided = [Undecided(s.low, s.high, "not decided") for s in segments if s.kind == OPEN]
    reached = segments[0].low
    try:
        for low, high in _places(function, segments, calm):
            reached = low
            found = at_double(function, low) if low == high else between(function, low, high)
            if found is None:
                undecided.append(Undecided(low, high, "the kind of a branch point is not decided"))
            else:
                points += found
    except OutOfTimeError:
        undecided.append(Undecided(reached, segments[-1].high, "too many branches"))
    return Branches(tuple(points), tuple(merged(sorted(undecided))))


def merged(parts: list[Undecided]) -> list[Undecided]:
    """Parts that touch, joined."""
    joined: list[Undecided] = []
    for part in parts:
        if joined and part.low <= joined[-1].high:
            last = joined.pop()
            part = Undecided(last.low, max(last.high, part.high), last.why)
        joined.append(part)
    return joined


def _places(
    function: ProvedFunction, segments: Sequence[Segment], calm: Collection[float]
) -> Iterator[tuple[float, float]]:
    """The doubles, and the pairs of adjacent doubles, at or between which f may not be analytic."""
    for before, after in pairwise([None, *segments]):
        assert after is not None
        is_seen = before is None or before.low == after.low or after.low in calm
        if before is not None and not is_seen and _is_rough(function, before, after):
            yield after.low, after.low
        if after.kind == SWITCH_PLACE or (after.kind == TINY and not _is_calm(function, after)):
            yield after.low, after.high


def _is_calm(function: ProvedFunction, tiny: Segment) -> bool:
    """Whether f is analytic between 0 and the smallest double on one side."""
    try:
        jet = function.germ(germs_on(tiny.low, tiny.high))
    except UndecidedError:
        return False
    return not jet.marks


def _is_rough(function: ProvedFunction, before: Segment, after: Segment) -> bool:
    kinds = {
        BAND if one.kind == TINY and _is_calm(function, one) else one.kind
        for one in (before, after)
    }
    if UNDEFINED_PIECE in kinds and kinds & {UNDEFINED_PIECE, BAND, CONSTANT} == kinds:
        return len(kinds) > 1
    with ctx.workprec(BITS):
        jet = function.at(after.low)
    if jet.marks & UNDEFINED and UNDEFINED_PIECE in kinds:
        return False
    derivatives = (jet.order(n) for n in range(3))
    return bool(jet.marks) or not all(q is None or q.is_finite() for q in derivatives)
