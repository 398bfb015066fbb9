"""Where |f'| < eps: the maximal open intervals, from the bands of f'."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from actcli.formula.jets.jets import OutOfTimeError
from actcli.structure.boxes import EVERYWHERE, Window, merged, outwards
from actcli.structure.function import ProvedFunction
from actcli.structure.points.branch_point import BranchPoint
from actcli.structure.points.continuity import jumps
from actcli.structure.points.places import between
from actcli.structure.search.deciding import Deciding
from actcli.structure.search.search import BOXES_OUTSIDE, Search
from actcli.structure.search.segments import BAND, CONSTANT, OPEN, SWITCH_PLACE, TINY, Segment


class FlatRange(NamedTuple):
    """A maximal open interval on which |f'| < eps; an open end is infinite."""

    low: float
    high: float
    reaches_eps: tuple[bool, bool]
    """Whether |f'| comes up to eps at its ends."""
    constant: tuple[Window, ...]
    """The maximal parts on which f' is identically 0."""
    around: float | None = None
    """What both ends round to, of one narrower than doubles: those beside it enclose it."""
    breaks: tuple[BranchPoint | None, BranchPoint | None] = (None, None)
    """At an end between two doubles, where the branch changes, what f does there."""

    @property
    def inner(self) -> Window:
        """The same without what rounding an end at which the branch changes may have added."""
        first, last = self.breaks
        return (
            self.low if first is None else math.nextafter(first.after, math.inf),
            self.high if last is None else last.after,
        )


class FlatRanges(NamedTuple):
    """All of them, ascending, and the intervals that could not be decided."""

    ranges: tuple[FlatRange, ...]
    undecided: tuple[Window, ...]
    segments: Sequence[Segment]
    """The boxes that prove it."""


def flat_ranges(
    function: ProvedFunction,
    eps: float,
    window: Window = EVERYWHERE,
    focus: Window | None = None,
) -> FlatRanges:
    """Where |f'| < eps, for eps = 0 where f is constant; edges are correctly rounded."""
    levels = (-eps, eps) if eps else (0.0,)
    deciding = Deciding(function, 1, levels, through_kinks=bool(eps))
    segments = _segments(deciding, window, focus, eps)
    joined = _Joining(deciding, eps)
    undecided = []
    for before, segment in zip([None, *segments], segments, strict=False):
        try:
            joined.take(segment, before)
        except OutOfTimeError:
            segment = segment._replace(kind=OPEN)
            joined.take(segment, before)
        if segment.kind == OPEN:
            undecided.append((segment.low, segment.high))
    undecided += [
        (switch.low, switch.high)
        for before, switch, after in zip(segments, segments[1:], segments[2:], strict=False)
        if switch.kind == SWITCH_PLACE and switch.jumps
        if _is_flat(before, eps) and _is_flat(after, eps)
        if between(function, switch.low, switch.high) is None
    ]
    open_parts = tuple(_outwards(pair) for pair in merged(undecided + joined.undecided))
    return FlatRanges(tuple(joined.ranges()), open_parts, segments)


def _segments(
    deciding: Deciding, window: Window, focus: Window | None, eps: float
) -> list[Segment]:
    """Those of the focus, and of what is beyond it for as long as |f'| < eps goes on."""
    low, high = Search(deciding, window, focus).focus
    found = Search(deciding, (low, high)).run()
    left = [] if window[0] == low else _outside(deciding, (window[0], low), found[0], eps, -1)
    right = [] if window[1] == high else _outside(deciding, (high, window[1]), found[-1], eps, 1)
    return [*left[::-1], *found, *right]


def _outside(
    deciding: Deciding, beyond: Window, last: Segment, eps: float, side: int
) -> list[Segment]:
    """Those beyond a last one on which |f'| < eps, from it on."""
    outwards, found = Search(deciding, beyond, most=BOXES_OUTSIDE).inwards(-side), [last]
    while _goes_on(found[-1], eps) and (segment := next(outwards, None)) is not None:
        found.append(segment)
    return found[1:]


