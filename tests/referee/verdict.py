"""What the program says about a formula, held against the boxes of the second opinion.

Each check yields one line a fault: what is missed, what is invented, what is off by more than the
double next to the truth.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from flint import arb, ctx

from tests.referee.course import OUTSIDE, Box, Courses, Gap, gaps
from tests.referee.series import Formula, OutsideError, UndecidedError

_NEAR = arb(2) ** -600
_SAME = 1e-9
_EXACT = 4e-16
"""Two numbers that differ by no more, relative to them, round to the same double or neighbours."""

_FAR = ("1e5", "1.7e6", "1e8", "1e12", "1e30", "1e100", "1e300", "1e1000", "1e9000")


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


class Verdict:
    """The faults of what the program says about one formula."""

    def __init__(
        self, text: str, window: tuple[float, float] | None = None, boxes: int = 4000
    ) -> None:
        self.formula = Formula(text)
        self.is_whole = window is None
        low, high = window or (-1.0003e4, 1.0007e4)
        self.low, self.high = low, high
        self.courses = Courses(self.formula, low, high, boxes)
        self._sides: dict[Gap, Sides | None] = {}

    # -- the second opinion

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
            return self.formula.tied
        return False

    def _way(self, x: Any) -> Any:
        try:
            self.formula.at(x)
        except UndecidedError:
            return "?"
        except OutsideError:
            return "outside"
        return list(self.formula.trace)

    def jumps_in(self, gap: Gap) -> bool | None:
        sides = self.sides(gap)
        return None if sides is None else sides.jumps

    # -- saturation

    def of_saturation(self, found: Any, eps: float) -> Iterator[str]:
        """Ranges on which |f'| < eps."""
        up, down = self.courses.signs(1, arb(eps)), self.courses.signs(1, -arb(eps))
        inside = list(_both(up, down))
        outside = [b for b in up if b.sign == 1] + [b for b in down if b.sign == -1]
        ranges = [(r.low, r.high) for r in found.ranges]
        for a, b in inside:
            is_listed = any(low <= a and b <= high for low, high in ranges)
            if not is_listed and (found.proved or not _is_touched((a, b), ranges)):
                yield f"eps {eps}: {a!r}..{b!r} is flat, of {_near(ranges, a)}"
        for box in outside:
            for low, high in ranges:
                is_wide = high - low > 4 * math.ulp(low)  # else the doubles around a narrow one
                if is_wide and low < box.high and box.low < high:
                    yield f"eps {eps}: {box.low!r}..{box.high!r} is steep, but {low!r}..{high!r}"
        for (_, b), (c, _) in pairwise(inside):
            gap = Gap(b, c)
            if b < c and gap.is_narrow and not any(b <= o.low and o.high <= c for o in outside):
                jumps = self.jumps_in(gap) if c - b <= 16 * math.ulp(c) + 1e-25 else None
                joined = any(low < b and c < high for low, high in ranges)
                if jumps is True and joined:
                    yield f"eps {eps}: joined across a jump at {b!r}"
                slopes = self.sides(gap)
                small = slopes is not None and all(
                    s is not None and abs(s[1]) < eps for s in slopes
                )
                if jumps is False and small and not joined:
                    yield f"eps {eps}: cut in two at {b!r}, where f goes on"
        yield from self._far_saturation(ranges, eps)

    def _far_saturation(self, ranges: Any, eps: float) -> Iterator[str]:
        if not self.is_whole:
            return
        for x in _doubles_out_there():
            slope = self._try(x, 1)
            if slope is None:
                continue
            covered = any(low < x < high for low, high in ranges)
            if abs(slope) < eps and not covered and not any(x in r for r in ranges):
                yield f"eps {eps}: |f'({x!r})| = {slope.str(5)} is flat and not listed"
            if abs(slope) > eps and covered:
                yield f"eps {eps}: |f'({x!r})| = {slope.str(5)} is steep and listed"

    def _try(self, x: Any, order: int = 0) -> Any:
        try:
            return self.formula.at(x, order)
        except (UndecidedError, OutsideError):
            return None

    # -- info

    def of_facts(self, facts: Any) -> Iterator[str]:
        undecided = {o.why for o in facts.open}
        yield from self._extrema(facts, undecided)
        yield from self._kinks(facts, undecided)
        zero = [(z.low, z.high) for z in facts.zero_on]
        fixed = [(z.low, z.high) for z in facts.fixed_on]
        if "roots" not in undecided:
            yield from self._roots("root", self.heights, facts.roots, zero)
        if "fixed points" not in undecided:
            less_x = self.courses.signs(0, 0, 1.0)
            yield from self._roots("fixed point", less_x, facts.fixed_points, fixed)
        yield from self._monotone(facts)
        yield from self._range(facts)
        yield from self._lipschitz(facts)
        yield from self._symmetry(facts)
        if self.is_whole:
            yield from self._line("left", -1, facts.left, facts)
            yield from self._line("right", 1, facts.right, facts)

    def _extrema(self, facts: Any, undecided: Any) -> Iterator[str]:
        found = {e.x: e.kind for e in facts.extrema if self.low < e.x < self.high}
        if any("extrem" in why or "turn" in why for why in undecided):
            return
        explained = set()
        for gap, before, after in _between_boxes(self.rises):
            here = [x for x in found if gap.low <= x <= gap.high]
            explained |= set(here)
            if not before.sign or not after.sign or not gap.is_narrow:
                continue
            if before.sign == after.sign:
                if here and self.jumps_in(gap) is False:
                    yield f"an extremum at {here[0]!r} is invented"
            elif self.jumps_in(gap) is not True:
                kind = "maximum" if before.sign > 0 else "minimum"
                if self._has_value_between(gap) and [found[x] for x in here] != [kind]:
                    yield f"a {kind} in {gap.low!r}..{gap.high!r}: found {here}"
        for x in set(found) - explained:
            if not any(g.low <= x <= g.high for g in self.gaps(self.rises)):
                yield f"an extremum at {x!r} is invented"

    def _has_value_between(self, gap: Gap) -> bool:
        sides = self.sides(gap)
        if sides is None:
            return True
        return None not in sides and not any(abs(s[0]) > 1e20 for s in sides if s)

    def _kinks(self, facts: Any, undecided: Any) -> Iterator[str]:
        if any("branch" in why or "kink" in why for why in undecided):
            return
        found = {k.x: k for k in facts.kinks if self.low < k.x < self.high}
        explained = set()
        for gap, before, after in _between_boxes(self.rises):
            here = [x for x in found if gap.low <= x <= gap.high]
            explained |= set(here)
            if not gap.is_narrow or OUTSIDE in (before.sign, after.sign):
                continue
            sides = self.sides(gap)
            if sides is None or None in sides:
                if here and sides is None:
                    yield f"a kink at {here[0]!r} that nothing shows"
                continue
            breaks = sides.jumps or sides.bends
            if breaks and len(here) != 1:
                yield f"a break in {gap.low!r}..{gap.high!r}: found {here}"
            elif not breaks and here:
                yield f"no break in {gap.low!r}..{gap.high!r}: found {here}"
            elif breaks:
                k = found[here[0]]
                pairs = zip(
                    (k.value_left, k.derivative_left, k.value_right, k.derivative_right),
                    (*sides.left, *sides.right),
                    strict=True,
                )
                for said, true in pairs:
                    if not _close(said, true):
                        yield f"beside the kink {k.x!r}: {said!r} is {true.str(10)}"
        for x in set(found) - explained:
            if not any(g.low <= x <= g.high for g in self.gaps(self.rises)):
                yield f"a kink at {x!r} is invented"

    def _roots(self, name: str, boxes: list[Box], found: Any, stretches: Any) -> Iterator[str]:
        explained = set()
        for gap, before, after in _between_boxes(boxes):
            here = [x for x in found if gap.low <= x <= gap.high]
            explained |= set(here)
            if not gap.is_narrow or not before.sign or not after.sign:
                continue
            passes = before.sign != after.sign and self._has_value_between(gap)
            if passes and not here and self.jumps_in(gap) is not True:
                yield f"a {name} in {gap.low!r}..{gap.high!r} is missed"
        ends = {x for b in boxes if b.sign == 0 for x in (b.low, b.high)}
        for x in found:
            inside = self.low < x < self.high
            known = any(g.low <= x <= g.high for g in self.gaps(boxes)) or x in ends
            if inside and x not in explained and not known:
                yield f"a {name} at {x!r} is invented"
        for box in boxes:
            covered = any(low <= box.low and box.high <= high for low, high in stretches)
            if box.sign == 0 and not covered:
                yield f"{name}s on all of {box.low!r}..{box.high!r} are missed"
            if box.sign in (1, -1):
                for low, high in stretches:
                    if low < box.high and box.low < high:
                        yield f"{name}s on all of {low!r}..{high!r} are invented"

    def _monotone(self, facts: Any) -> Iterator[str]:
        said = facts.monotone
        if said is None:
            return
        ways = {box.sign for box in self.rises if box.sign is not OUTSIDE}
        for x in self._out_there():
            slope = self._try(x, 1)
            if slope is not None:
                ways.add(1 if slope > 0 else -1 if slope < 0 else 0)
        for gap, before, after in _between_boxes(self.rises):
            if not gap.is_narrow or OUTSIDE in (before.sign, after.sign):
                continue
            sides = self.sides(gap)
            if sides is not None and None not in sides and sides.jumps:
                ways.add(1 if sides.left[0] < sides.right[0] else -1)
        fits = {
            "strictly increasing": ways <= {1},
            "nondecreasing": ways <= {0, 1},
            "strictly decreasing": ways <= {-1},
            "nonincreasing": ways <= {-1, 0},
            "constant": ways <= {0},
            "no": True,
        }[said]
        if not fits:
            yield f"{said}, but f' has the signs {sorted(ways)}"
        whole = self.is_known(self.rises) and OUTSIDE not in {b.sign for b in self.rises}
        if whole and facts.window is None:
            truth = {
                (1,): "strictly increasing",
                (0, 1): "nondecreasing",
                (-1,): "strictly decreasing",
                (-1, 0): "nonincreasing",
                (0,): "constant",
            }.get(tuple(sorted(ways)), "no")
            if truth != said and not ({truth, said} <= {"no", "constant"}):
                yield f"{said}, but f' has the signs {sorted(ways)}"

    def _values(self, order: int, boxes: list[Box]) -> tuple[list[Any], list[Any]]:
        """What f (or |f'|) is at the ends of its monotone pieces, and far out."""
        near, far = [], []
        places: list[Any] = [x for b in boxes if b.sign is not OUTSIDE for x in (b.low, b.high)]
        for x in places:
            value = self._try(x, order)
            if value is not None:
                near.append(value)
        for gap in self.gaps(boxes):
            if gap.is_narrow and (sides := self.sides(gap)) is not None:
                near += [side[order] for side in sides if side is not None]
        for x in self._out_there():
            value = self._try(x, order)
            if value is not None:
                far.append(value)
        return near, far

    def _out_there(self) -> Iterator[Any]:
        if self.is_whole:
            for digits in _FAR:
                yield arb(digits)
                yield -arb(digits)

    def _range(self, facts: Any) -> Iterator[str]:
        if math.isnan(facts.range.low) or math.isnan(facts.range.high):
            return
        near, far = self._values(0, self.rises)
        if not near + far:
            return
        whole = self.is_known(self.rises) and facts.window is None
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
        near, far = self._values(1, self.turns)
        jumps = [
            gap
            for gap, before, after in _between_boxes(self.rises)
            if gap.is_narrow and self.jumps_in(gap)
        ]
        if jumps and not math.isinf(said):
            yield f"lipschitz {said!r}, but f jumps at {jumps[0].low!r}"
        slopes = [abs(v) for v in near + far]
        if not slopes:
            return
        best = max(slopes, key=lambda v: v.mid())
        if math.isinf(said):
            if not jumps and best < 1e6 and self.is_known(self.turns) and facts.window is None:
                yield f"lipschitz infinite, but |f'| gets to {best.str(10)}"
            return
        if best > arb(said) * (1 + 2 * _EXACT):
            yield f"lipschitz {said!r}, but |f'| gets to {best.str(17)}"
        if self.is_known(self.turns) and facts.window is None and best < arb(said) * (1 - 1e-3):
            yield f"lipschitz {said!r} is about {best.str(17)}"

    def _symmetry(self, facts: Any) -> Iterator[str]:
        if facts.symmetry is None:
            return
        draw = random.Random(5)
        seen = {"even", "odd"}
        for _ in range(12):
            x = draw.choice((1.0, 0.1, 8.0, 60.0)) * draw.random()
            if not self.low < x < self.high:
                continue
            a, b = self._try(x), self._try(-x)
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
        for digits in ("1e300", "1e1000", "1e4000"):
            x = side * arb(digits)
            value, slope = self._try(x), self._try(x, 1)
            if value is None or slope is None:
                return
            with ctx.workprec(40000):
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
            value, slope, *_ = self.formula._derivatives(x)
        except (UndecidedError, OutsideError):
            return None
        level = value - slope * x
        return level if level.is_finite() and level.rad() < 1e-12 else None


