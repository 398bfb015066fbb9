"""The choices of a formula over jets: comparisons, `where`, `max`, `abs`, `floor` and their kin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actcli.expression.intervals import ONE, ZERO, Interval
from actcli.expression.jets import (
    JUMP,
    NO_VALUE,
    PARTIAL,
    SWITCH,
    TIE,
    UNKNOWN,
    Jet,
    Truth,
    UndecidedError,
    add,
    neg,
    none_if_zero,
    nothing,
    sub,
)


class Choices:
    """What decides between the branches of a formula, and remembers how it decided."""

    def __init__(
        self,
        ring: Any,
        *,
        side: int = 0,
        box: bool = False,
        forced: Sequence[Any] | None = None,
    ) -> None:
        """Choose over a ring.

        Args:
            ring: the numbers.
            side: -1 or 1 decides ties at a point as they are just beside it, on that side.
            box: whether an interval that is no point is an open box of x.
            forced: the choices to take, from the `choices` of an earlier walk.
        """
        self.ring, self.side, self.box, self.forced = ring, side, box, forced
        self.choices: list[Any] = []

    def _forced(self) -> Any:
        """The next choice that is forced on this walk; None where it was not decided."""
        assert self.forced is not None
        n = len(self.choices)
        choice = self.forced[n] if n < len(self.forced) else None
        self.choices.append(choice)
        return choice

    def decide(self, u: Jet) -> tuple[int | None, int]:
        """The sign of u here, None where it is not decided (or as forced); and marks."""
        if u.slope is None:
            sign = u.value.sign()
            self.choices.append(sign)
            return (sign, 0) if sign or u.value.is_zero() else (None, SWITCH)
        if self.forced is not None:
            choice = self._forced()
            return choice, SWITCH if choice is None else 0
        sign, marks = self._sign(u)
        self.choices.append(sign)
        return sign, marks | (SWITCH if sign is None else 0)

    def _sign(self, u: Jet) -> tuple[int | None, int]:
        sign: int = u.value.sign()
        if sign:
            return sign, 0
        if self.ring.is_germ:
            return (0 if u.value.is_zero() else None), 0
        if u.value.is_point:
            if not u.value.is_zero():
                return None, 0
            return (self._beside(u), 0) if self.side else (0, TIE)
        return (self._throughout(u) if self.box else None), 0

    def _throughout(self, u: Jet, n: int = 0) -> int | None:
        """The sign of the n-th derivative of u in the whole open box: 0 where identically 0."""
        q = u.order(n)
        if q is None:
            return 0
        if sign := q.sign():
            return int(sign)
        if q.is_zero():
            return None if n < 2 and u.order(n + 1) is not None and q.is_point else 0
        if n == 2 or q.is_point or not (q.low >= 0 or q.high <= 0):
            return None
        if self._throughout(u, n + 1) not in (1, -1):  # it is 0 at one place at most: an end
            return None
        return 1 if q.low >= 0 else -1

    def _beside(self, u: Jet) -> int | None:
        """The sign just beside the point, by the first derivative that is not 0."""
        for n in range(3):
            q = u.order(n)
            if q is None:
                return 0
            if sign := q.sign():
                return int(sign) * (self.side if n == 1 else 1)
            if not q.is_zero():
                return None
        return None

    def vanishes_nowhere(self, u: Jet) -> bool:
        """Whether u is not 0 anywhere in the open box, or not at the point."""
        if u.value.sign():
            return True
        return self.box and self._throughout(u) in (1, -1)

    # -- truth values

    def _compare(self, u: Jet, w: Jet, signs: tuple[int, ...]) -> Truth:
        sign, marks = self.decide(self.minus(u, w))
        return Truth(None if sign is None else sign in signs, marks)

    def less(self, u: Jet, w: Jet) -> Truth:
        """Whether u < w."""
        return self._compare(u, w, (-1,))

    def less_equal(self, u: Jet, w: Jet) -> Truth:
        """Whether u <= w."""
        return self._compare(u, w, (-1, 0))

    def greater(self, u: Jet, w: Jet) -> Truth:
        """Whether u > w."""
        return self._compare(u, w, (1,))

    def greater_equal(self, u: Jet, w: Jet) -> Truth:
        """Whether u >= w."""
        return self._compare(u, w, (1, 0))

    def equal(self, u: Jet, w: Jet) -> Truth:
        """Whether u = w."""
        return self._compare(u, w, (0,))

    def unequal(self, u: Jet, w: Jet) -> Truth:
        """Whether u differs from w."""
        return self._compare(u, w, (1, -1))

    def both(self, a: Truth, b: Truth) -> Truth:
        """Conjunction."""
        if a.value is False or b.value is False:
            return Truth(False, _why(False, a, b))
        return Truth(None if None in (a.value, b.value) else True, a.marks | b.marks)

    def either(self, a: Truth, b: Truth) -> Truth:
        """Disjunction."""
        if a.value or b.value:
            return Truth(True, _why(True, a, b))
        return Truth(None if None in (a.value, b.value) else False, a.marks | b.marks)

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
        zero = self.ring.zero()
        return (zero if a is None else a).hull(zero if b is None else b)

    def where(self, condition: Truth, u: Jet, w: Jet) -> Jet:
        """The result u where the condition holds, else w."""
        if condition.value is None:
            return self.join(u, w, SWITCH | JUMP | condition.marks)
        return (u if condition.value else w).marked(condition.marks)

    def maximum(self, u: Jet, w: Jet) -> Jet:
        """The larger of two."""
        sign, marks = self.decide(self.minus(u, w))
        if sign is not None:
            return (u if sign >= 0 else w).marked(marks)
        result = self.join(u, w, marks)
        if result.has_value and not self.ring.is_germ:
            a, b = u.value, w.value
            result.value = Interval(a.low.max(b.low), a.high.max(b.high))
        return result

    def minimum(self, u: Jet, w: Jet) -> Jet:
        """The smaller of two."""
        sign, marks = self.decide(self.minus(u, w))
        if sign is not None:
            return (u if sign <= 0 else w).marked(marks)
        result = self.join(u, w, marks)
        if result.has_value and not self.ring.is_germ:
            a, b = u.value, w.value
            result.value = Interval(a.low.min(b.low), a.high.min(b.high))
        return result

    def absolute(self, u: Jet) -> Jet:
        """The absolute value."""
        sign, marks = self.decide(u)
        if sign is not None:
            return (u if sign >= 0 else self.negate(u)).marked(marks)
        result = self.join(u, self.negate(u), marks)
        if result.has_value:
            result.value = self.ring.absolute(u.value)
        return result

    def signum(self, u: Jet) -> Jet:
        """The sign: -1, 0 or 1."""
        sign, marks = self.decide(u)
        if sign is None:
            either = self.ring.const(ONE).hull(self.ring.const(-ONE))
            return Jet(either, None, None, marks | JUMP)
        return Jet(self.ring.const(ONE * sign), None, None, marks)

    def floor(self, u: Jet) -> Jet:
        """The largest whole number that is not above u."""
        if u.slope is None:
            low = self.ring.range(u.value).low.floor()
            if not low.is_exact():
                raise UndecidedError
            self.choices.append(low)
            return Jet(self.ring.const(low))
        if self.forced is not None:
            whole, marks = self._forced(), 0
        else:
            whole, marks = self._floor(u)
            self.choices.append(whole)
        if whole is not None:
            return Jet(self.ring.const(whole), None, None, marks)
        if self.ring.is_germ:  # between u - 1 and u
            below = self.ring.const(ZERO).hull(self.ring.const(ONE))
            return Jet(u.value - below, None, None, SWITCH | JUMP)
        around = Interval(u.value.low.floor(), u.value.high.floor())
        return Jet(around, None, None, SWITCH | JUMP)

    def _floor(self, u: Jet) -> tuple[Any, int]:
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
                return first, TIE
            sign = self._beside(Jet(Interval(ZERO), u.slope, u.curvature))
            return (None if not sign else first - 1 if sign < 0 else first), 0
        if first == last:
            return first, 0
        below = Jet(u.value - ring.const(last), u.slope, u.curvature)
        sign = below.value.sign() if ring.is_germ else self._throughout(below) if self.box else 0
        touches = last == first + 1 and q.high == last and sign == -1
        return (first if touches else None), 0

    def modulo(self, u: Jet, w: Jet) -> Jet:
        """The remainder u - w floor(u/w)."""
        steps = self.floor(self.divided(u, w))
        if steps.marks and w.slope is None:
            share = self.ring.const(ZERO).hull(self.ring.const(ONE))
            return Jet(w.value * share, u.slope, u.curvature, steps.marks)
        return self.minus(u, self.times(w, steps)).marked(steps.marks)

    # -- what the choices need of arithmetic

    def minus(self, u: Jet, w: Jet) -> Jet:
        """The difference; exactly 0 between a result and itself."""
        if u is w:
            return Jet(self.ring.zero())
        slope = none_if_zero(sub(u.slope, w.slope))
        return Jet(u.value - w.value, slope, none_if_zero(sub(u.curvature, w.curvature)))

    def plus(self, u: Jet, w: Jet) -> Jet:
        """The sum."""
        return Jet(u.value + w.value, add(u.slope, w.slope), add(u.curvature, w.curvature))

    def negate(self, u: Jet) -> Jet:
        """The negative."""
        return Jet(-u.value, neg(u.slope), neg(u.curvature))

    def times(self, u: Jet, w: Jet) -> Jet:
        """The product."""
        raise NotImplementedError

    def divided(self, u: Jet, w: Jet) -> Jet:
        """The quotient."""
        raise NotImplementedError


def _why(value: bool, a: Truth, b: Truth) -> int:
    """The marks of what decides a conjunction or disjunction."""
    return min((t.marks for t in (a, b) if t.value is value), default=0)
