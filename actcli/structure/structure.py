"""What is true of one function over a window, each fact proved when it is first asked for."""

from __future__ import annotations

import math
import time
from functools import cached_property, partial
from typing import NamedTuple

from flint import ctx

from actcli.activations.base import Activation, Line
from actcli.formula.jets.intervals import Interval
from actcli.structure.asymptotes import End, end, nearest
from actcli.structure.boxes import Window
from actcli.structure.flat_ranges import FlatRanges, flat_ranges
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.offset import LessLine
from actcli.structure.points.branch_points import Branches, branches
from actcli.structure.points.continuity import jumps, limit
from actcli.structure.points.smoothness import smoothness
from actcli.structure.points.zeros import Zeros, zeros
from actcli.structure.search.search import (
    BAND,
    CONSTANT,
    SWITCH_PLACE,
    TINY,
    UNDEFINED_PIECE,
    Search,
    Segment,
)
from actcli.structure.search.supremum import Supremum, supremum
from actcli.structure.symmetries.period import Period, period
from actcli.structure.symmetries.symmetry import Symmetry, symmetry
from actcli.structure.value_range import ValueRange, value_range

_UNBOUNDED = 2.0**500
"""A slope that is proved to get beyond this is said to have no bound."""


EFFORT = 3.5
"""Seconds of CPU that all answers about a function may take."""

_LEAST_SECONDS = 0.02

_FAR_OUT = [side * math.ldexp(1.25, n) for side in (-1, 1) for n in range(100, 1000, 100)]
"""Where a slope without bound shows, of functions that turn for ever."""

_SIGN_BITS = 1000
"""Bits with which the sign of a number is found."""

PRECISE = 200
"""Bits with which a single number is found, so that it rounds to the nearest double."""


class Extent(NamedTuple):
    """The infimum and the supremum of f on an open interval."""

    low: float
    high: float


