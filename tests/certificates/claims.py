"""Whether a claim about a function holds on an open box."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from flint import arb, ctx

from tests.certificates.course import break_at
from tests.certificates.function import SHARP, Function, RefutedError, UnconfirmedError
from tests.certificates.numbers.balls import Balls
from tests.certificates.numbers.duals import Dual, Walk
from tests.certificates.numbers.intervals import Interval, Intervals
from tests.certificates.numbers.monomials import CannotTellError

_MOST = 3000
_LEAST_BITS = 100

_TOUCH = 2.0**-80
"""Where q touches the end of a claim at an irrational number, no ball tells that it does not go
beyond. In boxes that are so narrow, relative to the place, it may by so little."""

_FAR = 2.0**1000

_AT_A_CUT = 1200
"""Bits with which it is seen on which side of a break a number is."""

_RARELY = 6
"""How deep down expansions are tried again: balls are the cheaper."""


class Claim(NamedTuple):
    """That the n-th derivative lies between two numbers all over a box, and what f may do there."""

    order: int
    low: Any
    high: Any
    """Doubles or balls; None where there is no bound."""
    is_strict: bool = False
    is_analytic: bool = False

    def of(self, found: Dual) -> Any:
        return found.d if self.order else found.v

    def holds(self, q: Any, is_strict: bool | None = None) -> bool:
        strict = self.is_strict if is_strict is None else is_strict
        above = self.low is None or (q > self.low if strict else q >= self.low)
        below = self.high is None or (q < self.high if strict else q <= self.high)
        return bool(above and below and q.is_finite())

    @property
    def widened(self) -> Claim:
        """The same, but for a trifle."""
        low, high = (end if end is None else arb(end) for end in (self.low, self.high))
        return self._replace(
            low=None if low is None else low - (1 + abs(low)) * _TOUCH,
            high=None if high is None else high + (1 + abs(high)) * _TOUCH,
        )

    def holds_on_tail(self, found: Dual | None, walk: Walk) -> bool:
        if found is None or (walk.may_jump and self.order):
            return False
        q = self.of(found)
        gaps = [q - self.low] if self.low is not None else []
        gaps += [self.high - q] if self.high is not None else []
        return all(gap.sign() == 1 if self.is_strict else gap.is_at_least_0() for gap in gaps)

    def is_broken_by(self, q: Any) -> bool:
        if self.low is not None and (q <= self.low if self.is_strict else q < self.low):
            return True
        return self.high is not None and bool(q >= self.high if self.is_strict else q > self.high)


def confirm(f: Function, low: Any, high: Any, claim: Claim) -> None:
    """See that a claim holds on a box.

    Raises:
        RefutedError: it does not hold at some number.
        UnconfirmedError: that could not be seen.
    """
    _Confirming(f, claim, (low, high)).run()


class _Confirming:
    def __init__(self, f: Function, claim: Claim, ends: tuple[Any, Any]) -> None:
        self._f, self._claim, self._ends = f, claim, ends

    def run(self) -> None:
        waiting = [(0, *self._ends)]
        for _ in range(_MOST):
            if not waiting:
                return
            depth, low, high = waiting.pop()
            middle = None if low < 0 < high else _split(low, high)
            with ctx.workprec(self._bits(low, high, middle)):
                if middle is not None and self._holds(low, high, depth):
                    continue
                if depth % _RARELY == 0 and depth and self._holds_beside(low, high):
                    continue
            if middle is None and not low < 0 < high:
                break
            middle = arb(0) if middle is None else middle
            if not self._passes(middle):
                raise UnconfirmedError(f"{self._claim} at {middle.str(20)}")
            waiting += [(depth + 1, middle, high), (depth + 1, low, middle)]
        raise UnconfirmedError(f"{self._claim} on ({low}, {high})")

    def _passes(self, middle: Any) -> bool:
        """Whether nothing happens where a box is cut that its parts would not show.

        What jumps is steep.
        """
        f, claim, x = self._f, self._claim, float(middle)
        _, walk = f.at(middle, _AT_A_CUT)
        if not (walk.is_tied or walk.is_mixed) or f.plain(x) is not None:
            return True
        here = break_at(f, x)
        sides = [Dual(*side, None) for side in (here.left, here.right) if side is not None]
        values = [claim.of(side) for side in sides]
        if not claim.order and here.value is not None:
            values.append(here.value)
        is_flat = claim.order and None not in (claim.low, claim.high)
        if claim.is_analytic or (is_flat and here.is_jump):
            return False
        return all(map(claim.holds, values))

    def _bits(self, low: Any, high: Any, middle: Any) -> int:
        """So many that the claim is seen in the middle of a box.

        Raises:
            RefutedError: it does not hold there.
        """
        claim, least = self._claim, _LEAST_BITS + _narrowness(low, high)
        if middle is None or not (low.is_finite() and high.is_finite()):
            return least
        for bits in (least, 4 * least, 16 * least, 64 * least):
            here, walk = self._f.at(middle, bits)
            if here is None or walk.may_jump or claim.holds(claim.of(here)):
                return bits
            if claim.is_broken_by(claim.of(here)):
                raise RefutedError(f"{claim} at {middle.str(20)}")
        raise UnconfirmedError(f"{claim} at {middle.str(20)}")

    def _holds(self, low: Any, high: Any, depth: int) -> bool:
        if low.is_finite() and high.is_finite():
            seen = self._holds_by_balls(low, high)
            if seen or (seen is False and depth % _RARELY):
                return bool(seen)
        with ctx.workprec(max(ctx.prec, SHARP)):
            tails = _tails(self._f, low, high)
            return any(_seen(self._f, tail, self._claim.holds_on_tail) for tail in tails)

    def _holds_beside(self, low: Any, high: Any) -> bool:
        """By expansion from an end of the whole box, at which q may reach the end of a claim."""
        with ctx.workprec(max(ctx.prec, SHARP)):
            return any(
                end in (far, 0) and _seen(self._f, tail, self._claim.holds_on_tail)
                for end, far, side in ((low, self._ends[0], 1), (high, self._ends[1], -1))
                if end.is_finite() and high - low < 0.5
                for tail in [(end, side, 1 / (high - low).upper())]
            )

    def _holds_by_balls(self, low: Any, high: Any) -> bool | None:
        """None where nothing at all is seen."""
        f, claim, x = self._f, self._claim, Interval(low, high)
        found, walk = f.over(Intervals(), x)
        if found is None or (
            walk.is_mixed and (claim.is_analytic or (walk.may_jump and claim.order))
        ):
            return False
        q, rate = claim.of(found), found.c if claim.order else found.d
        if claim.holds(q):
            return True
        if not q.is_finite():
            return None
        if not claim.is_strict and high - low < _TOUCH * abs(low) and claim.widened.holds(q):
            return True
        if (walk.is_mixed and (claim.order or walk.may_jump)) or not rate.is_finite():
            return False
        if rate >= 0 or rate <= 0:
            strict = claim.is_strict and not (rate > 0 or rate < 0)
            return all(self._holds_at(end, strict) for end in (low, high))
        middle = ((low + high) / 2).mid()
        here, _ = f.over(Balls(), middle)
        return here is not None and claim.holds(rate * (x - middle) + claim.of(here))

    def _holds_at(self, x: Any, strict: bool) -> bool:
        for bits in (ctx.prec, 4 * ctx.prec):
            found, _ = self._f.at(x, bits)
            if found is not None and self._claim.holds(self._claim.of(found), strict):
                return True
        return False


def is_everywhere(f: Function, low: Any, high: Any, what: str) -> bool:
    """Whether f has no value on a box, or f' is 0 all over it."""

    def holds(found: Dual | None, walk: Walk) -> bool:
        if what == "undefined" or found is None:
            return found is None and what == "undefined" and not walk.is_mixed
        return _is_zero(found.d) and not walk.is_mixed

    waiting = [(low, high)]
    for _ in range(_MOST):
        if not waiting:
            return True
        low, high = waiting.pop()
        middle = arb(0) if low < 0 < high else _split(low, high)
        if middle is None:
            return False
        if not low < 0 < high:
            with ctx.workprec(SHARP):
                here, walk = f.at(middle)
                if not (walk.is_mixed or holds(here, walk)):
                    return False
                finite = low.is_finite() and high.is_finite()
                if finite and holds(*f.over(Intervals(), Interval(low, high))):
                    continue
                if any(_seen(f, tail, holds) for tail in _tails(f, low, high)):
                    continue
        waiting += [(middle, high), (low, middle)]
    return False


