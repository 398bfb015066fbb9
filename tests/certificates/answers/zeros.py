"""Where a function is 0, derived once more from its monotone pieces."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from flint import arb

from tests.certificates.course import Course
from tests.certificates.doubles import beyond, high_end, inside, low_end, same
from tests.certificates.function import Function, RefutedError
from tests.present import present


def zeros(
    f: Function, course: Course, points: Sequence[float], stretches: Sequence[Any], window: Any
) -> None:
    """That f is 0 at these numbers and on these intervals, and nowhere else in the window."""
    zero_on = _zero_on(f, course)
    said = [(low_end(one["low"]), high_end(one["high"])) for one in stretches]
    same("where f is 0 throughout", said, zero_on)
    wanted, allowed = [], []
    for piece in course.pieces:
        if piece.way:
            first, last = present(f.beside(piece.low, 1)), present(f.beside(piece.high, -1))
            if first.v * piece.way < 0 < last.v * piece.way:
                wanted.append((piece.low, piece.high))
            elif any(end.v.contains(0) and not end.v.is_zero() for end in (first, last)):
                allowed.append((piece.low, piece.high))
    for b in course.breaks:
        if b.is_zero and not any(low <= b.x <= high for low, high in zero_on):
            wanted.append((b.x, b.x))
        elif b.low != b.high or b.may_turn_at_0:
            allowed.append((b.low, b.high))
    for x in points:
        around = [[w for w in some if w[0] <= x <= w[1]] for some in (wanted, allowed)]
        if not any(around):
            raise RefutedError(f"no zero at {x}")
        low, high = min(around[0] or around[1], key=lambda place: place[1] - place[0])
        if around[0]:
            wanted.remove((low, high))
        if low != high:
            _passes_0(f, x)
    low, high = window or (-math.inf, math.inf)
    missing = [place for place in wanted if low <= place[0] and place[1] <= high]
    if missing:
        raise RefutedError(f"a zero is missing: {missing}")


def _zero_on(f: Function, course: Course) -> list[tuple[float, float]]:
    """The maximal intervals on which f is 0."""
    found: list[tuple[float, float]] = []
    for piece in course.pieces:
        if piece.way == 0:
            middle = f.at(inside(arb(piece.low), arb(piece.high)))[0]
            if middle is not None and middle.v.is_zero():
                here = course.at.get(piece.low)
                if found and found[-1][1] == piece.low and here is not None and here.is_zero:
                    found[-1] = found[-1][0], piece.high
                else:
                    found.append((piece.low, piece.high))
    return found


def _passes_0(f: Function, x: float) -> None:
    """That f changes its sign within half an ulp."""
    left, right = (f.at(beyond(x, side), 1200)[0] for side in (-1, 1))
    if left is None or right is None or not left.v * right.v <= 0:
        raise RefutedError(f"no sign is changed at {x}")
