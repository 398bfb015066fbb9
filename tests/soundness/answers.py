"""What is said of a formula as a whole, against its values: pieces, jumps, limits, ranges, zeros.

Everything that is said to be undecided is left out. What is certain is compared alone: two balls
that overlap refute nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random
from typing import Any

from flint import arb, ctx

from actcli.formula.expression import expression
from actcli.formula.jets.intervals import Interval
from actcli.structure.flat_ranges import FlatRanges
from actcli.structure.function import LARGEST
from actcli.structure.points.branch_point import EDGE, JUMPS, POLE, REMOVABLE, BranchPoint
from actcli.structure.points.zeros import Zeros
from actcli.structure.search.segments import BAND, CONSTANT, UNDEFINED_PIECE, Segment
from actcli.structure.structure import Structure
from actcli.structure.symmetries.symmetry import EVEN, ODD
from tests.soundness.enclosures import inside, is_missed, near, places
from tests.soundness.evaluation import UnclearError, value

_FINE = 9000
"""Bits of differences."""
_MOST = 24
"""Pieces, points or ranges of one formula that are looked at."""
_CLOSE = 2.0**-20
"""How far, relative to it, a slope beside an edge may be from eps."""


class Sampled:
    """A formula's values at chosen numbers, ascending."""

    def __init__(self, text: str, seed: int) -> None:
        self.text, self.random = text, Random(seed)
        self.points: list[tuple[Any, Any]] = []

    def add(self, numbers: Sequence[Any]) -> list[tuple[Any, Any]]:
        """The values at these numbers, as far as they are clear; None where there is none."""
        new = [(arb(x), at) for x in numbers if (at := self.at(x)) is not False]
        self.points += new
        return new

    def at(self, x: Any, enough: int = 200) -> Any:
        """The value, None where there is none, False where that is unclear."""
        try:
            return value(self.text, x, enough)
        except UnclearError:
            return False

    def quotient(self, x: Any, y: Any, enough: int = 200) -> Any | None:
        """The difference quotient of two numbers."""
        with ctx.workprec(_FINE):
            u, v = self.at(x, enough), self.at(y, enough)
            if u is None or v is None or u is False or v is False:
                return None
            return (v - u) / (arb(y) - arb(x))

    def slope(self, x: Any, side: int = 0, short: Any = None) -> Any | None:
        """A ball around f' at an exact number, but for the curvature on a very short interval.

        Args:
            x: the number.
            side: -1 or 1 for the slope on that side alone.
            short: the length of the interval, if not 2**-200 relative to x.
        """
        with ctx.workprec(_FINE):
            x = arb(x)
            size = arb(1) if x.is_zero() else abs(x).min(arb(1))
            h = arb(2) ** -200 * size if short is None else short
            bits = 100 + int(float((abs(x).max(arb(1)) / h).log().mid()) / math.log(2))
            if side:
                return self.quotient(x + side * h, x + 2 * side * h, bits)
            below, above = self.quotient(x - h, x, bits), self.quotient(x, x + h, bits)
            return None if below is None or above is None else below.union(above)


def wrong_answers(
    text: str, seed: int, seconds: float = 0.5, eps: float | None = None
) -> Iterator[str]:
    """What is refuted of the answers about a formula, in words."""
    structure = Structure(expression(text), seconds=seconds)
    sampled = Sampled(text, seed)
    eps = eps or sampled.random.choice((1e-3, 0.1, 1e-9, 10.0 ** sampled.random.uniform(-20, 1)))
    yield from _pieces(structure, sampled)
    yield from _branches(structure, sampled)
    yield from _hidden(structure, sampled)
    yield from _ends(structure, sampled)
    sampled.add(places(text, sampled.random))
    yield from _flat(structure.flat(eps), eps, structure, sampled)
    points = sorted(sampled.points, key=lambda p: _Order(p[0]))
    yield from _heights(structure, points)
    yield from _slopes(structure, points)
    yield from _zeros("zeros", structure.zeros, structure, points, sampled)
    less_x = Sampled(f"({text}) - x", seed)
    shifted = [(x, None if v is None else v - x) for x, v in points]
    yield from _zeros("fixed points", structure.fixed_points, structure, shifted, less_x)
    yield from _symmetry(structure, sampled)


class _Order:
    def __init__(self, x: Any) -> None:
        self.x = x

    def __lt__(self, other: _Order) -> bool:
        return bool(self.x < other.x)


def _some(random: Random, things: Sequence[Any]) -> list[Any]:
    return list(things) if len(things) <= _MOST else random.sample(list(things), _MOST)


