"""Kinks, extrema, the range and the way that f goes, derived once more from its monotone pieces."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from flint import arb

from tests.certificates.answers.suprema import FAR_OUT, LARGE
from tests.certificates.claims import Claim, confirm
from tests.certificates.course import Break, Course, least
from tests.certificates.doubles import agrees, same
from tests.certificates.function import Function, RefutedError, UnconfirmedError
from tests.present import present


def facts(f: Function, course: Course, said: Mapping[str, Any]) -> None:
    """That all of them are as is said."""
    low, high = said["window"] or (-math.inf, math.inf)
    kinks = [b for b in course.breaks if b.is_kink and low <= b.x <= high]
    same("kinks", [kink["x"] for kink in said["kinks"]], [b.x for b in kinks])
    for one, b in zip(said["kinks"], kinks, strict=True):
        _kink(one, b)
    tops = []
    for before, b, after in course.junctions():
        if before.way is not None and after.way is not None and low <= b.x <= high:
            kind = {1: "maximum", -1: "minimum"}.get(b.stands_out(before.way, after.way))
            tops += [(b.x, kind, b.filled)] if kind else []
    same("extrema", [(e["x"], e["kind"]) for e in said["extrema"]], [top[:2] for top in tops])
    for one, (_, _, value) in zip(said["extrema"], tops, strict=True):
        agrees("the value of an extremum", one["value"], value)
    _range(f, course, said["range"], said["window"])
    ways = {p.way for p in course.pieces if p.way is not None}
    ways |= {way for b in course.breaks for way in b.ways}
    same("monotone", said["monotone"], _monotone(ways))


def _kink(one: Mapping[str, Any], b: Break) -> None:
    for side, name in ((b.left, "left"), (b.right, "right")):
        agrees(f"value_{name}", one[f"value_{name}"], present(side).v)
        agrees(f"derivative_{name}", one[f"derivative_{name}"], present(side).d)
    sides = [present(side).v for side in (b.left, b.right)]
    if b.low == b.high:
        agrees("value", one["value"], arb("nan") if b.value is None else b.value)
    elif all(_differs(one["value"], value) for value in sides):
        raise RefutedError(f"{one['value']} is none of {sides}")


def _differs(said: float | None, value: Any) -> bool:
    try:
        agrees("value", said, value)
    except RefutedError:
        return True
    return False


def _range(f: Function, course: Course, said: Mapping[str, Any], window: Any) -> None:
    """That f has this infimum and this supremum, and whether it takes them."""
    for end, sign in (("low", 1), ("high", -1)):
        found = course.values_on(*(window or (-math.inf, math.inf)))
        values = [(sign * value, taken) for value, taken in found]
        lowest = least([value for value, _ in values])
        taken = {taken for value, taken in values if value.overlaps(lowest)}
        if window is not None and said[end] is None:
            lowest, taken = arb("-inf"), {False}
            far = [here.v * sign for x in FAR_OUT if (here := f.at(x)[0]) is not None]
            if not any(bool(value < -LARGE) for value in far):
                raise UnconfirmedError(f"the {end} end of the range")
        elif window is not None:
            _keeps_above(f, sign, lowest)
            taken |= {
                any(_turns(f, x) for x in window if present(f.at(x)[0]).v.overlaps(sign * lowest))
            }
        agrees(f"the {end} end of the range", said[end], sign * lowest)
        is_taken = lowest.is_finite() and (True in taken or (None if None in taken else False))
        same(f"whether the {end} end is taken", said[f"{end}_attained"], is_taken)


def _turns(f: Function, x: float) -> bool:
    """Whether f turns beside a double at which the window ends."""
    left, right = (f.at(math.nextafter(x, way * math.inf))[0] for way in (-1, 1))
    return left is not None and right is not None and bool(left.d * right.d < 0)


def _keeps_above(f: Function, sign: int, lowest: Any) -> None:
    """That a function which turns for ever keeps to what it does in its window."""
    ends = (lowest.lower(), None) if sign > 0 else (None, -lowest.lower())
    for low, high in ((-math.inf, 0.0), (0.0, math.inf)):
        confirm(f, arb(low), arb(high), Claim(0, *ends).widened)


def _monotone(ways: set[int]) -> str:
    if {1, -1} <= ways:
        return "no"
    if 1 in ways:
        return "nondecreasing" if 0 in ways else "strictly increasing"
    if -1 in ways:
        return "nonincreasing" if 0 in ways else "strictly decreasing"
    return "constant"
