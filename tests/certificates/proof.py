"""One function of a certificate, and whether a claim about it holds on an open box."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from flint import arb, ctx

from actcli.formula.parse import parse
from tests.certificates.balls import Balls
from tests.certificates.duals import Dual, Walk
from tests.certificates.intervals import Interval, Intervals
from tests.certificates.tail_functions import Tails
from tests.certificates.tails import CannotTellError

SHARP = 240
"""Bits of a number at a place."""

_MOST = 3000
_LEAST_BITS = 100

_TOUCH = 2.0**-80
"""Where q touches the end of a claim at an irrational number, no ball tells that it does not go
beyond. In boxes that are so narrow, relative to the place, it may by so little."""

_FAR = 2.0**1000

_RARELY = 6
"""How deep down expansions are tried again: balls are the cheaper."""

_FAR_OUT = 2.0**100
"""Where a number is seen better from infinity, if its exponential is too large."""

_REACHES = (1100, 120, 20)
"""How close to a place, or far out, limits are looked at, in bits."""


class RefutedError(Exception):
    """The certificate is wrong."""


class UnconfirmedError(Exception):
    """It could not be seen to be right."""


class Claim(NamedTuple):
    """That the n-th derivative lies between two numbers all over a box, and what f may do there."""

    order: int
    low: Any
    high: Any
    """Doubles or balls; None where there is no bound."""
    is_strict: bool = False
    is_analytic: bool = False

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

    def holds_on_tail(self, q: Any) -> bool:
        gaps = [q - self.low] if self.low is not None else []
        gaps += [self.high - q] if self.high is not None else []
        return all(gap.sign() == 1 if self.is_strict else gap.is_at_least_0() for gap in gaps)

    def is_broken_by(self, q: Any) -> bool:
        if self.low is not None and (q <= self.low if self.is_strict else q < self.low):
            return True
        return self.high is not None and bool(q >= self.high if self.is_strict else q > self.high)


class Side(NamedTuple):
    """The limits of f and f' on one side of a place."""

    v: Any
    d: Any


