"""The limit of a function from its germs, also where it grows as slowly as a logarithm."""

from __future__ import annotations

from typing import Any

from actcli.expression.intervals import INFINITY, Interval
from actcli.expression.jets import Jet


def limit_of(jet: Jet) -> Interval:
    """The limit for t to 0: a point where it is known, +-inf included; wide where it is not.

    Where f has no leading power, f' tells: if its integral up to there diverges, so does f.
    """
    ring = jet.value.ring
    limit: Interval = ring.limit(jet.value)
    if limit.is_point or jet.slope is None:
        return limit
    way = _divergence(jet.slope.leading())
    side = ring.side if ring.at_infinity else -ring.side
    return Interval(INFINITY * (way * side)) if way else limit


def _divergence(slope: Any) -> int:
    """The sign of f' where it goes as 1/x or slower to infinity, as 1/t or faster beside a hole."""
    slowest = 1 if slope.ring.at_infinity else -1
    if not slope.c or slope.U is not None or slope.p > slowest or slope.ring.two_sided:
        return 0
    return int(slope.c[0] > 0) - int(slope.c[0] < 0)
