"""Doubles near given ones whose exact sum is 0."""

from __future__ import annotations

import math
from collections.abc import Sequence

ROOM = 3
"""Ulp by which a double may be moved; it is half an ulp from the number it stands for already."""


def zero_sum(parts: Sequence[float], last: int) -> list[float]:
    """The doubles, each moved by at most 3 of its ulp so that the exact sum comes to 0.

    The parts are nearest to numbers that do sum to 0, and `last` is the place of the largest. First
    all are brought to its grid: then every order of summing is exact. Where they are too small for
    that, the residual is spread from the coarsest ulp to the finest. Where two neighbours in size
    differ by more than a factor of 8 there may be no such doubles within the 3 ulp; then the sum is
    as near to 0 as this leaves it, less than an ulp of the largest part.
    """
    unit = math.ulp(parts[last])
    coarse = [round(part / unit) * unit for part in parts]
    coarse[last] = 0.0 - math.fsum(part for at, part in enumerate(coarse) if at != last)
    if math.fsum(coarse) == 0 and all(
        abs(there - here) <= ROOM * math.ulp(here)
        for here, there in zip(parts, coarse, strict=True)
    ):
        return coarse
    moved = list(parts)
    left = math.fsum(moved)
    for at in sorted(range(len(parts)), key=lambda at: -abs(parts[at])):
        if left == 0:
            break
        if at != last and parts[at]:
            step = math.ulp(parts[at])
            moved[at] -= max(-ROOM, min(ROOM, round(left / step))) * step
            left = math.fsum(moved)
    return moved if abs(left) < abs(math.fsum(parts)) else list(parts)
