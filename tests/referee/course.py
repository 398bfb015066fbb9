"""A window cut into boxes on which a derivative of a formula, less a level, has one sign."""

from __future__ import annotations

import math
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any, NamedTuple

from flint import arb

from tests.referee.functions import OutsideError, UndecidedError
from tests.referee.series import Formula

OUTSIDE = None
"""Instead of a sign: there is no value on the box."""


class Box(NamedTuple):
    low: float
    high: float
    sign: int | None
    """-1, 0 (identically) or 1; `OUTSIDE`."""


class Gap(NamedTuple):
    """Between two boxes: what is not decided, some adjacent doubles as a rule."""

    low: float
    high: float

    @property
    def is_narrow(self) -> bool:
        return self.high - self.low <= 8 * math.ulp(max(abs(self.low), abs(self.high))) + 1e-25


class Courses:
    """One formula over a window, whose boxes are evaluated once for all questions."""

    def __init__(self, formula: Formula, low: float, high: float, boxes: int) -> None:
        self.formula, self.low, self.high, self.boxes = formula, low, high, boxes
        self._jets: dict[tuple[float, float], Any] = {}

    def signs(self, order: int, level: Any = 0, turn: float = 0) -> list[Box]:
        """Boxes on which the derivative of that order less the level (and turn*x) has one sign."""
        boxes: list[Box] = []
        start = sorted({self.low, self.high, *_SEAMS})
        start = [x for x in start if self.low <= x <= self.high]
        heap = [(a - b, a, b) for a, b in pairwise(start)]
        heap.sort()
        done = 0
        most = self.boxes if level else self.boxes // 2
        while heap and done < most:
            _, a, b = heappop(heap)
            done += 1
            try:
                boxes += self._decided(order, level, turn, a, b)
            except OutsideError:
                boxes.append(Box(a, b, OUTSIDE))
            except UndecidedError:
                middle = _between(a, b)
                if middle is not None:
                    heappush(heap, (a - middle, a, middle))
                    heappush(heap, (middle - b, middle, b))
        return _joined(sorted(boxes))

    def _decided(self, order: int, level: Any, turn: float, a: float, b: float) -> list[Box]:
        jet = self._jet(a, b)
        value = jet[order] - level
        if turn and order == 0:
            value = value - turn * arb(a).union(arb(b))
        rise = jet[order + 1] - (turn if order == 0 else 0)
        sign = _sign(value)
        if sign is not None:
            return [Box(a, b, sign)]
        if _sign(rise) in (None, 0):
            raise UndecidedError

        def at(x: float) -> int:
            less = level + (turn * arb(x) if order == 0 else 0)
            s = _sign(self.formula.at(x, order, less, 4, 1 << 12))
            if s is None:
                raise UndecidedError
            return s

        first, last = at(a), at(b)
        if first == last and first:
            return [Box(a, b, first)]
        low, high = a, b
        if first == 0 or last == 0:
            # a root on the seam itself
            raise UndecidedError
        while (middle := _between(low, high)) is not None:
            s = at(middle)
            if s == 0:
                low, high = math.nextafter(middle, -math.inf), math.nextafter(middle, math.inf)
                break
            low, high = (middle, high) if s == first else (low, middle)
        return [Box(a, low, first), Box(high, b, last)]

    def _jet(self, a: float, b: float) -> Any:
        key = a, b
        if key not in self._jets:
            size = max(abs(a), abs(b))
            width = (b - a) / size
            bits = 128 + 2 * max(0, -math.frexp(width)[1])
            try:
                self._jets[key] = self.formula.on(a, b, bits)
            except (OutsideError, UndecidedError) as error:
                self._jets[key] = error
        found = self._jets[key]
        if isinstance(found, Exception):
            raise found
        return found


_SEAMS = [
    -7.3e3, -811.7, -90.123, -10.0317, -3.14987, -1.01237, -0.3017, -1.3e-2, -1.1e-4, -1.7e-9,
    1.9e-9, 1.3e-4, 1.7e-2, 0.2917, 0.97231, 3.2171, 9.1171, 88.123, 803.1, 7.7e3,
]  # fmt: skip
"""Numbers at which nothing is likely to happen."""

_LEAST = 1e-30


def _between(a: float, b: float) -> float | None:
    """A number between, not a round one; None where no double is, or all of it is next to 0."""
    if max(abs(a), abs(b)) < _LEAST:
        return None
    if a < 0 < b or a == 0 or b == 0:
        middle = a + (b - a) * 0.48712
    elif max(abs(a), abs(b)) > 4 * min(abs(a), abs(b)):
        middle = math.copysign(math.sqrt(a * b), a)
    else:
        middle = a + (b - a) * 0.48712
    if not a < middle < b:
        middle = a + (b - a) / 2
    return middle if a < middle < b else None


def _sign(ball: Any) -> int | None:
    if ball > 0:
        return 1
    if ball < 0:
        return -1
    return 0 if ball.is_zero() else None


def _joined(boxes: list[Box]) -> list[Box]:
    """Boxes that touch and have the same sign, as one."""
    joined: list[Box] = []
    for box in boxes:
        if joined and joined[-1].high == box.low and joined[-1].sign == box.sign:
            joined[-1] = joined[-1]._replace(high=box.high)
        else:
            joined.append(box)
    return joined


def gaps(boxes: list[Box], low: float, high: float) -> list[Gap]:
    """What is between the boxes."""
    ends = [low, *(x for box in boxes for x in (box.low, box.high)), high]
    return [Gap(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if a < b]
