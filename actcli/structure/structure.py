"""What is true of one function over a window, each fact proved when it is first asked for."""

from __future__ import annotations

import math
import time
from contextlib import AbstractContextManager, suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from flint import ctx

from actcli.activations.base import Activation, Line
from actcli.formula.jets.intervals import Interval
from actcli.formula.jets.jets import OutOfTimeError
from actcli.structure.asymptotes import Ends, end, less_x, nearest, told
from actcli.structure.boxes import EVERYWHERE, Window, finite
from actcli.structure.differences.less_line import LessLine, less_multiple
from actcli.structure.differences.near_line import NearLine, within_eps
from actcli.structure.flat_ranges import FlatRanges, flat_ranges
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.out_of_time import otherwise
from actcli.structure.points.branch_points import Branches, branches
from actcli.structure.points.domain import Domain, domain, has_value_on
from actcli.structure.points.jumps import first_jump, may_jump
from actcli.structure.search.deciding import Deciding
from actcli.structure.search.search import Search
from actcli.structure.search.segments import Segment, joined
from actcli.structure.search.supremum import FURTHER, Supremum, supremum
from actcli.structure.symmetries import beyond
from actcli.structure.symmetries.constancy import constant_end, may_be_constant
from actcli.structure.symmetries.endless import is_endless
from actcli.structure.symmetries.repetition import Repetition, repetition
from actcli.structure.value_range import Extent, ValueRange, extent, number, value_range

if TYPE_CHECKING:
    from actcli.structure.points.zeros import Zeros
    from actcli.structure.symmetries.symmetry import Symmetry

EFFORT = 3.5
"""Seconds of CPU that all answers about a function may take."""

