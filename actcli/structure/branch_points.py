"""Where f or f' is not continuous, and what f does on either side."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from flint import ctx

from actcli.expression.germ_ring import GermRing
from actcli.expression.intervals import Interval
from actcli.expression.jets import JUMP, NO_VALUE, PARTIAL, UNDEFINED
from actcli.structure.between import Spot, spots
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.search import (
    BAND,
    CONSTANT,
    OPEN,
    SWITCH_PLACE,
    TINY,
    UNDEFINED_PIECE,
    Segment,
)
from actcli.structure.sides import Side

JUMPS, KINK, POLE, REMOVABLE, EDGE, VERTICAL, SMOOTH = (
    "jump",
    "kink",
    "pole",
    "removable",
    "edge",
    "vertical",
    "smooth",
)

_BITS = (100, 400, 1000)
"""More precision, where what has to be told apart is close."""


class BranchPoint(NamedTuple):
    """A place where a formula changes its branch, has a hole, or begins or ends.

    What is not known, or does not exist, is None; balls enclose the numbers as closely as doubles.
    """

    x: float
    """The double nearest to the place."""
    after: float
    """The largest double that is not above it."""
    value: Interval | None
    """f there; None where it is not defined."""
    left: Interval | None
    """The limit of f from below, which may be infinite."""
    right: Interval | None
    slope_left: Interval | None
    """The limit of f' from below, which may be infinite."""
    slope_right: Interval | None
    kind: str
    """`jump`; `kink`; `pole` (a limit is infinite); `removable` (one limit of f from both sides,
    which f does not have there); `edge` (f is defined on one side only); `vertical` (f' goes to one
    infinity from both sides); `smooth` (f and f' are continuous)."""
    order: float | None
    """The lowest derivative that is not continuous, a hole being filled: 0 for a jump, 1 for a
    kink; infinite where all of them are continuous. None where it is not known, and at an edge."""
    is_exact: bool
    """Whether the place is that double."""


class Undecided(NamedTuple):
    """A part of the window, or a double, of which something is not proved."""

    low: float
    high: float
    why: str


class Branches(NamedTuple):
    """The branch points, ascending, and where there may be more."""

    points: tuple[BranchPoint, ...]
    undecided: tuple[Undecided, ...]


def branches(
    function: ProvedFunction, segments: Sequence[Segment], seconds: float = 1.0
) -> Branches:
    """The branch points of f between and beside the segments of a search that stops at kinks."""
    deadline = time.process_time() + seconds
    points: list[BranchPoint] = []
    undecided = [Undecided(s.low, s.high, "not decided") for s in segments if s.kind == OPEN]
    for low, high in _places(function, segments):
        if time.process_time() > deadline:
            undecided.append(Undecided(low, segments[-1].high, "too many branches"))
            break
        found = _at_double(function, low) if low == high else _between(function, low, high)
        if found is None:
            undecided.append(Undecided(low, high, "the kind of a branch point is not decided"))
        else:
            points += found
    return Branches(tuple(points), tuple(_merged(sorted(undecided))))


def _merged(parts: list[Undecided]) -> list[Undecided]:
    """Parts that touch, joined."""
    joined: list[Undecided] = []
    for part in parts:
        if joined and part.low <= joined[-1].high:
            last = joined.pop()
            part = Undecided(last.low, max(last.high, part.high), last.why)
        joined.append(part)
    return joined


def _places(function: ProvedFunction, segments: Sequence[Segment]) -> Iterator[tuple[float, float]]:
    """The doubles, and the pairs of adjacent doubles, at or between which f may not be analytic."""
    for before, after in pairwise([None, *segments]):
        assert after is not None
        if before is not None and _is_rough(function, before, after):
            yield after.low, after.low
        if after.kind in (SWITCH_PLACE, TINY):
            yield after.low, after.high


def _is_rough(function: ProvedFunction, before: Segment, after: Segment) -> bool:
    kinds = {before.kind, after.kind}
    if UNDEFINED_PIECE in kinds and kinds & {UNDEFINED_PIECE, BAND, CONSTANT} == kinds:
        return len(kinds) > 1
    with ctx.workprec(_BITS[0]):
        jet = function.at(after.low)
    if jet.marks & UNDEFINED and UNDEFINED_PIECE in kinds:
        return False
    derivatives = (jet.order(n) for n in range(3))
    return bool(jet.marks) or not all(q is None or q.is_finite() for q in derivatives)


def _at_double(function: ProvedFunction, x: float) -> list[BranchPoint] | None:
    """The branch point at a double, if it is one; None where that is not decided."""
    for bits in _BITS:
        with ctx.workprec(bits):
            here = function.at(x)
            place = _Place(
                Side(function, x, -1),
                Side(function, x, 1),
                None if here.marks & NO_VALUE or not here.value.is_finite() else here.value,
                _is_continuous(function, x),
            )
            known = place.kind()
            if known is not None:
                order = _filled(function, x) if known == (REMOVABLE, None) else known[1]
                return place.point(x, x, known[0], order, is_exact=True)
    return None


