"""The ranges of `saturation`, held against the second opinion."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from flint import arb

from tests.referee.course import Box, Gap
from tests.referee.opinion import FAR, Opinion


def faults_of_saturation(opinion: Opinion, found: Any, eps: float) -> Iterator[str]:
    """Ranges on which |f'| < eps."""
    up, down = opinion.courses.signs(1, arb(eps)), opinion.courses.signs(1, -arb(eps))
    inside = list(_both(up, down))
    outside = [b for b in up if b.sign == 1] + [b for b in down if b.sign == -1]
    ranges = [(r.low, r.high) for r in found.ranges]
    for a, b in inside:
        is_listed = any(low <= a and b <= high for low, high in ranges)
        is_open = any(low <= a and b <= high for low, high, _ in found.open)
        if not is_listed and not is_open and (found.proved or not _is_touched((a, b), ranges)):
            yield f"eps {eps}: {a!r}..{b!r} is flat, of {_near(ranges, a)}"
    for box in outside:
        for low, high in ranges:
            is_wide = high - low > 4 * math.ulp(low)  # else the doubles around a narrow one
            if is_wide and low < box.high and box.low < high:
                yield f"eps {eps}: {box.low!r}..{box.high!r} is steep, but {low!r}..{high!r}"
    for (_, b), (c, _) in pairwise(inside):
        gap = Gap(b, c)
        if b < c and gap.is_narrow and not any(b <= o.low and o.high <= c for o in outside):
            jumps = opinion.jumps_in(gap) if c - b <= 16 * math.ulp(c) + 1e-25 else None
            joined = any(low < b and c < high for low, high in ranges)
            if jumps is True and joined:
                yield f"eps {eps}: joined across a jump at {b!r}"
            slopes = opinion.sides(gap)
            small = slopes is not None and all(s is not None and abs(s[1]) < eps for s in slopes)
            if found.proved and jumps is False and small and not joined:
                yield f"eps {eps}: cut in two at {b!r}, where f goes on"
    if found.proved:
        yield from _far_faults(opinion, ranges, eps)


def _far_faults(opinion: Opinion, ranges: Any, eps: float) -> Iterator[str]:
    if not opinion.is_whole:
        return
    for x in _doubles_out_there():
        slope = opinion.value(x, 1)
        if slope is None:
            continue
        covered = any(low < x < high for low, high in ranges)
        if abs(slope) < eps and not covered and not any(x in r for r in ranges):
            yield f"eps {eps}: |f'({x!r})| = {slope.str(5)} is flat and not listed"
        if abs(slope) > eps and covered:
            yield f"eps {eps}: |f'({x!r})| = {slope.str(5)} is steep and listed"


def _both(up: list[Box], down: list[Box]) -> Iterator[tuple[float, float]]:
    """Where f' is below the one level and above the other."""
    under = [b for b in up if b.sign == -1]
    over = [b for b in down if b.sign == 1]
    i = j = 0
    while i < len(under) and j < len(over):
        low, high = max(under[i].low, over[j].low), min(under[i].high, over[j].high)
        if low < high:
            yield low, high
        if under[i].high <= over[j].high:
            i += 1
        else:
            j += 1


def _is_touched(box: tuple[float, float], ranges: Any) -> bool:
    return any(low < box[1] and box[0] < high for low, high in ranges)


def _near(ranges: Any, x: float) -> str:
    best = sorted(ranges, key=lambda r: min(abs(r[0] - x), abs(r[1] - x)))[:2]
    return str(best)


def _doubles_out_there() -> Iterator[float]:
    for digits in FAR[:-2]:
        yield float(digits)
        yield -float(digits)
