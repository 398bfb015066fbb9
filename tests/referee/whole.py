"""What `info` says of f as a whole, held against the second opinion: range, symmetry, lines."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

from flint import arb, ctx

from tests.referee.course import OUTSIDE, Box
from tests.referee.functions import OutsideError, UndecidedError
from tests.referee.opinion import Opinion, between_boxes

MISSED = "missed"

_EXACT = 4e-16
"""Two numbers that differ by no more, relative to them, round to the same double or neighbours."""


class Whole:
    """The faults, one line each."""

    def __init__(self, opinion: Opinion) -> None:
        self._opinion, self._formula = opinion, opinion.formula
        self._low, self._high = opinion.low, opinion.high

    def of(self, facts: Any) -> Iterator[str]:
        yield from self._range(facts)
        yield from self._lipschitz(facts)
        yield from self._symmetry(facts)
        if self._opinion.is_whole:
            yield from self._line("left", -1, facts.left, facts)
            yield from self._line("right", 1, facts.right, facts)

    def _all_known(self, boxes: list[Box], facts: Any) -> bool:
        return facts.window is None and self._opinion.is_known(boxes)

    def _values(self, order: int, boxes: list[Box]) -> tuple[list[Any], list[Any]]:
        """What f (or |f'|) is at the ends of its monotone pieces, and far out."""
        near, far = [], []
        places: list[Any] = [x for b in boxes if b.sign is not OUTSIDE for x in (b.low, b.high)]
        for x in places:
            value = self._opinion.value(x, order)
            if value is not None:
                near.append(value)
        for gap in self._opinion.gaps(boxes):
            if gap.is_narrow and (sides := self._opinion.sides(gap)) is not None:
                near += [side[order] for side in sides if side is not None]
        for x in self._opinion.out_there():
            value = self._opinion.value(x, order)
            if value is not None:
                far.append(value)
        return near, far

    def _range(self, facts: Any) -> Iterator[str]:
        if math.isnan(facts.range.low) or math.isnan(facts.range.high):
            return
        near, far = self._values(0, self._opinion.rises)
        if not near + far:
            return
        whole = self._all_known(self._opinion.rises, facts)
        for name, said, side in (("low", facts.range.low, -1), ("high", facts.range.high, 1)):
            best_near = max((side * v for v in near), key=lambda v: v.mid(), default=None)
            best_far = max((side * v for v in far), key=lambda v: v.mid(), default=None)
            known = [b for b in (best_near, best_far) if b is not None]
            best = max(known, key=lambda v: v.mid())
            if math.isinf(said):
                if side * said < 0:
                    yield f"range {name} {said}"
                elif whole and best < 5:
                    yield f"range {name} {said!r} is about {(side * best).str(10)}"
                continue
            if best > side * arb(said) + _EXACT * abs(said) + arb(1e-320):
                yield f"range {name} {said!r}, but f takes {(side * best).str(17)}"
            slack = _EXACT if best is best_near and best_near is not best_far else 1e-3
            missing = side * arb(said) - best
            least = max(slack * abs(said), 1e-60 if slack == _EXACT else 1e-6)
            if whole and missing > least:
                yield f"range {name} {said!r} is about {(side * best).str(17)}"

    def _lipschitz(self, facts: Any) -> Iterator[str]:
        said = facts.lipschitz
        if math.isnan(said):
            return
        near, far = self._values(1, self._opinion.turns)
        jumps = [
            gap
            for gap, before, after in between_boxes(self._opinion.rises)
            if gap.is_narrow and self._opinion.jumps_in(gap)
        ]
        if jumps and not math.isinf(said):
            yield f"lipschitz {said!r}, but f jumps at {jumps[0].low!r}"
        slopes = [abs(v) for v in near + far]
        if not slopes:
            return
        best = max(slopes, key=lambda v: v.mid())
        is_whole = self._all_known(self._opinion.turns, facts)
        if math.isinf(said):
            if is_whole and not jumps and best < 1e6:
                yield f"lipschitz infinite, but |f'| gets to {best.str(10)}"
            return
        if best > arb(said) * (1 + 2 * _EXACT):
            yield f"lipschitz {said!r} {MISSED}: |f'| gets to {best.str(17)}"
        if is_whole and best < arb(said) * (1 - 1e-3):
            yield f"lipschitz {said!r} is about {best.str(17)}"

    def _symmetry(self, facts: Any) -> Iterator[str]:
        if facts.symmetry is None:
            return
        draw = random.Random(5)
        seen = {"even", "odd"}
        for _ in range(12):
            x = draw.choice((1.0, 0.1, 8.0, 60.0)) * draw.random()
            if not self._low < x < self._high:
                continue
            a, b = self._opinion.value(x), self._opinion.value(-x)
            if (a is None) != (b is None):
                seen = set()
            if a is None or b is None:
                continue
            if not _is_same(a, b):
                seen.discard("even")
            if not _is_same(a, -b):
                seen.discard("odd")
        if facts.symmetry != "none" and facts.symmetry not in seen:
            yield f"{facts.symmetry}, but f(-x) differs"
        if facts.symmetry == "none" and len(seen) == 1:
            yield f"no symmetry, but {seen}"

    def _line(self, name: str, side: int, said: Any, facts: Any) -> Iterator[str]:
        if any(name in o.why for o in facts.open) or facts.window is not None:
            return
        seen = []
        for digits in ("1e100", "1e300", "1e900"):
            x = side * arb(digits)
            value, slope = self._opinion.value(x), self._opinion.value(x, 1)
            if value is None or slope is None:
                return
            with ctx.workprec(10000):
                level = self._level(x)
            seen.append((slope, level))
        (m1, c1), (m2, c2) = seen[1:]
        if c1 is None or c2 is None:
            return
        settled = abs(m2 - m1) <= 1e-9 * (1 + abs(m2)) and abs(c2 - c1) <= 1e-9 * (1 + abs(c2))
        if said is None:
            if settled and abs(m2) < 1e200 and abs(c2) < 1e100:
                yield f"{name}: no line, but {m2.str(8)} x + {c2.str(8)}"
            return
        if not abs(m2 - said.slope) <= 1e-3 * (1 + abs(m2)):
            yield f"{name}: slope {said.slope!r}, but {m2.str(10)}"
        if settled and not abs(c2 - said.intercept) <= 1e-6 * (1 + abs(c2)):
            yield f"{name}: {said.intercept!r}, but {c2.str(10)}"

    def _level(self, x: Any) -> Any:
        try:
            value, slope, *_ = self._formula._derivatives(x)
        except (UndecidedError, OutsideError):
            return None
        level = value - slope * x
        return level if level.is_finite() and level.rad() < 1e-12 else None


def _is_same(a: Any, b: Any) -> bool:
    return bool(abs(a - b).lower() <= abs(a).upper() * arb(2) ** -50)