def _between(function: ProvedFunction, low: float, high: float) -> list[BranchPoint] | None:
    """The branch points between adjacent doubles; None where they are not decided."""
    for bits in _BITS:
        found = spots(function, low, high, bits)
        if found is None:
            continue
        with ctx.workprec(2 * bits + 120):
            points = [_at_spot(function, spot, low) for spot in found]
        if None not in points:
            return [point for some in points if some is not None for point in some]
    return None


def _at_spot(function: ProvedFunction, spot: Spot, after: float) -> list[BranchPoint] | None:
    ends = {float(spot.ball.lower()), float(spot.ball.upper())}
    left, right = (
        None if choices is None else Side(function, spot.ball, side, choices, spot.pinned)
        for choices, side in ((spot.left, -1), (spot.right, 1))
    )
    here = function.at(spot.ball, 0, spot.here, spot.pinned)
    defined = not here.marks & (NO_VALUE | PARTIAL) and here.value.is_finite()
    place = _Place(left, right, here.value if defined else None, spot.is_continuous)
    known = place.kind()
    if spot.is_continuous and spot.left == spot.right and known == (SMOOTH, None):
        return []
    if known is None or len(ends) > 1:
        return None
    return place.point(ends.pop(), after, *known, is_exact=False)


def _is_continuous(function: ProvedFunction, x: float) -> bool:
    """Whether f is made of what is continuous around a double."""
    if abs(x) == LARGEST:
        return False
    jet = function.on(math.nextafter(x, -math.inf), math.nextafter(x, math.inf))
    return not jet.marks & (JUMP | PARTIAL | NO_VALUE) and bool(jet.value.is_finite())


def _filled(function: ProvedFunction, x: float) -> float | None:
    """The order of a hole that is filled: infinite where f has a Taylor expansion around it."""
    ring = GermRing(2.0**-40 * (abs(x) or 1.0), centre=x, two_sided=True)
    jet = function.germ(ring)
    if jet.marks or jet.value.U is not None or jet.value.p < 0:
        return None
    return math.inf


class _Place:
    """What is known on both sides of a place, and at it."""

    def __init__(
        self, left: Side | None, right: Side | None, value: Interval | None, is_continuous: bool
    ) -> None:
        self._sides = [
            None if side is None or side.is_undefined else side for side in (left, right)
        ]
        self._value, self._is_continuous = value, is_continuous

    def point(
        self, x: float, after: float, kind: str, order: float | None, *, is_exact: bool
    ) -> list[BranchPoint]:
        """The branch point, if there is one."""
        if order == math.inf and kind == SMOOTH and self._value is not None and is_exact:
            return []
        left, right = (None if side is None else side.value for side in self._sides)
        below, above = (None if side is None else side.slope for side in self._sides)
        return [
            BranchPoint(x, after, self._value, left, right, below, above, kind, order, is_exact)
        ]

    def kind(self) -> tuple[str, float | None] | None:
        """The kind and the order; None where the kind is not decided."""
        sides = [side for side in self._sides if side is not None]
        limits = [side.value for side in sides if side.value is not None]
        if not limits or len(limits) < len(sides):
            return None
        if any(_is_infinite(limit) for limit in limits):
            return POLE, 0
        if len(limits) == 1:
            return EDGE, None
        left, right = limits
        agree = True if self._is_continuous else _same(left, right)
        if agree is None:
            return None
        if not agree:
            return JUMPS, 0
        if self._value is None or self._value.apart(left):
            return REMOVABLE, self._order(sides)
        if not self._is_continuous and not _same(self._value, left):
            return None
        return self._bend(sides)

    def _bend(self, sides: list[Side]) -> tuple[str, float | None] | None:
        order = self._order(sides)
        slopes = [side.slope for side in sides]
        if order is None and _same(*slopes) is None:
            return None
        if order == 1:
            return KINK, 1
        return (VERTICAL, 1) if _is_infinite(slopes[0]) else (SMOOTH, order)

    def _order(self, sides: list[Side]) -> float | None:
        """The lowest derivative, from the first, that differs; infinite where none does."""
        agree = _same(*(side.slope for side in sides))
        if agree is False:
            return 1
        if agree is None or _is_infinite(sides[0].slope):
            return None
        order = _first_difference(*(side.taylor for side in sides))
        if order is None:
            order = _first_difference(*(side.longer_taylor for side in sides))
        if order is not None:
            return order
        alike = [side.longer_taylor for side in sides if side.is_polynomial]
        if len(alike) == 2 and all(_same(*pair) for pair in zip(*alike, strict=True)):
            return math.inf
        return None


def _first_difference(left: list[Interval], right: list[Interval]) -> int | None:
    """The lowest order at which two expansions differ, all before being equal; None if unknown."""
    for order, (a, b) in enumerate(zip(left, right, strict=False)):
        if order < 2:
            continue
        if (agree := _same(a, b)) is not True:
            return order if agree is False else None
    return None


def _same(a: Interval | None, b: Interval | None) -> bool | None:
    """Whether two limits are one number; None where that is not known."""
    if a is None or b is None:
        return None
    if a.apart(b):
        return False
    exact = a.is_point and b.is_point and a.low.is_exact() and b.low.is_exact()
    return True if exact else None


def _is_infinite(limit: Any) -> bool:
    return limit is not None and limit.is_point and limit.low.is_exact() and not limit.is_finite()
