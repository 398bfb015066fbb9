"""The choices of a formula over jets: comparisons, `where`, `max`, `abs`, `floor` and their kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb

from actcli.formula.jets.intervals import ONE, ZERO, Interval
from actcli.formula.jets.jet_signs import Signs
from actcli.formula.jets.jets import (
    ANYTHING,
    JUMP,
    NO_VALUE,
    PARTIAL,
    SWITCH,
    UNDEFINED,
    UNKNOWN,
    Jet,
    Truth,
    UndecidedError,
    nothing,
)
from actcli.formula.primitives import COMPARISONS


class Choices(Signs):
    """What decides between the branches of a formula."""

    # -- truth values

    def compared(self, operation: str, u: Jet, w: Jet) -> Truth:
        """A comparison, by the sign of u - w."""
        sign, marks = self.decide(self.minus(u, w))
        return Truth(None if sign is None else sign in COMPARISONS[operation], marks)

    def both(self, a: Truth, b: Truth) -> Truth:
        """Conjunction."""
        if a.value is False or b.value is False:
            return Truth(False, _why(False, a, b))
        return _undivided(True, a, b)

    def either(self, a: Truth, b: Truth) -> Truth:
        """Disjunction."""
        if a.value or b.value:
            return Truth(True, _why(True, a, b))
        return _undivided(False, a, b)

    def opposite(self, a: Truth) -> Truth:
        """Negation."""
        return Truth(None if a.value is None else not a.value, a.marks)

    # -- choices

    def join(self, u: Jet, w: Jet, marks: int) -> Jet:
        """Either of two results."""
        if (u.marks | w.marks) & NO_VALUE:
            return nothing(UNKNOWN | PARTIAL | SWITCH | JUMP)
        value, slope, curvature = (self._hull(u.order(n), w.order(n)) for n in range(3))
        return Jet(value, slope, curvature, marks | u.marks | w.marks)

    def _hull(self, a: Any, b: Any) -> Any:
        if a is None and b is None:
            return None
        if a is ANYTHING or b is ANYTHING:
            return ANYTHING
        zero = self.ring.zero()
        return (zero if a is None else a).hull(zero if b is None else b)

    def where(self, condition: Truth, u: Jet, w: Jet) -> Jet:
        """The result u where the condition holds, else w; neither where it has no value."""
        if condition.marks & NO_VALUE == UNDEFINED:
            return nothing(UNDEFINED)
        if condition.value is None:
            return self.join(u, w, SWITCH | JUMP | condition.marks)
        return (u if condition.value else w).marked(condition.marks)

    def _one_of(self, u: Jet, w: Jet, gap: Jet, *, first: bool) -> Jet:
        """The first or the second, equal at the centre where their gap is pinned there."""
        if self.calls not in self.pinned:
            return u if first else w
        if first:
            return u if u.slope is None else self.plus(w, self.pin(gap))
        return self.minus(u, self.pin(gap)) if u.slope is None else w

    def maximum(self, u: Jet, w: Jet) -> Jet:
        """The larger of two."""
        return self._extreme(u, w, 1, arb.max)

    def minimum(self, u: Jet, w: Jet) -> Jet:
        """The smaller of two."""
        return self._extreme(u, w, -1, arb.min)

    def _extreme(self, u: Jet, w: Jet, way: int, of_numbers: Callable[[arb, arb], arb]) -> Jet:
        gap = self.minus(u, w)
        sign, marks = self.decide_weakly(gap)
        if sign is not None:
            return self._one_of(u, w, gap, first=way * sign >= 0).marked(marks)
        result = self.join(u, w, marks)
        if result.has_value and not self.ring.is_germ:
            a, b = u.value, w.value
            result.value = Interval(of_numbers(a.low, b.low), of_numbers(a.high, b.high))
        return result

    def absolute(self, u: Jet) -> Jet:
        """The absolute value."""
        u = self.pin(u)
        sign, marks = self.decide_weakly(u)
        if sign is not None:
            return (u if sign >= 0 else self.negate(u)).marked(marks)
        result = self.join(u, self.negate(u), marks)
        if result.has_value:
            result.value = self.ring.absolute(u.value)
        return result

    def sign(self, u: Jet) -> Jet:
        """The sign: -1, 0 or 1."""
        sign, marks = self.decide(u)
        if sign is None:
            either = self.ring.const(ONE).hull(self.ring.const(-ONE))
            return Jet(either, None, None, marks | JUMP)
        return Jet(self.ring.const(ONE * sign), None, None, marks)

    def floor(self, u: Jet) -> Jet:
        """The largest whole number that is not above u."""
        if u.slope is None:
            steps = self.ring.range(u.value)
            low, high = steps.low.floor(), steps.high.floor()
            if not (low.is_exact() and high.is_exact()):
                raise UndecidedError
            if low == high:
                return Jet(self.ring.const(low))
            either = self.ring.const(low).hull(self.ring.const(high))
            return Jet(either, None, None, SWITCH | JUMP)
        if self.forced is not None:
            whole, marks = self._forced(), 0
        else:
            known = self.settled.get(self.calls)
            whole, marks = self._floor(u) if known is None else (known, 0)
            self.choices[self.calls] = whole
            self._note_step(u, whole)
        if whole is not None:
            return Jet(self.ring.const(whole), None, None, marks)
        if self.ring.is_germ:  # between u - 1 and u
            below = self.ring.const(ZERO).hull(self.ring.const(ONE))
            return Jet(u.value - below, None, None, SWITCH | JUMP)
        around = Interval(u.value.low.floor(), u.value.high.floor())
        return Jet(around, None, None, SWITCH | JUMP)

    def _note_step(self, u: Jet, whole: arb | None) -> None:
        """What decides about a floor: how far u is above the whole number that it passes."""
        if self.ring.is_germ or (whole is not None and self.box):
            return
        step = u.value.high.ceil() - 1 if self.box else u.value.high.floor()
        if step.is_exact() and step.is_finite():
            self.deciding[self.calls] = Jet(u.value - Interval(step), u.slope, u.curvature)

    def _floor(self, u: Jet) -> tuple[arb | None, int]:
        """The floor and marks; None where it is not one number."""
        ring = self.ring
        if ring.is_germ and not ring.bounded(u.value):
            return None, 0
        q = ring.range(u.value)
        first, last = q.low.floor(), q.high.floor()
        if not all(end.is_exact() and end.is_finite() for end in (first, last)):
            return None, 0
        if not ring.is_germ and q.is_point:
            if not q.low.is_integer():
                return first, 0
            if not self.side:
                return first, self.tie()
            sign = self._beside(Jet(Interval(ZERO), u.slope, u.curvature))
            previous = arb(first.fmpz() - 1)  # exact, however few bits there are
            return (None if not sign else previous if sign < 0 else first), 0
        if first == last:
            return first, 0
        below = Jet(u.value - ring.const(last), u.slope, u.curvature)
        sign = below.value.sign() if ring.is_germ else self.throughout(below) if self.box else 0
        touches = last == first + 1 and q.high == last and sign == -1
        return (first if touches else None), 0

    def modulo(self, u: Jet, w: Jet) -> Jet:
        """The remainder u - w floor(u/w)."""
        self.calls = -self.calls  # what divides decides by itself, beside the floor
        quotient = self.divided(u, w)
        self.calls = -self.calls
        steps = self.floor(quotient).marked(quotient.marks)
        if steps.marks & SWITCH and w.slope is None:
            share = self.ring.const(ZERO).hull(self.ring.const(ONE))
            return Jet(w.value * share, u.slope, u.curvature, steps.marks)
        return self.minus(u, self.times(w, steps)).marked(steps.marks)

    def times(self, u: Jet, w: Jet) -> Jet:
        """The product."""
        raise NotImplementedError

    def divided(self, u: Jet, w: Jet) -> Jet:
        """The quotient."""
        raise NotImplementedError


def _undivided(value: bool, a: Truth, b: Truth) -> Truth:
    """The value where both parts have it; one that is undecided may do without an undefined one."""
    marks = a.marks | b.marks
    if None not in (a.value, b.value):
        return Truth(value, marks)
    if any(t.value is None and not t.marks & UNDEFINED for t in (a, b)) and marks & UNDEFINED:
        marks = marks & ~UNDEFINED | UNKNOWN | PARTIAL | SWITCH | JUMP
    return Truth(None, marks)


def _why(value: bool, a: Truth, b: Truth) -> int:
    """The marks of what decides a conjunction or disjunction."""
    return min((t.marks for t in (a, b) if t.value is value), default=0)