def _is_same(a: Any, b: Any) -> bool:
    return bool(abs(a - b).lower() <= abs(a).upper() * arb(2) ** -50)


def _close(said: float, true: Any) -> bool:
    if math.isnan(said):
        return False
    if math.isinf(said):
        return bool(abs(true) > 1e30) and (true > 0) == (said > 0)
    return bool(abs(true - said) <= 1e-12 * abs(true) + arb(1e-30))


def _both(up: list[Box], down: list[Box]) -> Iterator[tuple[float, float]]:
    """Where f' is below the one level and above the other."""
    under = [b for b in up if b.sign == -1]
    over = [b for b in down if b.sign == 1]
    i = j = 0
    while i < len(under) and j < len(over):
        low, high = max(under[i].low, over[j].low), min(under[i].high, over[j].high)
        if low < high:
            yield low, high
        if under[i].high <= over[j].high:
            i += 1
        else:
            j += 1


def _between_boxes(boxes: list[Box]) -> Iterator[tuple[Gap, Box, Box]]:
    for before, after in pairwise(boxes):
        yield Gap(before.high, after.low), before, after


def _is_touched(box: tuple[float, float], ranges: Any) -> bool:
    return any(low < box[1] and box[0] < high for low, high in ranges)


def _near(ranges: Any, x: float) -> str:
    best = sorted(ranges, key=lambda r: min(abs(r[0] - x), abs(r[1] - x)))[:2]
    return str(best)


def _doubles_out_there() -> Iterator[float]:
    for digits in _FAR[:-2]:
        yield float(digits)
        yield -float(digits)
