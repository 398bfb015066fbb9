"""What is said of the ranges on which a formula's slope is small."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter
from typing import Any

from flint import arb, ctx

from actcli.structure.flat_ranges import FlatRanges
from actcli.structure.function import LARGEST
from actcli.structure.points.branch_point import EDGE
from actcli.structure.structure import Structure
from tests.soundness.numbers import places, shown
from tests.soundness.sampled import FINE, Sampled, divided, is_undecided, numbers_in, some

_CLOSE = 2.0**-20
"""How far, relative to it, a slope beside an edge may be from eps."""

_HALVINGS, _MOST = 80, 8
"""Of what is between two doubles, and the parts of it that are followed."""


def flat(found: FlatRanges, eps: float, structure: Structure, sampled: Sampled) -> Iterator[str]:
    level = arb(eps)
    for one in some(sampled.random, found.ranges):
        what = f"|f'| < {eps!r} on ({one.low!r}, {one.high!r})"
        inner = math.nextafter(one.low, math.inf), math.nextafter(one.high, -math.inf)
        points = sampled.add(numbers_in(*inner, sampled.random) if inner[0] < inner[1] else [])
        for (x, u), (y, v) in pairwise(points):
            if u is None or v is None:
                yield f"{what}: no value at {shown(x)} or {shown(y)}"
            elif x < y and abs(q := divided(x, u, y, v)) >= level:
                yield f"{what}: {shown(q)} from {shown(x)} to {shown(y)}"
        for edge in (one.low, one.high):
            if not math.isfinite(edge) or is_undecided(found.undecided, edge):
                continue
            if abs(edge) == LARGEST or _breaks(structure, edge):
                continue
            if not stops(sampled, edge, level):
                yield f"{what}: goes on beyond {edge!r}"
    for x in _between(found, sampled):
        if any(
            one.low - math.ulp(one.low) <= x <= one.high + math.ulp(one.high)
            for one in found.ranges
        ):
            continue
        if is_undecided(found.undecided, x):
            continue
        if all(_is_below(sampled.slope(x, short=short), level) for short in (None, _short(x))):
            slope = sampled.slope(x)
            point = next((p for p in structure.branches.points if p.x == x), None)
            if point is None:
                yield f"|f'| < {eps!r} at {x!r}: {shown(slope)}, but it is in no range"


def _breaks(structure: Structure, edge: float) -> bool:
    return any(
        abs(point.x - edge) <= math.ulp(edge) and (point.order == 0 or point.kind == EDGE)
        for point in structure.branches.points
    )


def stops(sampled: Sampled, edge: float, level: Any) -> bool:
    """Whether a slope comes up to the level beside an edge, f has no value there, or breaks."""
    unit = math.ulp(edge)
    numbers = [edge + k * unit for k in (-2, -1, 0, 1, 2)]
    for x in numbers:
        slopes = [sampled.slope(x, side) for side in (-1, 1)]
        if any(q is None or not abs(q) < level * (1 - _CLOSE) for q in slopes):
            return True
    quotients = [sampled.quotient(x, y) for x, y in pairwise(numbers)]
    if any(q is None or not abs(q) < level for q in quotients):
        return True
    return any(_is_steep_within(sampled, arb(x), arb(y), level) for x, y in pairwise(numbers))


def _is_steep_within(sampled: Sampled, low: Any, high: Any, level: Any) -> bool:
    """Whether a needle stands between two doubles: it is looked for where f may change most."""
    boxes = [(low, high)]
    with ctx.workprec(FINE):
        for _ in range(_HALVINGS):
            halves = [half for a, b in boxes for m in [(a + b) / 2] for half in ((a, m), (m, b))]
            ranked = sorted(((sampled.spread(*half), half) for half in halves), key=itemgetter(0))
            boxes = [half for spread, half in ranked[-_MOST:] if spread > float(level) / 2]
            quotients = [sampled.quotient(*box) for box in boxes]
            if any(q is None or not abs(q) < level for q in quotients):
                return True
    return False


def _is_below(slope: Any, level: Any) -> bool:
    return slope is not None and bool(abs(slope) < level * (1 - _CLOSE))


def _short(x: float) -> Any:
    """So short a way that floors of large numbers are passed by none."""
    return (abs(arb(x)) if x else arb(1)) * arb(2) ** -3000


def _between(found: FlatRanges, sampled: Sampled) -> Iterator[float]:
    """Doubles that are in no range, mostly."""
    yield from places(sampled.text, sampled.random)
    for before, after in pairwise(some(sampled.random, found.ranges)):
        if before.high < after.low:
            yield sampled.random.uniform(before.high, after.low)
    for one in found.ranges[:6]:
        for edge, side in ((one.low, -1), (one.high, 1)):
            if math.isfinite(edge):
                yield edge + side * abs(edge) * 10.0 ** sampled.random.uniform(-14, 0)