class Structure:
    """A function over a window (the whole line by default), proved from its formula.

    Ends of the window at infinity belong to the answers: limits there count.
    """

    def __init__(
        self,
        activation: Activation,
        window: Window = (-math.inf, math.inf),
        seconds: float = EFFORT,
        focus: Window | None = None,
    ) -> None:
        """Prepare to answer; all answers together take that many seconds of CPU, or little more.

        What lies outside the focus is looked at last, and less.
        """
        function, deadline = ProvedFunction.of(activation), time.process_time() + seconds
        self._prepare(function, window, focus, deadline)

    def _prepare(
        self,
        function: ProvedFunction,
        window: Window,
        focus: Window | None,
        deadline: float,
    ) -> None:
        self.function, self.window, self.focus = function, window, focus
        self._box, self._deadline = _finite(window), deadline
        self._flat: dict[float, FlatRanges] = {}

    def flat(self, eps: float) -> FlatRanges:
        """The maximal open intervals on which |f'| < eps; for eps = 0 those on which f' = 0."""
        if eps not in self._flat:
            seconds = self._seconds(2.5)
            self._flat[eps] = flat_ranges(self.function, eps, self._box, self.focus, seconds)
        return self._flat[eps]

    @cached_property
    def ends(self) -> tuple[End | None, End | None]:
        """How f goes on to -inf and to +inf."""
        with ctx.workprec(PRECISE):
            return end(self.function, -1), end(self.function, 1)

    @property
    def lines(self) -> tuple[Line | None, Line | None]:
        """The lines m x + c that f approaches at -inf and at +inf."""
        left, right = self.ends
        return (left and left.line), (right and right.line)

    @cached_property
    def steepness(self) -> Supremum:
        """The supremum of |f'| over the whole line: infinite at a jump and at an infinite slope."""
        is_endless = any(
            end is not None and not end.slope.low.is_finite() and end.slope.is_point
            for end in self.ends
        )
        if self.jump is not None or is_endless:
            return Supremum(math.inf, math.inf)
        seeds = [*self._course.switches, *_FAR_OUT]
        found = supremum(self.function, 1, self._box, seeds, self._seconds(1.0))
        if found.value > _UNBOUNDED:
            return Supremum(math.inf, math.inf)
        slopes = (s for p in self.branches.points for s in (p.slope_left, p.slope_right))
        steep = max((nearest(abs(s.ball)) for s in slopes if s is not None), default=0.0)
        return found._replace(value=max(found.value, steep), bound=max(found.bound, steep))

    @cached_property
    def jump(self) -> float | None:
        """The first place in the window where f is not continuous."""
        for before, after in zip(self.pieces, self.pieces[1:], strict=False):
            if after.kind == SWITCH_PLACE and after.jumps:
                return after.place
            if self._jumps_between(before, after):
                return after.low
        return None

    def steepest_on(self, low: float, high: float) -> float:
        """The supremum of |f'| on an open interval inside the window."""
        return supremum(self.function, 1, _finite((low, high)), seconds=self._seconds(0.5)).value

    @cached_property
    def pieces(self) -> list[Segment]:
        """The monotone pieces: band 0 where f falls, 1 where it rises, or f constant."""
        return self._course.run()

    @cached_property
    def is_undefined(self) -> bool:
        """Whether f is proved to have no value anywhere in the window."""
        kinds = (UNDEFINED_PIECE, SWITCH_PLACE, TINY)
        if any(piece.kind not in kinds for piece in self.pieces):
            return False
        ends = {x for piece in self.pieces for x in (piece.low, piece.high)}
        return not any(self.function.at(x).has_value for x in ends)

    @cached_property
    def branches(self) -> Branches:
        """Where f or f' is not continuous or not defined inside the window."""
        return branches(self.function, self.pieces, self._seconds(1.0))

    @cached_property
    def smoothness(self) -> str | None:
        """`discontinuous`, or C0, C1, ... Cinf: the derivatives that are continuous, holes filled.

        On the domain of f: what it does at an edge of that does not count. None where it is not
        decided.
        """
        return smoothness(self.branches)

    @cached_property
    def zeros(self) -> Zeros:
        """Where f is 0 inside the window."""
        limit = partial(self._limit, bits=_SIGN_BITS)
        return zeros(self.function, self.pieces, self.branches, limit, self._seconds(1.0))

    @cached_property
    def less_x(self) -> Structure:
        """The structure of f - x, over the same window and by the same time."""
        less_x = Structure.__new__(Structure)
        less_x._prepare(self.function.less_x(), self.window, self.focus, self._deadline)
        return less_x

    @property
    def fixed_points(self) -> Zeros:
        """Where f(x) = x inside the window."""
        return self.less_x.zeros

    @cached_property
    def symmetry(self) -> Symmetry | None:
        """What f is about 0, in a window that is so too; None where it is not decided."""
        return symmetry(self.function, self.pieces, self.branches, self.window)

    @cached_property
    def period(self) -> Period | None:
        """A period of f over the whole line, up to a line that it follows, where one is proved."""
        return period(self.function)

    @cached_property
    def range(self) -> ValueRange | None:
        """The infimum and the supremum of f on the open window; None where not decided."""
        return value_range(self.function, self.pieces, self.branches, self._limit)

    def _limit(self, x: float, side: int, bits: int = PRECISE) -> Interval | None:
        if abs(x) >= LARGEST:
            found = self.ends[x > 0]
            return None if found is None else found.value
        with ctx.workprec(bits):
            return limit(self.function, x, side)

    @cached_property
    def _course(self) -> Search:
        return Search(
            self.function,
            1,
            (0.0,),
            window=self._box,
            focus=self.focus,
            seconds=self._seconds(1.5),
        )

    def _seconds(self, most: float) -> float:
        """A share of the CPU seconds that are left."""
        left = self._deadline - time.process_time()
        return max(_LEAST_SECONDS, min(most, left))

    def extent(self, low: float, high: float) -> Extent:
        """The infimum and supremum of f on an open interval inside the window."""
        first, last = _finite((low, high))
        values: list[float] = []
        for piece in self.pieces:
            if piece.kind in (BAND, CONSTANT) and piece.low < last and first < piece.high:
                values.append(self.limit(max(piece.low, first), 1))
                values.append(self.limit(min(piece.high, last), -1))
        values = [value for value in values if not math.isnan(value)]
        return Extent(min(values, default=math.nan), max(values, default=math.nan))

    def limit(self, x: float, side: int) -> float:
        """The one-sided limit of f at a double, or at infinity; NaN where it is not known."""
        value = self._limit(x, side)
        return math.nan if value is None or not value.is_point else nearest(value.low)

    def slope_sign(self, x: float, side: int) -> int:
        """The sign of f' just beside a double; 0 where it is 0 or not known."""
        with ctx.workprec(PRECISE):
            slope = None if abs(x) >= LARGEST else limit(self.function, x, side, order=1)
        return 0 if slope is None else slope.sign()

    def near_line(self, side: int, eps: float) -> Window | None:
        """The maximal unbounded interval at one end on which |f - line| < eps."""
        found = self.ends[side > 0]
        if found is None or found.coefficients is None:
            return None
        distance = LessLine(self.function, side, *found.coefficients)
        pieces = Search(
            distance,
            0,
            (-eps, eps),
            window=self._box,
            through_kinks=True,
            seconds=self._seconds(0.7),
        ).run()
        edge = None
        for piece in pieces[::-side]:
            near = piece.kind == CONSTANT or (piece.kind == BAND and piece.band == 1)
            kink = piece.kind == SWITCH_PLACE and not piece.jumps
            if not (near or kink or piece.kind == "tiny"):
                break
            if near and edge is not None and jumps(self.function, edge) is not False:
                break
            edge = piece.low if side > 0 else piece.high
        if edge is None:
            return None
        edge = math.copysign(math.inf, edge) if abs(edge) == LARGEST else edge
        return (edge, math.inf) if side > 0 else (-math.inf, edge)

    def _jumps_between(self, before: Segment, after: Segment) -> bool:
        kinds = (BAND, CONSTANT)
        both = before.kind in kinds and after.kind in kinds
        return both and before.high == after.low and bool(jumps(self.function, after.low))


def _finite(window: Window) -> Window:
    return max(window[0], -LARGEST), min(window[1], LARGEST)
