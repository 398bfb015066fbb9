"""The range of f, also on an interval: its infimum and supremum, and whether f has them."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise, takewhile
from typing import NamedTuple

from flint import arb, ctx

from actcli.formula.jets.intervals import INFINITY, MINUS_INFINITY, Interval
from actcli.formula.jets.jets import UndecidedError
from actcli.structure.asymptotes import nearest
from actcli.structure.boxes import germs_on
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.points.branch_point import BranchPoint
from actcli.structure.points.branch_points import Branches
from actcli.structure.points.turn import at_turn
from actcli.structure.search.between import is_monotone_between
from actcli.structure.search.segments import (
    BAND,
    CONSTANT,
    SWITCH_PLACE,
    TINY,
    Segment,
)
from actcli.structure.symmetries.beyond import Part, is_decided

_BITS = 200

Limit = Callable[[float, int], Interval | None]


class Bound(NamedTuple):
    """An infimum or a supremum."""

    value: float
    """Infinite where there is none."""
    is_attained: bool | None
    """Whether f takes it, a hole being filled; None where that is not known."""


class ValueRange(NamedTuple):
    """All that f is between, on the open window."""

    low: Bound
    high: Bound


class _Value(NamedTuple):
    """A number that f comes near to, and whether it is one of its values."""

    ball: arb
    is_attained: bool | None
    """None where that is not known."""
    is_one: bool = True
    """Whether it is one number, not all in a ball around many."""


def value_range(
    function: ProvedFunction,
    pieces: Sequence[Segment],
    branches: Branches,
    limit: Limit,
    beyond: Sequence[Part] = (),
) -> ValueRange | None:
    """The range of f from its monotone pieces; None where it is not decided.

    Args:
        function: f.
        pieces: the monotone pieces.
        branches: the branch points between them.
        limit: the one-sided limit of f at a double, or at the ends.
        beyond: the open pieces, and what else counts.
    """
    if not is_decided(beyond, branches):
        return None
    with ctx.workprec(_BITS):
        values = [*_values(function, pieces, branches, limit), *_beyond(beyond)]
        known = [value for value in values if value is not None]
        if len(known) < len(values) or not known:
            return None
        low = _least(known)
        high = _least([value._replace(ball=-value.ball) for value in known])
        if low is None or high is None:
            return None
        return ValueRange(low, Bound(-high.value + 0.0, high.is_attained))


def _values(
    function: ProvedFunction, pieces: Sequence[Segment], branches: Branches, limit: Limit
) -> Iterator[_Value | None]:
    """What f comes near to at all ends of its pieces; None where it is not known."""
    passed = {point.x for point in branches.points if point.is_exact}
    passed |= {
        after.low
        for before, after in pairwise(pieces)
        if before.kind == after.kind == BAND and before.band == after.band
    }
    window = pieces[0].low, pieces[-1].high
    flat = [piece for piece in pieces if piece.kind == CONSTANT]
    starts, stops = ({piece.low for piece in flat}, {piece.high for piece in flat})
    for point in branches.points:
        right = point.after if point.is_exact else math.nextafter(point.after, math.inf)
        yield from _at_point(point, point.after in stops, right in starts)
    for piece in pieces:
        if piece.kind == SWITCH_PLACE:
            if not is_monotone_between(function, piece.low, piece.high):
                around = function.on(piece.low, piece.high).value
                yield None if around is None else _Value(around.ball, None, is_one=False)
        elif piece.kind == CONSTANT:
            yield _on_flat(piece, limit)
        elif piece.kind == BAND:
            for x, side in ((piece.low, 1), (piece.high, -1)):
                turns = piece.crosses if side < 0 else piece.follows_crossing
                inside = window[0] < x < window[1]
                if turns and abs(x) < LARGEST:
                    turn = at_turn(function, piece, side)
                    yield None if turn is None else _Value(turn, True)
                elif x not in passed:
                    yield _at_end(limit(x, side), attained=inside)
        elif piece.kind == TINY:
            if not _goes_one_way(function, piece):
                yield _all_over(function, piece)
            if 0.0 not in passed:
                yield _at_end(limit(0.0, 1 if piece.low == 0 else -1), attained=True)


def _beyond(parts: Sequence[Part]) -> Iterator[_Value]:
    """What f comes near to on parts that are not cut into pieces, and all around it there."""
    for part in parts:
        if not part.is_undefined:
            for end in (part.values.low, part.values.high):
                is_never = part.is_never_zero and end.is_zero()
                yield _Value(end, False if is_never else None, is_one=False)
            yield from (_Value(limit, False) for limit in part.limits)


def _goes_one_way(function: ProvedFunction, tiny: Segment) -> bool:
    """Whether f is monotone between 0 and the smallest double."""
    try:
        jet = function.germ(germs_on(tiny.low, tiny.high))
        return not jet.marks and (jet.slope is None or bool(jet.slope.sign()))
    except UndecidedError:
        return False


def _all_over(function: ProvedFunction, tiny: Segment) -> _Value | None:
    """All that f is between 0 and the smallest double."""
    try:
        jet = function.germ(ring := germs_on(tiny.low, tiny.high).milder())
        around = ring.range(jet.value) if jet.has_value else None
    except UndecidedError:
        return None
    if around is None or not around.is_finite():
        return None
    return _Value(around.ball, None, is_one=False)


def _on_flat(piece: Segment, limit: Limit) -> _Value | None:
    """The one value on a constant piece, where it is known at an end."""
    for x, side in ((piece.low, 1), (piece.high, -1), (_inside(piece), 1)):
        found = limit(x, side)
        if found is not None and found.is_point and found.is_finite():
            return _Value(found.ball, True)
    return None


def _inside(piece: Segment) -> float:
    return piece.low / 2 + piece.high / 2


def _at_point(point: BranchPoint, *flat: bool) -> Iterator[_Value | None]:
    """The limits and the value at a branch point, on whose sides f may be constant."""
    for limit, is_flat in zip((point.left, point.right), flat, strict=True):
        if limit is not None:
            is_taken = point.is_continuous or is_flat or _agree(point.value, limit)
            yield _Value(limit.ball, is_taken)
    if point.value is not None:
        yield _Value(point.value.ball, True)


def _agree(value: Interval | None, limit: Interval) -> bool | None:
    """Whether a limit is the value at a place where f jumps; None where that is not known."""
    if value is None or value.apart(limit):
        return False
    exact = value.ball.is_exact() and limit.ball.is_exact()
    return True if value is limit or exact else None


def _at_end(limit: Interval | None, *, attained: bool) -> _Value | None:
    return None if limit is None or not limit.is_point else _Value(limit.ball, attained)


def _least(values: list[_Value]) -> Bound | None:
    """The smallest, and whether it is attained; None where it is not known well enough."""
    numbers = [value for value in values if value.is_one]
    if not numbers:
        return None
    smallest = min(value.ball.lower() for value in numbers)
    least = min(value.ball.upper() for value in numbers)
    if smallest == MINUS_INFINITY or least == INFINITY:
        return Bound(float(smallest), False)
    if nearest(smallest) != nearest(least):  # as of what may be 0
        return None
    around = [value for value in values if not value.is_one]
    bottom = min((value.ball.lower() for value in around), default=INFINITY)
    if bottom < least and nearest(bottom) != nearest(least):
        return None
    near = [value for value in numbers if not value.ball.lower() > least]
    near_around = [value for value in around if not value.ball.lower() > least]
    return Bound(nearest(least), _is_attained(near, near_around, least))


def _is_attained(near: list[_Value], around: list[_Value], least: arb) -> bool | None:
    """Whether the least number is a value, from those near it and what f may do elsewhere."""
    attained = {value.is_attained for value in near}
    if any(value.ball.lower() < least for value in around):
        return None
    if attained == {True} or (True in attained and all(value.ball.is_exact() for value in near)):
        return True
    return False if attained | {value.is_attained for value in around} == {False} else None


class Extent(NamedTuple):
    """The infimum and the supremum of f on an open interval."""

    low: float
    high: float


def extent(
    function: ProvedFunction,
    pieces: Sequence[Segment],
    low: float,
    high: float,
    limit: Limit,
) -> Extent:
    """The infimum and supremum, from the one-sided limits at the ends of the pieces."""
    values: list[arb] = []
    start = bisect_right(pieces, low, key=lambda piece: piece.high)
    for piece in takewhile(lambda piece: piece.low < high, islice(pieces, start, None)):
        if piece.kind not in (BAND, CONSTANT):
            continue
        for x, side, turns in (
            (max(piece.low, low), 1, piece.follows_crossing and piece.low >= low),
            (min(piece.high, high), -1, piece.crosses and piece.high <= high),
        ):
            turn = at_turn(function, piece, side) if turns else None
            found = limit(x, side) if turn is None else Interval(turn)
            if found is not None and not math.isnan(number(found)):
                values.append(found.low)
    if not values:
        return Extent(math.nan, math.nan)
    return Extent(
        _alike(min(map(arb.lower, values)), min(map(arb.upper, values))),
        _alike(max(map(arb.lower, values)), max(map(arb.upper, values))),
    )


def _alike(low: arb, high: arb) -> float:
    """The double nearest to both; NaN where there are two."""
    return near if (near := nearest(low)) == nearest(high) else math.nan


def number(limit: Interval | None) -> float:
    """The double nearest to a limit; NaN where it is not known."""
    return math.nan if limit is None or (low := nearest(limit.low)) != nearest(limit.high) else low
