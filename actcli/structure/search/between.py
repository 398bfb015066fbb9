"""What happens between two adjacent doubles: the numbers at which a branch ends, each in a ball."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from flint import arb, ctx

from actcli.formula.jets.intervals import Interval
from actcli.formula.jets.jet_signs import Choice
from actcli.formula.jets.jets import JUMP, NO_VALUE, PARTIAL, UNDEFINED, UNKNOWN, Jet
from actcli.structure.boxes import zeros_of
from actcli.structure.function import ProvedFunction

_BOXES = 300
_FEW = 100
_FINER = 60
"""Bits by which a cut at the zero of what decides narrows a box."""


class Spot(NamedTuple):
    """A number at which a branch ends, and what decides on either side of it."""

    ball: arb
    left: Mapping[int, Choice] | None
    """The choices just below it; None where f is not defined there."""
    right: Mapping[int, Choice] | None
    here: Mapping[int, Choice]
    """The choices at the number itself."""
    pinned: frozenset[int]
    """The choices that are decided by something that is 0 exactly there."""
    steps: frozenset[int]
    """The floors whose arguments are the whole numbers in `here` exactly there."""
    is_continuous: bool
    """Whether f can only bend there."""


class _Box(NamedTuple):
    low: arb
    high: arb
    jet: Jet
    choices: Mapping[int, Choice]
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
        boxes = _boxes(function, low, high, bits)
        if boxes is None:
            return None
        found: list[Spot] = []
        for before, rough, after in _runs(boxes):
            spot = _spot(function, before, rough, after)
            if spot is None:
                return None
            found.append(spot)
        return found


def is_monotone_between(function: ProvedFunction, low: float, high: float) -> bool:
    """Whether f is proved to be monotone on each part between adjacent doubles and the spots."""
    with ctx.workprec(2 * _FEW + 120):
        boxes = _boxes(function, low, high, _FEW)
    return boxes is not None and all(
        box.is_undefined or not box.is_clean or _is_monotone(box.jet.slope) for box in boxes
    )


def _is_monotone(slope: Interval | None) -> bool:
    return slope is None or bool(slope.low >= 0 or slope.high <= 0)


def _boxes(function: ProvedFunction, low: float, high: float, bits: int) -> list[_Box] | None:
    """The boxes that what lies between two doubles is cut into, found once."""
    boxes: list[_Box] | None = function.once(
        ("boxes", low, high), lambda: _cut(function, arb(low), arb(high), bits)
    )
    return boxes


def _cut(function: ProvedFunction, low: arb, high: arb, bits: int) -> list[_Box] | None:
    """The boxes, ascending, that are clean or as narrow as asked for."""
    least = abs(low).max(abs(high)) * arb(2) ** (-53 - bits)
    waiting: list[tuple[arb, arb]] = [(low, high)]
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
            ends = [low, *_inner(function, box, least), high]
        waiting += list(pairwise(ends))[::-1]
    return None


def _look(function: ProvedFunction, low: arb, high: arb) -> _Box:
    jet = function.on(low, high)
    return _Box(low, high, jet, function.choices, function.deciding)


def _inner(function: ProvedFunction, box: _Box, least: arb) -> list[arb]:
    """Where to cut a box: closely around the zero of what decides, else in the middle."""
    low, high = box.low, box.high
    for zero in zeros_of(function, box.deciding, low, high):
        if zero.is_finite():
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
    left, right = (None if side.is_undefined else side.choices for side in (before, after))
    steps = _steps(left or {}, right or {})
    crossing = _crossing(function, box, steps)
    if crossing is None:
        return None
    here = {**(right or left or {}), **dict.fromkeys(crossing, 0), **steps}
    open_marks = box.jet.marks & (JUMP | PARTIAL | NO_VALUE)
    is_continuous = not open_marks and box.jet.value.is_finite()
    pinned = frozenset(crossing - steps.keys())
    return Spot(
        ball=box.low.union(box.high),
        left=left,
        right=right,
        here=here,
        pinned=pinned,
        steps=frozenset(steps),
        is_continuous=is_continuous,
    )


def _steps(left: Mapping[int, Choice], right: Mapping[int, Choice]) -> dict[int, Choice]:
    """The whole numbers that the arguments of floors pass."""
    shared = left.keys() & right.keys()
    return {
        key: left[key].max(right[key])
        for key in shared
        if isinstance(left[key], arb) and isinstance(right[key], arb) and left[key] != right[key]
    }


def _crossing(
    function: ProvedFunction, box: _Box, steps: Mapping[int, Choice]
) -> frozenset[int] | None:
    """The choices that may change in a box, all because their deciding jets are 0 at one number."""
    ends = []
    for x in (box.low, box.high):
        function.at(x)
        choices = function.choices
        ends.append(
            {
                key: u if key not in steps else _less(u, steps[key] - choices[key])
                for key, u in function.deciding.items()
            }
        )
    for key, u in box.deciding.items():
        jets = [end.get(key) for end in ends]
        passes = u.slope is not None and u.slope.sign()
        if not passes or jets[0] is None or jets[1] is None:
            return None
        if jets[0].value.sign() * jets[1].value.sign() != -1:
            return None
    zeros = [ends[0][key] for key in box.deciding]
    if not all(_same_zero(zeros[0], u) for u in zeros[1:]):
        return None
    return frozenset(box.deciding)


def _less(u: Jet, number: arb) -> Jet:
    return Jet(u.value - Interval(number), u.slope, u.curvature)


def _same_zero(u: Jet, w: Jet) -> bool:
    """Whether two jets at a number belong to functions with the same zero: lines, or one value."""
    if u is w or (u.value is w.value and u.slope is w.slope):
        return True
    if u.slope is None or w.slope is None or u.curvature is not None or w.curvature is not None:
        return False
    return bool((u.value.ball * w.slope.ball - w.value.ball * u.slope.ball).is_zero())


def _is_finite(jet: Jet) -> bool:
    return all(q is None or q.is_finite() for q in (jet.order(n) for n in range(3)))