def _goes_on(segment: Segment, eps: float) -> bool:
    """Whether a flat interval may go on beyond it."""
    is_passed = segment.kind == TINY or (segment.kind == SWITCH_PLACE and not segment.jumps)
    return is_passed or _is_flat(segment, eps)


def _is_flat(segment: Segment, eps: float) -> bool:
    """Whether |f'| < eps on it."""
    return segment.kind == CONSTANT or (segment.kind == BAND and bool(eps) and segment.band == 1)


class _Joining:
    """Segments put together where f' stays small across their common end."""

    def __init__(self, deciding: Deciding, eps: float) -> None:
        self._deciding, self._eps = deciding, eps
        self._runs: list[list[Segment]] = []
        self._open = False
        self.undecided: list[Window] = []
        """Where it is not known whether f jumps."""

    def take(self, segment: Segment, before: Segment | None) -> None:
        """Go on by one segment."""
        if _is_flat(segment, self._eps):
            touches = before is not None and before.kind in (BAND, CONSTANT)
            if self._open and not (touches and self._breaks(segment.low)):
                self._runs[-1].append(segment)
            elif before is not None and before.kind == SWITCH_PLACE and not self._open:
                self._runs.append([before, segment])
            else:
                self._runs.append([segment])
            self._open = True
        elif self._open:
            smooth = segment.kind == TINY or (
                segment.kind == SWITCH_PLACE
                and not segment.jumps
                and not self._is_steep_within(segment)
            )
            if smooth or segment.kind == SWITCH_PLACE:
                self._runs[-1].append(segment)
            self._open = smooth

    def ranges(self) -> list[FlatRange]:
        """What has been put together."""
        return [self._range(run) for run in self._runs]

    def _range(self, run: list[Segment]) -> FlatRange:
        first = last = None
        if run[0].kind == SWITCH_PLACE:
            first = run.pop(0)
            run[0] = run[0]._replace(low=first.place)
        while run[-1].kind in (SWITCH_PLACE, TINY):
            beyond = run.pop()
            if beyond.kind == SWITCH_PLACE:
                last = beyond
                run[-1] = run[-1]._replace(high=beyond.place)
        low, high = _outwards((run[0].low, run[-1].high))
        around = low if low == high else None
        if around is not None:
            low = low if run[0].beside > 0 else math.nextafter(low, -math.inf)
            high = high if run[-1].beside < 0 else math.nextafter(high, math.inf)
        return FlatRange(
            low=low,
            high=high,
            reaches_eps=(run[0].follows_crossing, run[-1].crosses),
            constant=tuple(map(_outwards, merged([s[:2] for s in run if s.kind == CONSTANT]))),
            around=around,
            breaks=(self._point(first, -1), self._point(last, 0)),
        )

    def _point(self, switch: Segment | None, which: int) -> BranchPoint | None:
        if switch is None:
            return None
        points = between(self._deciding.function, switch.low, switch.high)
        return points[which] if points else None

    def _is_steep_within(self, switch: Segment) -> bool:
        """Whether a needle stands between two adjacent doubles: |f'| is no less than eps there."""
        places = between(self._deciding.function, switch.low, switch.high) or ()
        slopes = [slope for one in places for slope in (one.slope_left, one.slope_right)]
        return any(
            slope is not None and not slope.is_zero() and slope.magnitude >= self._eps
            for slope in slopes
        )

    def _breaks(self, x: float) -> bool:
        """Whether f jumps at a double, or |f'| is eps there."""
        if self._eps and self._deciding.is_on_level(x):
            return True
        breaks = jumps(self._deciding.function, x)
        if breaks is None:
            self.undecided.append((x, x))
        return breaks is not False


def _outwards(part: Window) -> Window:
    low, high = part
    return outwards(low), outwards(high)
