"""What `info` says, held against the second opinion: what is missed, invented, or not exact."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from flint import arb

from tests.present import present
from tests.referee.course import OUTSIDE, Box
from tests.referee.opinion import Opinion, between_boxes
from tests.referee.whole import MISSED, Whole


class Verdict:
    """The faults, one line each."""

    def __init__(self, opinion: Opinion) -> None:
        self._opinion = opinion
        self._low, self._high = opinion.low, opinion.high

    def of(self, facts: Any) -> Iterator[str]:
        """Whatever `info` says; of what it leaves open only that nothing is invented."""
        lines = self._of_facts(facts)
        yield from (line for line in lines if facts.proved or MISSED not in line)

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
        yield from Whole(self._opinion).of(facts)

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
                    yield f"a {kind} in {gap.low!r}..{gap.high!r} {MISSED}: found {here}"
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
                yield f"a break in {gap.low!r}..{gap.high!r} {MISSED}: found {here}"
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
                yield f"a {name} in {gap.low!r}..{gap.high!r} {MISSED}"
        ends = {x for b in boxes if b.sign == 0 for x in (b.low, b.high)}
        for x in found:
            inside = self._low < x < self._high
            known = any(g.low <= x <= g.high for g in self._opinion.gaps(boxes)) or x in ends
            if inside and x not in explained and not known:
                yield f"a {name} at {x!r} is invented"
        for box in boxes:
            covered = any(low <= box.low and box.high <= high for low, high in stretches)
            if box.sign == 0 and not covered:
                yield f"{name}s on all of {box.low!r}..{box.high!r} {MISSED}"
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
        is_known = facts.window is None and self._opinion.is_known(self._opinion.rises)
        if is_known and OUTSIDE not in signs:
            truth = {
                (1,): "strictly increasing",
                (0, 1): "nondecreasing",
                (-1,): "strictly decreasing",
                (-1, 0): "nonincreasing",
                (0,): "constant",
            }.get(tuple(sorted(ways)), "no")
            if truth != said and not ({truth, said} <= {"no", "constant"}):
                yield f"{said}, but f' has the signs {sorted(ways)}"


def _close(said: float, true: Any) -> bool:
    if math.isnan(said):
        return False
    if math.isinf(said):
        return bool(abs(true) > 1e30) and (true > 0) == (said > 0)
    return bool(abs(true - said) <= 1e-12 * abs(true) + arb(1e-30))