def _numbers_in(low: float, high: float, random: Random) -> list[Any]:
    """Numbers strictly inside an interval that may be unbounded."""
    return inside(arb(max(low, -LARGEST)), arb(min(high, LARGEST)), random)


# -- monotone pieces


def _pieces(structure: Structure, sampled: Sampled) -> Iterator[str]:
    for piece in _some(sampled.random, structure.pieces):
        if piece.kind not in (BAND, CONSTANT, UNDEFINED_PIECE):
            continue
        points = sampled.add(_numbers_in(piece.low, piece.high, sampled.random))
        yield from _piece(piece, points)


def _piece(piece: Segment, points: list[tuple[Any, Any]]) -> Iterator[str]:
    what = f"{piece.kind} {piece.band} on ({piece.low!r}, {piece.high!r})"
    for x, v in points:
        if (v is None) != (piece.kind == UNDEFINED_PIECE):
            yield f"{what}: {_shown(v)} at {_shown(x)}"
            return
    if piece.kind == UNDEFINED_PIECE:
        return
    for (x, u), (y, v) in pairwise(points):
        wrong = not u.overlaps(v) if piece.kind == CONSTANT else v < u if piece.band else v > u
        if x < y and wrong:
            yield f"{what}: {_shown(u)} at {_shown(x)}, {_shown(v)} at {_shown(y)}"


# -- branch points


def _branches(structure: Structure, sampled: Sampled) -> Iterator[str]:
    branches = structure.branches
    for point in _some(sampled.random, branches.points):
        if point.is_exact:
            yield from _branch(point, sampled)


def _branch(point: BranchPoint, sampled: Sampled) -> Iterator[str]:
    what = f"{point.kind} at {point.x!r}"
    here = sampled.at(point.x)
    if here is not False and (here is None) != (point.value is None):
        yield f"{what}: {point.value!r}, but {_shown(here)}"
    is_known = here is not None and here is not False
    if is_known and point.value is not None and _apart(here, point.value):
        yield f"{what}: {point.value!r}, but {_shown(here)}"
    limits = {-1: (point.left, point.slope_left), 1: (point.right, point.slope_right)}
    close = {}
    for side, (limit, slope) in limits.items():
        points = close[side] = near(sampled.text, arb(point.x), side)
        if points is None:
            continue
        if limit is not None and is_missed(limit, points):
            yield f"{what}, side {side}: {limit!r}, but {[_shown(v) for _, v in points]}"
        beside = near(sampled.text, arb(point.x), side, (80, 500, 1300)) or []
        quotients = [(x, sampled.slope(x, side, abs(x - point.x) / 2**100)) for x, _ in beside]
        known = quotients and None not in (q for _, q in quotients)
        if slope is not None and known and is_missed(slope, quotients):
            yield f"{what}, slope {side}: {slope!r}, but {[_shown(q) for _, q in quotients]}"
    if close[-1] is None or close[1] is None:
        return
    gaps = [abs(u - v) for (_, u), (_, v) in zip(close[-1], close[1], strict=True)]
    stays = gaps[2] > 0.5 * gaps[1]
    if stays and point.kind not in (JUMPS, POLE):
        yield f"{what}: jumps by {_shown(gaps[2])}"
    if point.kind == JUMPS and gaps[2] < 0.5 * gaps[1] and gaps[1] < 0.5 * gaps[0]:
        lonely = here is not None and here is not False and not here.overlaps(close[1][-1][1])
        if not lonely:
            yield f"{what}: continuous, {_shown(gaps[2])}"


def _hidden(structure: Structure, sampled: Sampled) -> Iterator[str]:
    """Jumps and kinks that halving meets, and that no branch point explains."""
    found = places(sampled.text, sampled.random)
    ends = [x for p in structure.branches.points[:4] for x in (p.x, p.after) if abs(x) < 1e300]
    for _ in range(3):
        low, high = sorted(sampled.random.sample([*found, *ends], 2))
        for order in (0, 1):
            place = _halved(sampled, arb(low), arb(high), order)
            if place is not None and not _is_explained(structure, *place, order):
                yield f"{('jump', 'kink')[order]} at {_shown(place[0])} is not known"


