"""The kind of a place, from what is known on both sides of it and at it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from actcli.formula.jets.intervals import Interval
from actcli.structure.points.branch_point import (
    EDGE,
    JUMPS,
    KINK,
    POLE,
    REMOVABLE,
    SMOOTH,
    VERTICAL,
    BranchPoint,
)
from actcli.structure.points.sides import Side


class Place:
    """What is known on both sides of a place, and at it."""

    def __init__(
        self,
        left: Side | None,
        right: Side | None,
        value: Interval | None,
        *,
        has_value: bool | None,
        is_continuous: bool,
        is_analytic: bool,
        agrees: Callable[[int], bool] = lambda order: False,
    ) -> None:
        self._sides = [
            None if side is None or side.is_undefined else side for side in (left, right)
        ]
        self._value, self._has_value, self._is_continuous = value, has_value, is_continuous
        self._is_analytic, self._agrees = is_analytic, agrees

    def point(
        self, x: float, after: float, kind: str, order: float | None, *, is_exact: bool
    ) -> list[BranchPoint]:
        """The branch point, if there is one."""
        if order == math.inf and kind == SMOOTH and self._is_one_formula():
            return []
        left, right = (None if side is None else side.value for side in self._sides)
        below, above = (None if side is None else side.slope for side in self._sides)
        here = self._value
        if kind in (KINK, VERTICAL, SMOOTH):
            left, right, here = _shared(left, right, here)
        slopes = {"slope_left": below, "slope_right": above}
        return [
            BranchPoint(
                x,
                after,
                here,
                left,
                right,
                **slopes,
                kind=kind,
                order=order,
                is_exact=is_exact,
                has_value=self._has_value,
            )
        ]

    @property
    def is_isolated(self) -> bool:
        """Whether f has no value on either side: such a number is no part of its domain."""
        return not any(self._sides)

    def _is_one_formula(self) -> bool:
        """Whether f is analytic there."""
        return self._is_analytic or all(s is not None and s.is_polynomial for s in self._sides)

    def kind(self) -> tuple[str, float | None] | None:
        """The kind and the order; None where the kind is not decided."""
        sides = [side for side in self._sides if side is not None]
        limits = [side.value for side in sides if side.value is not None]
        if not limits or len(limits) < len(sides):
            return None
        if any(_is_infinite(limit) for limit in limits):
            return POLE, 0
        if len(limits) == 1:
            return EDGE, None
        left, right = limits
        agree = self._is_continuous or self._is_analytic or _same(left, right)
        if agree is None:
            return None
        if not agree:
            return JUMPS, 0
        if self._value is None or self._value.apart(left):
            return REMOVABLE, self._order(sides)
        if not self._is_continuous and not _same(self._value, left):
            return None
        return self._bend(sides)

    def _bend(self, sides: list[Side]) -> tuple[str, float | None] | None:
        order = self._order(sides)
        slopes = [side.slope for side in sides]
        if order is None and _same(*slopes) is None and not self._agrees(1):
            return None
        if order == 1:
            return KINK, 1
        return (VERTICAL, 1) if _is_infinite(slopes[0]) else (SMOOTH, order)

    def _order(self, sides: list[Side]) -> float | None:
        """The lowest derivative, from the first, that differs; infinite where none does."""
        if self._is_analytic:
            return math.inf
        agree = _same(*(side.slope for side in sides))
        if agree is None and None not in [side.slope for side in sides]:
            agree = self._agrees(1) or None
        if agree is False:
            return 1
        if agree is None or _is_infinite(sides[0].slope):
            return None
        order = self._first_difference(*(side.taylor for side in sides))
        if order is None:
            order = self._first_difference(*(side.longer_taylor for side in sides))
        if order is not None:
            return order
        alike = [side.longer_taylor for side in sides if side.has_all_derivatives]
        if len(alike) == 2 and all(_same(*pair) for pair in zip(*alike, strict=True)):
            return math.inf
        return None

    def _first_difference(self, left: list[Interval], right: list[Interval]) -> int | None:
        """The lowest order, from 2, at which two expansions differ; None where it is not known."""
        for order, (a, b) in enumerate(zip(left, right, strict=False)):
            if order < 2 or (agree := _same(a, b)):
                continue
            if agree is False:
                return order
            if not self._agrees(order):
                return None
        return None


def _shared(*values: Interval | None) -> Sequence[Interval | None]:
    """Values that are one number: as one of them has it exactly, if one does."""
    for value in values:
        if value is not None and value.is_point and value.low.is_exact():
            return [value] * len(values)
    return values


def _same(a: Interval | None, b: Interval | None) -> bool | None:
    """Whether two limits are one number; None where that is not known."""
    if a is None or b is None:
        return None
    if a.apart(b):
        return False
    return all(one.is_point and one.low.is_exact() for one in (a, b)) or None


def _is_infinite(limit: Interval | None) -> bool:
    return limit is not None and limit.is_point and limit.low.is_exact() and not limit.is_finite()
