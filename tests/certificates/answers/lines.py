"""The lines that f approaches, and how far in from the ends it keeps near them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb

from tests.certificates.claims import Claim, confirm
from tests.certificates.course import Course, break_at, breaks_beside
from tests.certificates.doubles import agrees, beyond, high_end, low_end, same
from tests.certificates.function import Function, Line, RefutedError, UnconfirmedError

Said = Mapping[str, Any]


def line(f: Function, said: Said | None, end: float, window: Any) -> None:
    """That f approaches this line at an end, or none."""
    try:
        found = f.line(end)
    except UnconfirmedError:
        if said is None and window is not None:
            return
        raise
    if said is None or found is None:
        same("a line", said, found)
        return
    agrees("the slope of a line", said["slope"], found.m)
    agrees("the level of a line", said["intercept"], found.c)


def value_ranges(
    f: Function, course: Course, said: Sequence[Said], eps: float, window: Any
) -> None:
    """That f is within eps of its lines on these unbounded intervals, clipped, and no further.

    Such an interval ends where f jumps.
    """
    left, left_over = window or (-math.inf, math.inf), [*said]
    for end in (-math.inf, math.inf) if eps else ():
        try:
            found = f.line(end)
        except UnconfirmedError:
            if window is None:
                raise
            continue
        if found is None:
            continue
        mine = [
            one for one in said if (low_end(one["low"]) <= left[0]) == (end < 0) or _is_all(one)
        ]
        if not mine:
            if window is None:
                raise RefutedError(f"f comes near to a line at {end}")
            continue
        one = mine[0] if end < 0 else mine[-1]
        left_over = [other for other in left_over if other is not one]
        _value_range(f, one, found, eps, left)
        low, high = low_end(one["low"]), high_end(one["high"])
        if any(b.is_jump and low < b.x < high for b in course.breaks):
            raise RefutedError(f"f jumps between {low} and {high}")
    same("value ranges", left_over, [])


def _is_all(one: Said) -> bool:
    return one["low"] is None and one["high"] is None


def _value_range(f: Function, one: Said, found: Line, eps: float, window: Any) -> None:
    agrees("the slope of a value range", one["slope"], found.m)
    agrees("the level of a value range", one["intercept"], found.c)
    low, high = low_end(one["low"]), high_end(one["high"])
    ends = (low, high) if found.end < 0 else (high, low)
    if ends[0] not in (found.end, window[found.end > 0]):
        raise RefutedError(f"a value range from {low} to {high} does not reach {found.end}")
    edge, inwards = ends[1], 1 if found.end > 0 else -1
    near, rest = arb(edge), f.less(found)
    if math.isfinite(edge) and edge not in window:
        near = beyond(edge, inwards)
        _ends_there(rest, edge, -inwards, eps)
    elif math.isfinite(edge) or edge != -found.end:
        same("the end of a value range", edge, window[found.end < 0])
    far = arb(found.end)
    confirm(rest, *((near, far) if inwards > 0 else (far, near)), Claim(0, -eps, eps, True))


def _ends_there(rest: Function, edge: float, outwards: int, eps: float) -> None:
    """That f jumps, or is as far from the line as eps, within half an ulp."""
    out = rest.at(beyond(edge, outwards))[0]
    breaks = [break_at(rest, edge), *breaks_beside(rest, edge)]
    if out is None or abs(out.v) >= eps or any(b.is_jump for b in breaks):
        return
    sides = [side.v for b in breaks for side in (b.left, b.right) if side is not None]
    if not any(bool(abs(v) >= eps) for v in sides):
        raise RefutedError(f"f keeps within {eps} of its line beyond {edge}")