def _halved(sampled: Sampled, low: Any, high: Any, order: int) -> tuple[Any, Any] | None:
    """Where f (or f') keeps changing by as much, however closely it is looked at."""
    with ctx.workprec(_FINE):
        if not high > low:
            return None
        first = None
        for n in range(1400):
            at = [low + (high - low) * k / 4 for k in range(5)]
            heights = [sampled.at(x) for x in at]
            if any(v is None or v is False for v in heights):
                return None
            if order:
                width = at[1] - at[0]
                heights = [(v - u) / width for u, v in pairwise(heights)]
            changes = [abs(v - u) for u, v in pairwise(heights)]
            most = max(
                range(len(changes)),
                key=lambda i: float(changes[i].mid().log()) if changes[i] > 0 else -math.inf,
            )
            change = changes[most]
            if not change > 0:
                return None
            if n == 12:
                first = change
            if first is not None and not change > first / 4:
                return None
            start = min(most, 2)
            low, high = at[start], at[start + 2]
        return low, high


def _is_explained(structure: Structure, low: Any, high: Any, order: int) -> bool:
    for point in structure.branches.points:
        span = 2 * math.ulp(point.x)
        if low - span <= point.x <= high + span:
            known = point.order is None or point.order <= order
            return known or point.kind in (EDGE, POLE, REMOVABLE)
    return _is_undecided([*structure.branches.undecided], low)


def _is_undecided(parts: Sequence[Any], place: Any) -> bool:
    return any(
        part[0] - math.ulp(part[0]) <= place <= part[1] + math.ulp(part[1]) for part in parts
    )


# -- ends


def _ends(structure: Structure, sampled: Sampled) -> Iterator[str]:
    for side, end in zip((-1, 1), structure.ends, strict=True):
        if end is None:
            continue
        points = near(sampled.text, arb(0), side, at_infinity=True)
        if points is None:
            continue
        if is_missed(end.value, points):
            yield f"end {side}: {end.value!r}, but {[_shown(v) for _, v in points]}"
        if end.coefficients is not None:
            m, c = end.coefficients
            with ctx.workprec(_FINE):
                rest = [(x, v - m * x) for x, v in points]
            if m.is_exact() and is_missed(Interval(c), rest):
                yield f"end {side}: line {end.line}, but {[_shown(v) for _, v in rest]}"


# -- ranges of small slope


def _flat(found: FlatRanges, eps: float, structure: Structure, sampled: Sampled) -> Iterator[str]:
    level = arb(eps)
    for one in _some(sampled.random, found.ranges):
        what = f"|f'| < {eps!r} on ({one.low!r}, {one.high!r})"
        inner = math.nextafter(one.low, math.inf), math.nextafter(one.high, -math.inf)
        points = sampled.add(_numbers_in(*inner, sampled.random) if inner[0] < inner[1] else [])
        for (x, u), (y, v) in pairwise(points):
            if u is None or v is None:
                yield f"{what}: no value at {_shown(x)} or {_shown(y)}"
            elif x < y and abs(q := _divided(x, u, y, v)) >= level:
                yield f"{what}: {_shown(q)} from {_shown(x)} to {_shown(y)}"
        for edge in (one.low, one.high):
            if not math.isfinite(edge) or _is_undecided(found.undecided, edge):
                continue
            if abs(edge) == LARGEST or _breaks(structure, edge):
                continue
            if not _stops(sampled, edge, level):
                yield f"{what}: goes on beyond {edge!r}"
    for x in _between(found, sampled):
        if any(
            one.low - math.ulp(one.low) <= x <= one.high + math.ulp(one.high)
            for one in found.ranges
        ):
            continue
        if _is_undecided(found.undecided, x):
            continue
        slope = sampled.slope(x)
        if slope is not None and abs(slope) < level * (1 - _CLOSE):
            point = next((p for p in structure.branches.points if p.x == x), None)
            if point is None:
                yield f"|f'| < {eps!r} at {x!r}: {_shown(slope)}, but it is in no range"


def _divided(x: Any, u: Any, y: Any, v: Any) -> Any:
    with ctx.workprec(_FINE):
        return (v - u) / (y - x)


def _breaks(structure: Structure, edge: float) -> bool:
    return any(
        abs(point.x - edge) <= math.ulp(edge) and (point.order == 0 or point.kind == EDGE)
        for point in structure.branches.points
    )


def _stops(sampled: Sampled, edge: float, level: Any) -> bool:
    """Whether a slope comes up to the level beside an edge, f has no value there, or breaks."""
    unit = math.ulp(edge)
    numbers = [edge + k * unit for k in (-2, -1, 0, 1, 2)]
    for x in numbers:
        slopes = [sampled.slope(x, side) for side in (-1, 1)]
        if any(q is None or not abs(q) < level * (1 - _CLOSE) for q in slopes):
            return True
    quotients = [sampled.quotient(x, y) for x, y in pairwise(numbers)]
    return any(q is None or not abs(q) < level for q in quotients)


