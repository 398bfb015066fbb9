"""What is said of a formula's branch points, and jumps and kinks that are not said."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from flint import arb, ctx

from actcli.formula.jets.intervals import Interval
from actcli.structure.points.branch_point import EDGE, JUMPS, POLE, REMOVABLE, BranchPoint
from actcli.structure.structure import Structure
from tests.soundness.numbers import is_missed, near, places, shown
from tests.soundness.sampled import FINE, Sampled, is_undecided, some

_BEGUN, _LASTING = 12, 200
"""Halvings after which a change is large, and so many by which one that is smooth is lost."""
_NARROW = arb(2) ** -2500
"""Less than the width of a ramp or of a bend that the numbers of a formula can make."""


def branches(structure: Structure, sampled: Sampled) -> Iterator[str]:
    branches = structure.branches
    for point in some(sampled.random, branches.points):
        if point.is_exact:
            yield from _branch(point, sampled)


def _branch(point: BranchPoint, sampled: Sampled) -> Iterator[str]:
    what = f"{point.kind} at {point.x!r}"
    here = sampled.at(point.x)
    if here is not False and (here is None) != (point.value is None):
        yield f"{what}: {point.value!r}, but {shown(here)}"
    is_known = here is not None and here is not False
    if is_known and point.value is not None and _apart(here, point.value):
        yield f"{what}: {point.value!r}, but {shown(here)}"
    limits = {-1: (point.left, point.slope_left), 1: (point.right, point.slope_right)}
    close = {}
    for side, (limit, slope) in limits.items():
        points = close[side] = near(sampled.text, arb(point.x), side)
        if points is None:
            continue
        if limit is not None and is_missed(limit, points):
            yield f"{what}, side {side}: {limit!r}, but {[shown(v) for _, v in points]}"
        beside = near(sampled.text, arb(point.x), side, (80, 500, 1300)) or []
        quotients = [(x, sampled.slope(x, side, abs(x - point.x) / 2**100)) for x, _ in beside]
        known = quotients and None not in (q for _, q in quotients)
        if slope is not None and known and is_missed(slope, quotients):
            yield f"{what}, slope {side}: {slope!r}, but {[shown(q) for _, q in quotients]}"
    if close[-1] is None or close[1] is None:
        return
    gaps = [abs(u - v) for (_, u), (_, v) in zip(close[-1], close[1], strict=False)]
    stays = gaps[2] > 0.5 * gaps[1]
    if stays and point.kind not in (JUMPS, POLE):
        yield f"{what}: jumps by {shown(gaps[2])}"
    if point.kind == JUMPS and gaps[2] < 0.5 * gaps[1] and gaps[1] < 0.5 * gaps[0]:
        lonely = here is not None and here is not False and not here.overlaps(close[1][-1][1])
        if not lonely:
            yield f"{what}: continuous, {shown(gaps[2])}"


def hidden(structure: Structure, sampled: Sampled) -> Iterator[str]:
    """Jumps and kinks that halving meets, and that no branch point explains."""
    found = places(sampled.text, sampled.random)
    ends = [x for p in structure.branches.points[:4] for x in (p.x, p.after) if abs(x) < 1e300]
    for _ in range(3):
        low, high = sorted(sampled.random.sample([*found, *ends], 2))
        for order in (0, 1):
            place = halved(sampled, arb(low), arb(high), order)
            if place is not None and not _is_explained(structure, *place, order):
                yield f"{('jump', 'kink')[order]} at {shown(place[0])} is not known"


def halved(sampled: Sampled, low: Any, high: Any, order: int) -> tuple[Any, Any] | None:
    """Where f (or f') keeps changing by as much, however closely it is looked at."""
    with ctx.workprec(FINE):
        if not high > low:
            return None
        sizes: list[Any] = []
        while True:
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
            sizes.append(change)
            if len(sizes) > _BEGUN and not change > sizes[_BEGUN] / 4:
                return None
            start = min(most, 2)
            low, high = at[start], at[start + 2]
            if len(sizes) > 2 * _LASTING and high - low < _NARROW:
                return (low, high) if change > sizes[-_LASTING] / 4 else None


def _is_explained(structure: Structure, low: Any, high: Any, order: int) -> bool:
    for point in structure.branches.points:
        span = 2 * math.ulp(point.x)
        if low - span <= point.x <= high + span:
            known = point.order is None or point.order <= order
            return known or point.kind in (EDGE, POLE, REMOVABLE)
    return is_undecided([*structure.branches.undecided], low)


def _apart(ball: Any, interval: Interval) -> bool:
    return bool(ball < interval.low.lower() or ball > interval.high.upper())