PRECISE = 200
"""Bits with which a single number is found, so that it rounds to the nearest double."""


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
        """Prepare to answer; all answers together take that many seconds of CPU.

        What lies outside the focus is looked at last, and less.
        """
        function = ProvedFunction.of(activation)
        function.deadline = time.process_time() + seconds
        self._prepare(function, window, focus, seconds)

    def _prepare(
        self, function: ProvedFunction, window: Window, focus: Window | None, seconds: float
    ) -> None:
        self.function, self.window, self.focus = function, window, focus
        self.whole = self
        """What tells of the whole line: it, or what has a wider window than was asked for."""
        self._box, self._seconds = finite(window), seconds
        self._flat: dict[float, FlatRanges] = {}

    def __getstate__(self) -> dict[str, Any]:
        """What it is about, for a copy or a pickle: what was proved, in balls, is proved again."""
        facts = {name for name, of in vars(Structure).items() if isinstance(of, cached_property)}
        return {name: value for name, value in vars(self).items() if name not in facts}

    def other(self, function: ProvedFunction, window: Window, focus: Window | None) -> Structure:
        """The structure of another function, or elsewhere, that takes of the same seconds."""
        other = Structure.__new__(Structure)
        other._prepare(function, window, focus, self._seconds)
        return other

    def _share(self, part: float) -> AbstractContextManager[None]:
        """Spend no more than a part of the time for all answers on one."""
        return self.function.within(part * self._seconds)

    def flat(self, eps: float) -> FlatRanges:
        """The maximal open intervals on which |f'| < eps; for eps = 0 those on which f' = 0."""
        if eps not in self._flat:
            with self._share(0.6):
                self._flat[eps] = flat_ranges(self.function, eps, self._box, self.focus)
        return self._flat[eps]

    @cached_property
    @otherwise((None, None))
    def ends(self) -> Ends:
        """How f goes on to -inf and to +inf."""
        left, right = (told(partial(end, self.function, side), PRECISE) for side in (-1, 1))
        with ctx.workprec(PRECISE):
            if (left and left.line and right and right.line) or not may_be_constant(self.function):
                return left, right
        parts = self.pieces, self.branches, self.repetition
        level = told(partial(constant_end, self.function, *parts), PRECISE)
        return (level or left), (level or right)

    @property
    def lines(self) -> tuple[Line | None, Line | None]:
        """The lines m x + c that f approaches at -inf and at +inf."""
        left, right = self.ends
        return (left and left.line), (right and right.line)

    @cached_property
    def steepness(self) -> Supremum:
        """The supremum of |f'|: infinite at a jump and at an infinite slope."""
        return self._steepness(further=0)

    @cached_property
    def steepest(self) -> Supremum:
        """The same with all places where it is seen to be taken or approached."""
        self.steepness = self._steepness(further=FURTHER)
        return self.steepness

    @otherwise(Supremum(math.nan, math.inf))
    def _steepness(self, further: int) -> Supremum:
        steep = [end and end.slope.is_point and not end.slope.low.is_finite() for end in self.ends]
        endless = [x for x, is_steep in zip((-math.inf, math.inf), steep, strict=True) if is_steep]
        if self.jump is None and not endless:
            endless = [part.end for part in self.beyond if not part.steepness.is_finite()]
        if self.jump is not None or endless:
            places = endless if self.jump is None else [self.jump]
            return Supremum(math.inf, math.inf, tuple(places))
        if may_jump(self.function, self.pieces):
            return Supremum(math.nan, math.inf)
        with self._share(0.3):
            found = supremum(self.function, 1, self._box, self._course.switches, further=further)
        return beyond.steepest_of(found, self.branches, self.beyond)

    @cached_property
    @otherwise(None)
    def jump(self) -> float | None:
        """The first place in the window where f is seen not to be continuous."""
        pieces = self.pieces
        with self._share(0.15):
            return first_jump(self.function, pieces, self._course.calm)

    def steepest_on(self, low: float, high: float) -> float:
        """The supremum of |f'| on an open interval inside the window."""
        with self._share(0.15):
            return supremum(self.function, 1, finite((low, high)), further=0).value

    @cached_property
    def pieces(self) -> list[Segment]:
        """The monotone pieces: band 0 where f falls, 1 where it rises, or f constant."""
        with self._share(0.4):
            return self._course.run()

    @cached_property
    def beyond(self) -> tuple[beyond.Part, ...]:
        """The pieces that are open; with a focus, on what is seen in a window, what is outside.

        That is not looked at where the window shows a whole period.
        """
        outside = beyond.tails(self.window, self.repetition) if self.focus else []
        return beyond.parts(self.function, self.pieces, outside)

    @cached_property
    def branches(self) -> Branches:
        """Where f or f' is not continuous or not defined inside the window."""
        pieces = self.pieces
        with self._share(0.3):
            return branches(self.function, pieces, self._course.calm)

    @cached_property
    def domain(self) -> Domain:
        """Where f has no value inside the window."""
        if has_value_on(self.function, *self._box):
            return Domain((), ())
        pieces, branches = self.pieces, self.branches
        with self._share(0.15):
            return domain(self.function, pieces, branches)

    @cached_property
    def zeros(self) -> Zeros:
        """Where f is 0 inside the window."""
        from actcli.structure.points.zeros import SIGN_BITS, zeros

        limit = partial(self._limit, bits=SIGN_BITS)
        pieces, branches = self._monotone, self.branches
        with self._share(0.3):
            return zeros(self.function, pieces, branches, limit)

    @cached_property
    def _monotone(self) -> list[Segment]:
        """The pieces, those joined that go one way across a double at which nothing happens."""
        return joined(self.pieces, {point.x for point in self.branches.points if point.is_exact})

    @cached_property
    def _smooth(self) -> list[Segment]:
        """The pieces, those joined that go one way across a double at which f is analytic."""
        return joined(self.pieces, {piece.low for piece in self.pieces} - self._course.calm)

    @cached_property
    def less_x(self) -> Structure:
        """The structure of f - x, over the same window and by the same time."""
        rest = self.other(less_multiple(self.function, 1.0), self.window, self.focus)
        with ctx.workprec(PRECISE):
            if (ends := less_x(self.ends)) is not None:
                rest.ends = ends
        return rest

    @cached_property
    def fixed_points(self) -> Zeros:
        """Where f(x) = x inside the window."""
        from actcli.structure.points.zeros import by_signs

        rest, found = self.less_x, None
        if self.branches == ((), ()):
            with self._share(0.15), suppress(OutOfTimeError):
                found = by_signs(rest.function, self._box, self.focus)
        return found or rest.zeros

    @cached_property
    @otherwise(None)
    def symmetry(self) -> Symmetry | None:
        """What f is about 0, in a window that is so too; None where it is not decided."""
        from actcli.structure.symmetries.symmetry import symmetry

        is_smooth = beyond.is_analytic(self.beyond, self.branches)
        return symmetry(self.function, self.pieces, self.branches, self.window, is_smooth)

    @cached_property
    @otherwise(True)
    def is_endless(self) -> bool:
        """Whether f turns or changes branch for ever: sin(x), floor(x), not sin(tanh(x))."""
        return is_endless(self.function)

    @cached_property
    @otherwise(None)
    def repetition(self) -> Repetition | None:
        """A period of f over the whole line, up to a line that it follows, where one is proved."""
        with ctx.workprec(PRECISE):
            return repetition(self.function)

    @property
    def period(self) -> float | None:
        """The shortest shift that is seen to leave f as it is."""
        found = self.repetition
        return nearest(found.period) if found is not None and found.rise.is_zero() else None

    @cached_property
    @otherwise(None)
    def range(self) -> ValueRange | None:
        """The infimum and the supremum of f on the open window; None where not decided."""
        return value_range(self.function, self.pieces, self.branches, self._limit, self.beyond)

    def _limit(self, x: float, side: int, bits: int = PRECISE) -> Interval | None:
        if abs(x) >= LARGEST:
            found = self.ends[x > 0]
            return None if found is None else found.value
        with ctx.workprec(bits):
            return self.function.limit(x, side)

    @cached_property
    def _course(self) -> Search:
        return Search(Deciding(self.function, 1, (0.0,)), self._box, self.focus)

    @otherwise(Extent(math.nan, math.nan))
    def extent(self, low: float, high: float) -> Extent:
        """The infimum and supremum of f on an open interval inside the window."""
        with ctx.workprec(PRECISE):
            return extent(self.function, self._smooth, *finite((low, high)), limit=self._limit)

    @otherwise(math.nan)
    def limit(self, x: float, side: int) -> float:
        """The one-sided limit of f at a double, or at infinity; NaN where it is not known."""
        return number(self._limit(x, side))

    @otherwise(0)
    def slope_sign(self, x: float, side: int) -> int:
        """The sign of f' just beside a double; 0 where it is 0 or not known."""
        with ctx.workprec(PRECISE):
            slope = None if abs(x) >= LARGEST else self.function.limit(x, side, 1)
        return 0 if slope is None else slope.sign()

    @otherwise(NearLine(None, EVERYWHERE))
    def near_line(self, side: int, eps: float) -> NearLine:
        """How far in from an end f keeps within eps of the line that it approaches there."""
        found = self.ends[side > 0]
        if found is None or found.coefficients is None:
            return NearLine(None, None)
        distance = LessLine(self.function, side, *found.coefficients)
        is_monotone = found.coefficients[0].is_zero() and not self.branches.undecided
        tail = self._monotone[-1 if side > 0 else 0] if is_monotone else None
        with distance.within(0.2 * self._seconds):
            return within_eps(distance, side, eps, self._box, tail)