def _between(found: FlatRanges, sampled: Sampled) -> Iterator[float]:
    """Doubles that are in no range, mostly."""
    yield from places(sampled.text, sampled.random)
    for before, after in pairwise(_some(sampled.random, found.ranges)):
        if before.high < after.low:
            yield sampled.random.uniform(before.high, after.low)
    for one in found.ranges[:6]:
        for edge, side in ((one.low, -1), (one.high, 1)):
            if math.isfinite(edge):
                yield edge + side * abs(edge) * 10.0 ** sampled.random.uniform(-14, 0)


# -- heights, slopes, zeros, symmetry


def _heights(structure: Structure, points: list[tuple[Any, Any]]) -> Iterator[str]:
    found = structure.range
    if found is None:
        return
    low, high = (arb(bound.value) for bound in found)
    for x, v in points:
        if v is None:
            continue
        if v < low - math.ulp(found.low.value) or v > high + math.ulp(found.high.value):
            yield f"range {found}: {_shown(v)} at {_shown(x)}"


def _slopes(structure: Structure, points: list[tuple[Any, Any]]) -> Iterator[str]:
    most = structure.steepness
    if not math.isfinite(most.bound):
        return
    for (x, u), (y, v) in pairwise(points):
        if u is None or v is None or not x < y:
            continue
        q = abs(_divided(x, u, y, v))
        if q > arb(most.bound) * (1 + arb(2) ** -50):
            yield f"Lipschitz {most}: {_shown(q)} from {_shown(x)} to {_shown(y)}"


def _zeros(
    what: str, found: Zeros, structure: Structure, points: list[tuple[Any, Any]], sampled: Sampled
) -> Iterator[str]:
    random = sampled.random
    for x in _some(random, found.points):
        yield from _zero(what, x, sampled)
    for one in _some(random, found.stretches):
        low, high = one
        for x in _numbers_in(low, high, random):
            v = sampled.at(x)
            if v is None or (v is not False and not v.contains(0)):
                yield f"{what} on {one}: {_shown(v)} at {_shown(x)}"
    for x, v in points:
        if v is not None and v.is_zero() and not _has_zero(found, structure, x, x):
            yield f"{what}: {_shown(x)} is missing"
    for (x, u), (y, v) in pairwise(points):
        if u is None or v is None or not ((u > 0 and v < 0) or (u < 0 and v > 0)):
            continue
        if not _has_zero(found, structure, x, y):
            yield f"{what}: changes sign between {_shown(x)} and {_shown(y)}"


def _zero(what: str, x: float, sampled: Sampled) -> Iterator[str]:
    unit = math.ulp(x)
    below, at, above = (sampled.at(x + k * unit) for k in (-1, 0, 1))
    if any(v is None or v is False for v in (below, at, above)):
        return
    changes = not (below > 0 and above > 0) and not (below < 0 and above < 0)
    touches = not abs(at) > abs(below) or not abs(at) > abs(above)
    if not changes and not touches:
        yield f"{what}: no zero near {x!r}: {_shown(below)}, {_shown(at)}, {_shown(above)}"


def _has_zero(found: Zeros, structure: Structure, x: Any, y: Any) -> bool:
    """Whether a zero, a branch point or something undecided explains a change of sign."""

    def meets(low: float, high: float) -> bool:
        return bool(low - math.ulp(low) <= y and x <= high + math.ulp(high))

    return (
        any(meets(at, at) for at in found.points)
        or any(meets(*one) for one in found.stretches)
        or any(meets(*part[:2]) for part in found.undecided)
        or any(meets(p.x, p.x) for p in structure.branches.points if p.kind != REMOVABLE or p.value)
        or any(meets(*part[:2]) for part in structure.branches.undecided)
    )


def _symmetry(structure: Structure, sampled: Sampled) -> Iterator[str]:
    found = structure.symmetry
    if found is None or found.kind not in (EVEN, ODD):
        return
    for x in places(sampled.text, sampled.random):
        u, v = sampled.at(x), sampled.at(-x)
        if u is False or v is False:
            continue
        same = (u is None) == (v is None)
        if not same or (u is not None and not u.overlaps(v if found.kind == EVEN else -v)):
            yield f"{found.kind}: {_shown(u)} at {x!r}, {_shown(v)} at {-x!r}"


def _apart(ball: Any, interval: Interval) -> bool:
    return bool(ball < interval.low.lower() or ball > interval.high.upper())


def _shown(ball: Any) -> str:
    return "no value" if ball is None else str(arb(ball).str(17))[:60]
