"""What `info` says, held against the second opinion: what is missed, invented, or not exact."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

from flint import arb, ctx

from tests.present import present
from tests.referee.course import OUTSIDE, Box
from tests.referee.opinion import Opinion, between_boxes
from tests.referee.series import OutsideError, UndecidedError

_MISSED = "missed"


_EXACT = 4e-16
"""Two numbers that differ by no more, relative to them, round to the same double or neighbours."""


class Verdict:
    """The faults, one line each."""

    def __init__(self, opinion: Opinion) -> None:
        self._opinion, self._formula = opinion, opinion.formula
        self._low, self._high = opinion.low, opinion.high

    def of(self, facts: Any) -> Iterator[str]:
        """Whatever `info` says; of what it leaves open only that nothing is invented."""
        lines = self._of_facts(facts)
        yield from (line for line in lines if facts.proved or _MISSED not in line)

    def _of_facts(self, facts: Any) -> Iterator[str]:
        undecided = {o.why for o in facts.open}
        yield from self._extrema(facts, undecided)
        yield from self._kinks(facts, undecided)
        zero = [(z.low, z.high) for z in facts.zero_on]
        fixed = [(z.low, z.high) for z in facts.fixed_on]
        if "roots" not in undecided:
            yield from self._roots("root", self._opinion.heights, facts.roots, zero)
        if "fixed points" not in undecided:
            less_x = self._opinion.courses.signs(0, 0, 1.0)
            yield from self._roots("fixed point", less_x, facts.fixed_points, fixed)
        yield from self._monotone(facts)
        yield from self._range(facts)
        yield from self._lipschitz(facts)
        yield from self._symmetry(facts)
        if self._opinion.is_whole:
            yield from self._line("left", -1, facts.left, facts)
            yield from self._line("right", 1, facts.right, facts)

    def _extrema(self, facts: Any, undecided: Any) -> Iterator[str]:
        found = {e.x: e.kind for e in facts.extrema if self._low < e.x < self._high}
        if any("extrem" in why or "turn" in why for why in undecided):
            return
        explained = set()
        for gap, before, after in between_boxes(self._opinion.rises):
            here = [x for x in found if gap.low <= x <= gap.high]
            explained |= set(here)
            if not before.sign or not after.sign or not gap.is_narrow:
                continue
            if before.sign == after.sign:
                if here and self._opinion.jumps_in(gap) is False:
                    yield f"an extremum at {here[0]!r} is invented"
            elif self._opinion.jumps_in(gap) is not True:
                kind = "maximum" if before.sign > 0 else "minimum"
                if self._opinion.has_value_between(gap) and [found[x] for x in here] != [kind]:
                    yield f"a {kind} in {gap.low!r}..{gap.high!r} {_MISSED}: found {here}"
        for x in set(found) - explained:
            if not any(g.low <= x <= g.high for g in self._opinion.gaps(self._opinion.rises)):
                yield f"an extremum at {x!r} is invented"

    def _kinks(self, facts: Any, undecided: Any) -> Iterator[str]:
        if any("branch" in why or "kink" in why for why in undecided):
            return
        found = {k.x: k for k in facts.kinks if self._low < k.x < self._high}
        explained = set()
        for gap, before, after in between_boxes(self._opinion.rises):
            here = [x for x in found if gap.low <= x <= gap.high]
            explained |= set(here)
            if not gap.is_narrow or OUTSIDE in (before.sign, after.sign):
                continue
            sides = self._opinion.sides(gap)
            if sides is None or None in sides:
                if here and sides is None:
                    yield f"a kink at {here[0]!r} that nothing shows"
                continue
            breaks = sides.jumps or sides.bends
            if breaks and len(here) != 1:
                yield f"a break in {gap.low!r}..{gap.high!r} {_MISSED}: found {here}"
            elif not breaks and here:
                yield f"no break in {gap.low!r}..{gap.high!r}: found {here}"
            elif breaks:
                k = found[here[0]]
                pairs = zip(
                    (k.value_left, k.derivative_left, k.value_right, k.derivative_right),
                    (*present(sides.left), *present(sides.right)),
                    strict=True,
                )
                for said, true in pairs:
                    if not _close(said, true):
                        yield f"beside the kink {k.x!r}: {said!r} is {true.str(10)}"
        for x in set(found) - explained:
            if not any(g.low <= x <= g.high for g in self._opinion.gaps(self._opinion.rises)):
                yield f"a kink at {x!r} is invented"

    def _roots(self, name: str, boxes: list[Box], found: Any, stretches: Any) -> Iterator[str]:
        explained = set()
        for gap, before, after in between_boxes(boxes):
            here = [x for x in found if gap.low <= x <= gap.high]
            explained |= set(here)
            if not gap.is_narrow or not before.sign or not after.sign:
                continue
            passes = before.sign != after.sign and self._opinion.has_value_between(gap)
            if passes and not here and self._opinion.jumps_in(gap) is not True:
                yield f"a {name} in {gap.low!r}..{gap.high!r} {_MISSED}"
        ends = {x for b in boxes if b.sign == 0 for x in (b.low, b.high)}
        for x in found:
            inside = self._low < x < self._high
            known = any(g.low <= x <= g.high for g in self._opinion.gaps(boxes)) or x in ends
            if inside and x not in explained and not known:
                yield f"a {name} at {x!r} is invented"
        for box in boxes:
            covered = any(low <= box.low and box.high <= high for low, high in stretches)
            if box.sign == 0 and not covered:
                yield f"{name}s on all of {box.low!r}..{box.high!r} {_MISSED}"
            if box.sign in (1, -1):
                for low, high in stretches:
                    if low < box.high and box.low < high:
                        yield f"{name}s on all of {low!r}..{high!r} are invented"

    def _monotone(self, facts: Any) -> Iterator[str]:
        said = facts.monotone
        if said is None:
            return
        ways = {box.sign for box in self._opinion.rises if box.sign is not OUTSIDE}
        for x in self._opinion.out_there():
            slope = self._opinion.value(x, 1)
            if slope is not None:
                ways.add(1 if slope > 0 else -1 if slope < 0 else 0)
        for gap, before, after in between_boxes(self._opinion.rises):
            if not gap.is_narrow or OUTSIDE in (before.sign, after.sign):
                continue
            sides = self._opinion.sides(gap)
            if sides is None or sides.left is None or sides.right is None or not sides.jumps:
                continue
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
        signs = {box.sign for box in self._opinion.rises}
        if self._all_known(self._opinion.rises, facts) and OUTSIDE not in signs:
            truth = {
                (1,): "strictly increasing",
                (0, 1): "nondecreasing",
                (-1,): "strictly decreasing",
                (-1, 0): "nonincreasing",
                (0,): "constant",
            }.get(tuple(sorted(ways)), "no")
            if truth != said and not ({truth, said} <= {"no", "constant"}):
                yield f"{said}, but f' has the signs {sorted(ways)}"

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
            yield f"lipschitz {said!r} {_MISSED}: |f'| gets to {best.str(17)}"
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


def _close(said: float, true: Any) -> bool:
    if math.isnan(said):
        return False
    if math.isinf(said):
        return bool(abs(true) > 1e30) and (true > 0) == (said > 0)
    return bool(abs(true - said) <= 1e-12 * abs(true) + arb(1e-30))