class Function:
    """f, f - x or f - g, evaluated by the checker's own means."""

    def __init__(self, formulas: Sequence[Mapping[str, Any]], of: str = "f") -> None:
        parts = formulas if of == "f - g" else formulas[:1]
        self._programs = [(parse(p["formula"], list(p["params"])), p["params"]) for p in parts]
        self._less_x = of == "f - x"
        self.beside, self.plain = cache(self._beside), cache(self._plain)

    def over(self, k: Any, x: Any) -> tuple[Dual | None, Walk]:
        walk = Walk(k)
        found = [walk.run(program, params, x) for program, params in self._programs]
        if self._less_x:
            found.append(Dual(x, k.number(1), k.flat))
        parts = [part for part in found if part is not None]
        if len(parts) < len(found):
            return None, walk
        return (parts[0] - parts[1] if len(parts) > 1 else parts[0]), walk

    def at(self, x: Any, bits: int = SHARP) -> tuple[Dual | None, Walk]:
        with ctx.workprec(bits):
            return self.over(Balls(), arb(x))

    def _plain(self, x: float, bits: int = SHARP) -> Dual | None:
        """The dual at a number around which f is analytic; else None."""
        found, walk = self.at(x, bits)
        if found is None or walk.is_tied or walk.is_mixed:
            return None
        return found if found.v.is_finite() and found.d.is_finite() else None

    def _beside(self, x: float, side: int) -> Side | None:
        """The limits on one side of a number, or at infinity; None where f has no value there."""
        if math.isfinite(x) and (found := self.plain(x)) is not None:
            return Side(found.v, found.d)
        reaches = [arb(2) ** n for n in _REACHES]
        if math.isfinite(x) and x:
            reaches = [reach / abs(arb(x)) for reach in reaches]
        with ctx.workprec(SHARP):
            for reach in reaches:
                with contextlib.suppress(CannotTellError):
                    found, _ = self._on_tail(x, side, reach)
                    return None if found is None else Side(found.v.limit, found.d.limit)
            if math.isfinite(x) and abs(x) > _FAR_OUT:
                with contextlib.suppress(CannotTellError):
                    found, _ = self._on_tail(math.copysign(math.inf, x), 0, abs(arb(x)))
                    if found is None:
                        return None
                    return Side(found.v.at(abs(arb(x))), found.d.at(abs(arb(x))))
        raise UnconfirmedError(f"what f does beside {x}")

    def _on_tail(self, x: Any, side: int, y: Any, far: Any = None) -> tuple[Dual | None, Walk]:
        tails = Tails(arb(y), far)
        if math.isinf(x):
            return self.over(tails, tails.powers((1 if x > 0 else -1, 1)))
        return self.over(tails, tails.powers((x, 0), (side, -1)))

    # -- claims

    def confirm(self, low: Any, high: Any, claim: Claim) -> None:
        """See that a claim holds on a box.

        Raises:
            RefutedError: it does not hold at some number.
            UnconfirmedError: that could not be seen.
        """
        waiting, ends = [(0, low, high)], (low, high)
        for _ in range(_MOST):
            if not waiting:
                return
            depth, low, high = waiting.pop()
            middle = None if low < 0 < high else _split(low, high)
            with ctx.workprec(self._bits(low, high, middle, claim)):
                if middle is not None and self._holds(low, high, middle, claim, depth):
                    continue
                if depth % _RARELY == 0 and depth and self._holds_beside(ends, low, high, claim):
                    continue
            if middle is None and not low < 0 < high:
                break
            middle = arb(0) if middle is None else middle
            waiting += [(depth + 1, middle, high), (depth + 1, low, middle)]
        raise UnconfirmedError(f"{claim} on ({low}, {high})")

    def _bits(self, low: Any, high: Any, middle: Any, claim: Claim) -> int:
        """So many that the claim is seen in the middle of a box.

        Raises:
            RefutedError: it does not hold there.
        """
        least = _LEAST_BITS + _narrowness(low, high)
        if middle is None or not (low.is_finite() and high.is_finite()):
            return least
        for bits in (least, 4 * least, 16 * least, 64 * least):
            here, walk = self.at(middle, bits)
            if here is None or walk.may_jump or claim.holds(_order(here, claim)):
                return bits
            if claim.is_broken_by(_order(here, claim)):
                raise RefutedError(f"{claim} at {middle.str(20)}")
        return least

    def _holds(self, low: Any, high: Any, middle: Any, claim: Claim, depth: int) -> bool:
        if low.is_finite() and high.is_finite():
            seen = self._holds_by_balls(low, high, claim)
            if seen or (seen is False and depth % _RARELY):
                return bool(seen)
        with ctx.workprec(max(ctx.prec, SHARP)):
            return any(self._holds_on_tail(tail, claim) for tail in self._tails(low, high))

    def _tails(self, low: Any, high: Any) -> Any:
        """Expansions that hold on a box: from infinity, from a special 0 or end."""
        side = 1 if low > 0 else -1
        near, far = (low, high) if low > 0 else (-high, -low)
        if near >= 2:
            yield side * math.inf, 0, near, far if far.is_finite() else None
        if near > 0 and far < 0.5 and self.plain(0.0) is None:
            yield 0.0, side, 1 / far, 1 / near
        for end, way in ((low, 1), (high, -1)):
            if end.is_finite() and self.plain(end) is None and high - low < 0.5:
                yield end, way, 1 / (high - low).upper(), None

    def _holds_beside(self, ends: Any, low: Any, high: Any, claim: Claim) -> bool:
        """By expansion from an end of the whole box, at which q may reach the end of a claim."""
        with ctx.workprec(max(ctx.prec, SHARP)):
            return any(
                end == far and self._holds_on_tail((end, side, 1 / (high - low).upper()), claim)
                for end, far, side in ((low, ends[0], 1), (high, ends[1], -1))
                if end.is_finite() and high - low < 0.5
            )

    def _seen_on_tail(self, tail: Any, holds: Callable[[Dual | None, Walk], bool]) -> bool:
        try:
            return holds(*self._on_tail(*tail))
        except CannotTellError:
            return False

    def _holds_on_tail(self, tail: Any, claim: Claim) -> bool:
        try:
            found, walk = self._on_tail(*tail)
            if found is None or (walk.may_jump and claim.order):
                return False
            q = _order(found, claim)
            return q is not None and claim.holds_on_tail(q)
        except CannotTellError:
            return False

    def _holds_by_balls(self, low: Any, high: Any, claim: Claim) -> bool | None:
        """None where nothing at all is seen."""
        x = Interval(low, high)
        found, walk = self.over(Intervals(), x)
        if found is None or (
            walk.is_mixed and (claim.is_analytic or (walk.may_jump and claim.order))
        ):
            return False
        q, rate = _order(found, claim), found.c if claim.order else found.d
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
            return all(self._holds_at(end, claim, strict) for end in (low, high))
        middle = ((low + high) / 2).mid()
        here, _ = self.over(Balls(), middle)
        return here is not None and claim.holds(rate * (x - middle) + _order(here, claim))

    def _holds_at(self, x: Any, claim: Claim, strict: bool) -> bool:
        for bits in (ctx.prec, 4 * ctx.prec):
            found, _ = self.at(x, bits)
            if found is not None and claim.holds(_order(found, claim), strict):
                return True
        return False

    def is_everywhere(self, low: Any, high: Any, what: str) -> bool:
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
                    finite = low.is_finite() and high.is_finite()
                    if finite and holds(*self.over(Intervals(), Interval(low, high))):
                        continue
                    if any(self._seen_on_tail(tail, holds) for tail in self._tails(low, high)):
                        continue
            waiting += [(middle, high), (low, middle)]
        return False


def _is_zero(q: Any) -> bool:
    return not q.terms if hasattr(q, "terms") else bool(q.is_zero())


def _order(found: Dual, claim: Claim) -> Any:
    return found.d if claim.order else found.v


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
