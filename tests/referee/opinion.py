"""What the second opinion knows of a formula: its boxes, and what is on both sides of a gap."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from flint import arb, ctx

from tests.referee.course import Box, Courses, Gap, gaps
from tests.referee.functions import OutsideError, UndecidedError
from tests.referee.series import Formula

_NEAR = arb(2) ** -600

_POLE = 1e10
"""A value beyond it, between adjacent doubles, is one beside a pole."""

FAR = ("1e5", "1.7e6", "1e8", "1e12", "1e30", "1e100", "1e300", "1e1000", "1e9000")


class Sides(NamedTuple):
    """f and f' just beside a place, None where there is no value."""

    left: tuple[Any, Any] | None
    right: tuple[Any, Any] | None

    @property
    def jumps(self) -> bool:
        if self.left is None or self.right is None:
            return False
        return not _alike(self.left[0], self.right[0])

    @property
    def bends(self) -> bool:
        if self.left is None or self.right is None:
            return False
        return not _alike(self.left[1], self.right[1])


def _alike(u: Any, v: Any) -> bool:
    size = max(abs(u).upper(), abs(v).upper(), arb(2) ** -20)
    return bool(abs(u - v).lower() <= size * arb(2) ** -80) and not size > arb(2) ** 200


class Opinion:
    """One formula over a window."""

    def __init__(
        self, text: str, window: tuple[float, float] | None = None, boxes: int = 4000
    ) -> None:
        self.formula = Formula(text)
        self.is_whole = window is None
        low, high = window or (-1.0003e4, 1.0007e4)
        self.low, self.high = low, high
        self.courses = Courses(self.formula, low, high, boxes)
        self._sides: dict[Gap, Sides | None] = {}

    @cached_property
    def rises(self) -> list[Box]:
        return self.courses.signs(1)

    @cached_property
    def heights(self) -> list[Box]:
        return self.courses.signs(0)

    @cached_property
    def turns(self) -> list[Box]:
        return self.courses.signs(2)

    def gaps(self, boxes: list[Box]) -> list[Gap]:
        return gaps(boxes, self.low, self.high)

    def is_known(self, boxes: list[Box]) -> bool:
        return all(gap.is_narrow for gap in self.gaps(boxes))

    def sides(self, gap: Gap) -> Sides | None:
        """f and f' beside the one place in a gap where the branch changes; None if not found."""
        if gap not in self._sides:
            try:
                self._sides[gap] = self._seen(gap)
            except UndecidedError:
                self._sides[gap] = None
        return self._sides[gap]

    def _seen(self, gap: Gap) -> Sides | None:
        place = self._place(gap)
        if place is None:
            return None
        below, above = place
        return Sides(self._pair(below), self._pair(above))

    def _pair(self, x: Any) -> tuple[Any, Any] | None:
        try:
            return self.formula.at(x), self.formula.at(x, 1)
        except OutsideError:
            return None

    def _place(self, gap: Gap) -> tuple[Any, Any] | None:
        if gap.low <= 0 <= gap.high:
            return -_NEAR, _NEAR
        x = gap.low
        for _ in range(20):
            if self._is_tied(x):
                with ctx.workprec(2000):
                    return arb(x) - _NEAR, arb(x) + _NEAR
            x = math.nextafter(x, math.inf)
            if x > gap.high:
                break
        with ctx.workprec(2000):
            low, high = arb(gap.low), arb(gap.high)
            first, last = self._way(low), self._way(high)
            if first == last:
                return None
            for _ in range(700):
                middle = (low + high) / 2
                way = self._way(middle)
                if way == first:
                    low = middle
                elif way == last:
                    high = middle
                else:
                    return None
            return low, high

    def _is_tied(self, x: float) -> bool:
        try:
            self.formula.at(x)
        except (UndecidedError, OutsideError):
            return self.formula.choices.tied
        return False

    def _way(self, x: Any) -> Any:
        try:
            self.formula.at(x)
        except UndecidedError:
            return "?"
        except OutsideError:
            return "outside"
        return list(self.formula.choices.trace)

    def jumps_in(self, gap: Gap) -> bool | None:
        sides = self.sides(gap)
        return None if sides is None else sides.jumps

    def value(self, x: Any, order: int = 0) -> Any:
        try:
            return self.formula.at(x, order)
        except (UndecidedError, OutsideError):
            return None

    def has_value_between(self, gap: Gap) -> bool:
        sides = self.sides(gap)
        if sides is None:
            ends = [self.value(x) for x in (gap.low, gap.high)]
            return all(end is not None and abs(end) < _POLE for end in ends)
        return None not in sides and not any(abs(s[0]) > 1e20 for s in sides if s)

    def out_there(self) -> Iterator[Any]:
        if self.is_whole:
            for digits in FAR:
                yield arb(digits)
                yield -arb(digits)


def between_boxes(boxes: list[Box]) -> Iterator[tuple[Gap, Box, Box]]:
    for before, after in pairwise(boxes):
        yield Gap(before.high, after.low), before, after
