"""What a proof consists of: the boxes that cover the line, each with what is proved there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from actcli.structure.boxes import Window
from actcli.structure.function import LARGEST
from actcli.structure.search.segments import (
    BAND,
    CONSTANT,
    OPEN,
    SWITCH_PLACE,
    TINY,
    UNDEFINED_PIECE,
    Segment,
)
from actcli.structure.search.supremum import Supremum
from actcli.structure.structure import Structure

_CLAIMS = {
    BAND: "between",
    CONSTANT: "zero",
    UNDEFINED_PIECE: "undefined",
    SWITCH_PLACE: "break",
    TINY: "tiny",
    OPEN: "open",
}


class Box(NamedTuple):
    """An open box from double to double, and what is claimed of q on it; an open end is `null`."""

    low: float
    high: float
    claim: str
    """`between`: q lies in the enclosure, strictly but where that ends at an outermost level;
    with a single level 0 it may touch it, but is not 0 throughout. `zero`: q is 0 throughout.
    `undefined`: f has no value. `break`: adjacent doubles between which the branch changes. `tiny`:
    from 0 to the smallest double, of which nothing is claimed. `open`: not decided."""
    enclosure: Window | None
    """The numbers that q is proved to lie between; an open end is `null`."""
    from_crossing: bool
    """Whether `low` is the double nearest to a number at which q passes a level."""
    to_crossing: bool
    """Whether `high` is one."""
    jumps: bool
    """Of a break: whether f is not proved to be continuous there."""


class Cover(NamedTuple):
    """Boxes that fill a window, with what is proved of q, a function or its slope, on each."""

    of: str
    """What f is here: `f`, `f - x` or `f - g`."""
    order: int
    """Whether q is f itself (0) or f' (1)."""
    levels: Sequence[float]
    """The numbers between which q is told apart; none where only |q| is bounded."""
    window: Window
    boxes: Sequence[Box]
    """Ascending; each begins where the one before it ends."""
    places: Sequence[float]
    """Where |q| takes or approaches its supremum, of a cover that bounds it."""


def flatness(structure: Structure, eps: float) -> Cover:
    """The boxes on which |f'| < eps, and those on which it is not; for 0, whether f' is 0."""
    levels = (-eps, eps) if eps else (0.0,)
    return _bands("f", levels, structure.flat(eps).segments)


def monotony(structure: Structure) -> Cover:
    """The boxes on which f rises, falls, or is constant."""
    return _bands("f", (0.0,), structure.pieces)


def against_x(structure: Structure) -> Cover:
    """The boxes on which f - x rises, falls, or is constant."""
    return _bands("f - x", (0.0,), structure.less_x.pieces)


def bounded(of: str, order: int, window: Window, found: Supremum) -> Cover:
    """The boxes on each of which |q| has a bound, and where the supremum is."""
    boxes = [
        Box(
            low=_outwards(low),
            high=_outwards(high),
            claim="between",
            enclosure=(-bound, bound),
            from_crossing=False,
            to_crossing=False,
            jumps=False,
        )
        for low, high, bound in sorted(found.boxes)
    ]
    ends = _outwards(window[0]), _outwards(window[1])
    return Cover(of=of, order=order, levels=(), window=ends, boxes=boxes, places=found.places)


def _bands(of: str, levels: Sequence[float], segments: Sequence[Segment]) -> Cover:
    boxes = [_box(segment, levels) for segment in segments if not _is_empty(segment, levels)]
    window = _outwards(segments[0].low), _outwards(segments[-1].high)
    return Cover(of=of, order=1, levels=levels, window=window, boxes=boxes, places=())


def _is_empty(segment: Segment, levels: Sequence[float]) -> bool:
    """Whether nothing is left of a box beside a crossing at its end."""
    return segment.low == segment.high and not 0 < segment.band < len(levels)


def _box(segment: Segment, levels: Sequence[float]) -> Box:
    bounds = (-math.inf, *levels, math.inf)
    return Box(
        low=_outwards(segment.low),
        high=_outwards(segment.high),
        claim=_CLAIMS[segment.kind],
        enclosure=(bounds[segment.band], bounds[segment.band + 1])
        if segment.kind == BAND
        else None,
        from_crossing=segment.follows_crossing,
        to_crossing=segment.crosses,
        jumps=segment.kind == SWITCH_PLACE and segment.jumps,
    )


def _outwards(end: float) -> float:
    return math.copysign(math.inf, end) if abs(end) >= LARGEST else end
