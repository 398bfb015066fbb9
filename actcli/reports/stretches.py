"""Stretches of the line in words and in brackets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from actcli.numeric.display import apart, short
from actcli.reports.long_lists import spread
from actcli.structure.points.domain import Stretch

_FEW = 4
"""Stretches that are named one by one; of more, how many and where they are."""


def told(stretches: Sequence[Stretch], every: bool = False) -> str:
    """As in `below 0`, `at 0`, `up to -1 and from 1 on`."""
    if len(stretches) > _FEW and not every:
        return f"in {spread(len(stretches), stretches[0].low, stretches[-1].high)}"
    *first, last = map(_place, stretches)
    return f"{', '.join(first)} and {last}" if first else last


def _place(one: Stretch) -> str:
    if one.low == one.high:
        return f"at {short(one.low)}"
    if math.isinf(one.low):
        return f"{'up to' if one.high_included else 'below'} {short(one.high)}"
    if math.isinf(one.high):
        low = short(one.low)
        return f"from {low} on" if one.low_included else f"above {low}"
    return f"on {brackets(one)}"


def brackets(one: Stretch) -> str:
    """As in `[0, inf)`."""
    left, right = "[" if one.low_included else "(", "]" if one.high_included else ")"
    return f"{left}{', '.join(apart(one.low, one.high))}{right}"


def rest(missing: Sequence[Stretch], low: float, high: float) -> Iterator[Stretch]:
    """The stretches between those in a window; of one that only its end is in, nothing."""
    start, is_included = low, math.isfinite(low)
    for one in missing:
        if start < one.low:
            yield Stretch(start, one.low, is_included, not one.low_included)
        start, is_included = one.high, not one.high_included
    if start < high:
        yield Stretch(start, high, is_included, math.isfinite(high))


def domain(missing: Sequence[Stretch], window: tuple[float, float] | None, every: bool) -> str:
    """Where there is a value, if not everywhere; empty if it is."""
    if not missing:
        return ""
    low, high = window or (-math.inf, math.inf)
    within = f" within [{short(low)}, {short(high)}]" if window else ""
    if all(one.low == one.high for one in missing):
        return f"all x but {told(missing, every).removeprefix('at ').replace('at ', '')}{within}"
    parts = [*rest(missing, low, high)]
    if len(parts) > _FEW and not every:
        return f"intervals, {spread(len(parts), parts[0].low, parts[-1].high)}{within}"
    return f"{', '.join(map(brackets, parts))}{within}"
