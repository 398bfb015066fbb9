"""What happens between two adjacent doubles: the numbers at which a branch ends, each in a ball."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from flint import arb, ctx

from actcli.expression.jets import JUMP, NO_VALUE, PARTIAL, UNDEFINED, UNKNOWN, Jet
from actcli.structure.boxes import zero_of
from actcli.structure.function import ProvedFunction

_BOXES = 300
_FINER = 24
"""Bits by which a cut at the zero of what decides narrows a box."""


class Spot(NamedTuple):
    """A number at which a branch ends, and what decides on either side of it."""

    ball: Any
    left: Mapping[int, Any] | None
    """The choices just below it; None where f is not defined there."""
    right: Mapping[int, Any] | None
    here: Mapping[int, Any]
    """The choices at the number itself."""
    pinned: frozenset[int]
    """The choices that are decided by something that is 0 exactly there."""
    is_continuous: bool
    """Whether f can only bend there."""


class _Box(NamedTuple):
    low: Any
    high: Any
    jet: Jet
    choices: Mapping[int, Any]
    deciding: Mapping[int, Jet]

    @property
    def is_undefined(self) -> bool:
        return bool(self.jet.marks & UNDEFINED) and not self.jet.marks & UNKNOWN

    @property
    def is_clean(self) -> bool:
        """Whether f is analytic all over it, or nowhere defined."""
        return self.is_undefined or (not self.jet.marks and _is_finite(self.jet))


def spots(function: ProvedFunction, low: float, high: float, bits: int) -> list[Spot] | None:
    """The numbers strictly between adjacent doubles at which f need not be analytic, ascending.

    Each in a ball of about that many bits more than a double has. None where they cannot be told
    apart from the doubles, from each other, or from more of their kind.
    """
    with ctx.workprec(2 * bits + 120):
        boxes = _cut(function, arb(low), arb(high), bits)
        if boxes is None:
            return None
        found: list[Spot] = []
        for before, rough, after in _runs(boxes):
            spot = _spot(function, before, rough, after)
            if spot is None:
                return None
            found.append(spot)
        return found


def _cut(function: ProvedFunction, low: Any, high: Any, bits: int) -> list[_Box] | None:
    """The boxes, ascending, that are clean or as narrow as asked for."""
    least = abs(low).max(abs(high)) * arb(2) ** (-53 - bits)
    waiting: list[tuple[Any, Any]] = [(low, high)]
    done: list[_Box] = []
    for _ in range(_BOXES):
        if not waiting:
            return done
        low, high = waiting.pop()
        box = _look(function, low, high)
        if box.is_clean or high - low <= least:
            done.append(box)
            continue
        with ctx.workprec(bits + 100):  # so few bits that lines are exact there
            ends = [low, *_inner(box, least), high]
        waiting += list(pairwise(ends))[::-1]
    return None


def _look(function: ProvedFunction, low: Any, high: Any) -> _Box:
    jet = function.on(low, high)
    return _Box(low, high, jet, function.choices, function.deciding)


def _inner(box: _Box, least: Any) -> list[Any]:
    """Where to cut a box: closely around the zero of what decides, else in the middle."""
    low, high = box.low, box.high
    for u in box.deciding.values():
        zero = zero_of(u, low, high)
        if zero is not None and zero.is_finite():
            around = ((high - low) * arb(2) ** -_FINER).max(least / 4).mid()
            middle = zero.mid()
            ends = [end for end in (middle - around, middle + around) if low < end < high]
            if ends:
                return [end.mid() for end in ends]
    return [((low + high) / 2).mid()]


def _runs(boxes: list[_Box]) -> Iterator[tuple[_Box | None, _Box, _Box | None]]:
    """Each run of rough boxes as one, with the clean ones beside it."""
    start = 0
    while start < len(boxes):
        if boxes[start].is_clean:
            start += 1
            continue
        stop = start
        while stop < len(boxes) and not boxes[stop].is_clean:
            stop += 1
        rough = boxes[start]._replace(high=boxes[stop - 1].high)
        yield (
            boxes[start - 1] if start else None,
            rough,
            boxes[stop] if stop < len(boxes) else None,
        )
        start = stop


def _spot(
    function: ProvedFunction, before: _Box | None, rough: _Box, after: _Box | None
) -> Spot | None:
    if before is None or after is None:
        return None
    box = _look(function, rough.low, rough.high)
    pinned = _pinned(function, box)
    if pinned is None:
        return None
    left, right = (None if side.is_undefined else side.choices for side in (before, after))
    here = {**(right or left or {}), **dict.fromkeys(pinned, 0)}
    if left is not None and right is not None:
        for key in left.keys() & right.keys():
            if key not in pinned and left[key] != right[key]:  # a step of a floor
                here[key] = max(left[key], right[key])
    open_marks = box.jet.marks & (JUMP | PARTIAL | NO_VALUE)
    return Spot(
        box.low.union(box.high),
        left,
        right,
        here,
        pinned,
        not open_marks and box.jet.value.is_finite(),
    )


def _pinned(function: ProvedFunction, box: _Box) -> frozenset[int] | None:
    """The choices whose deciding jets all pass through 0 at one number of a box."""
    ends = []
    for x in (box.low, box.high):
        function.at(x)
        ends.append(function.deciding)
    crossing = {
        key
        for key, u in box.deciding.items()
        if u.slope is not None and u.slope.sign() and _changes_sign(key, ends)
    }
    jets = [ends[0][key] for key in crossing]
    alone = len(box.deciding) == 1
    if not alone and (
        len(crossing) < len(box.deciding) or not all(_same_zero(jets[0], u) for u in jets[1:])
    ):
        return None
    return frozenset(crossing)


def _changes_sign(key: int, ends: list[Mapping[int, Jet]]) -> bool:
    jets = [end.get(key) for end in ends]
    return all(u is not None for u in jets) and (
        jets[0].value.sign() * jets[1].value.sign() == -1  # type: ignore[union-attr]
    )


def _same_zero(u: Jet, w: Jet) -> bool:
    """Whether two jets at a number belong to functions with the same zero: lines, or one value."""
    if u is w or (u.value is w.value and u.slope is w.slope):
        return True
    if u.slope is None or w.slope is None or u.curvature is not None or w.curvature is not None:
        return False
    return bool((u.value.ball * w.slope.ball - w.value.ball * u.slope.ball).is_zero())


def _is_finite(jet: Jet) -> bool:
    return all(q is None or q.is_finite() for q in (jet.order(n) for n in range(3)))