def _tails(f: Function, low: Any, high: Any) -> Any:
    """Expansions that hold on a box: from infinity, from a special 0 or end."""
    side = 1 if low > 0 else -1
    near, far = (low, high) if low > 0 else (-high, -low)
    if near >= 2:
        yield side * math.inf, 0, near, far if far.is_finite() else None
    if near > 0 and far < 0.5 and f.plain(0.0) is None:
        yield 0.0, side, 1 / far, 1 / near
    for end, way in ((low, 1), (high, -1)):
        if end.is_finite() and f.plain(end) is None and high - low < 0.5:
            yield end, way, 1 / (high - low).upper(), None


def _seen(f: Function, tail: Any, holds: Callable[[Dual | None, Walk], bool]) -> bool:
    try:
        return holds(*f.on_tail(*tail))
    except CannotTellError:
        return False


def _is_zero(q: Any) -> bool:
    return not q.terms if hasattr(q, "terms") else bool(q.is_zero())


def _narrowness(low: Any, high: Any) -> int:
    """Bits that a narrow box takes more."""
    if not (low.is_finite() and high.is_finite()):
        return 0
    ratio = (high - low) / abs(low).max(abs(high))
    return max(0, -2 * int(ratio.log().mid().__float__() / math.log(2)))


def _split(low: Any, high: Any) -> Any:
    """A number inside a box on one side of 0, in its geometric middle if it is wide."""
    if high <= 0:
        found = _split(-high, -low)
        return None if found is None else -found
    if not high.is_finite():
        return None if low > _FAR else arb(16).max(low * low).mid()
    if low.is_zero():
        return None if high < arb(2) ** -1200 else (high / 16).mid()
    middle = (low * high).sqrt() if high > 4 * low else (low + high) / 2
    middle = middle.mid()
    return middle if low < middle < high else None
