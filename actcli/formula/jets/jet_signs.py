"""The signs of jets, by which a formula chooses its branches: found, remembered, or forced."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from flint import arb

from actcli.formula.jets.jets import SWITCH, TIE, Jet, JetRing, add, is_one, neg, none_if_zero, sub

Choice: TypeAlias = Any
"""By what a call chooses: a sign, or the whole number of a floor as a ball; None if undecided."""

Decided: TypeAlias = tuple[Mapping[int, Choice], Mapping[int, Jet]]
"""The choices of a walk, and what decided them."""


class Signs:
    """What decides the signs of jets, and remembers how it decided."""

    def __init__(
        self,
        ring: JetRing[Any],
        *,
        side: int = 0,
        box: bool = False,
        forced: Mapping[int, Choice] | None = None,
        pinned: Collection[int] = (),
        settled: Mapping[int, Choice] | None = None,
    ) -> None:
        """Choose over a ring.

        Args:
            ring: the numbers.
            side: -1 or 1 decides ties at a point as they are just beside it, on that side.
            box: whether an interval that is no point is an open box of x.
            forced: the choices to take, from the `choices` of an earlier walk.
            settled: on a box, the choices (or the signs of `deciding` jets) that are known there.
            pinned: the calls whose `deciding` jet is known to be 0 at the centre.
        """
        self.ring, self.side, self.box, self.forced = ring, side, box, forced
        self.pinned, self.settled = pinned, settled or {}
        self.deadline = math.inf
        """In seconds of CPU of the process; germs are given up after it."""
        self.is_tied = False
        """Whether something was decided by equality: it may be otherwise on either side."""
        self.calls = 0
        """How many primitives have been applied: what names a choice, whatever was left out."""
        self.choices: dict[int, Choice] = {}
        """How each call that chooses has chosen; None where it could not."""
        self.deciding: dict[int, Jet] = {}
        """What a call chooses by the sign of, or is not analytic where it is 0.

        On a box only where it may be 0.
        """

    def _forced(self) -> Choice:
        """The choice that is forced on this call; None where it was not decided."""
        assert self.forced is not None
        choice = self.choices[self.calls] = self.forced.get(self.calls)
        return choice

    def pin(self, u: Jet) -> Jet:
        """A jet that decides: 0 at the centre where that is known."""
        if self.calls not in self.pinned:
            return u
        if u.root is not None:
            return self.whole_power(self.pin(u.root[0]), u.root[1])
        return Jet(self.ring.without_constant(u.value), u.slope, u.curvature, u.marks)

    def decide(self, u: Jet) -> tuple[int | None, int]:
        """The sign of u here, None where it is not decided (or as forced); and marks."""
        if u.slope is None:
            sign = u.value.sign() if u.value.sign() or u.value.is_zero() else None
            self.choices[self.calls] = sign
            return sign, SWITCH if sign is None else 0
        if self.forced is not None:
            choice = self._forced()
            return choice, SWITCH if choice is None else 0
        if (known := self.settled.get(self.calls)) is not None:
            self.choices[self.calls] = known
            return known, 0
        sign, marks = self._sign(u)
        self.choices[self.calls] = sign
        if sign is None or not self.box:
            self.deciding[self.calls] = u.simple
        return sign, marks | (SWITCH if sign is None else 0)

    def decide_weakly(self, u: Jet) -> tuple[int | None, int]:
        """The same for what does not care which sign 0 has: on a box u >= 0 will do."""
        if self.box and self.forced is None and not u.value.is_point:
            sign = 1 if u.value.low >= 0 else -1 if u.value.high <= 0 else 0
            if sign:
                self.choices[self.calls] = sign
                return sign, 0
        return self.decide(u)

    def _sign(self, u: Jet) -> tuple[int | None, int]:
        sign: int = u.value.sign()
        if sign:
            return sign, 0
        if self.ring.is_germ:
            return (0 if u.value.is_zero() else None), 0
        if u.value.is_point:
            if not u.value.is_zero():
                return None, 0
            return (self._beside(u), 0) if self.side else (0, self.tie())
        return (self.throughout(u) if self.box else None), 0

    def tie(self) -> int:
        """The mark of what is decided by equality, which is noted."""
        self.is_tied = True
        return TIE

    def throughout(self, u: Jet, n: int = 0) -> int | None:
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
        if self.throughout(u, n + 1) not in (1, -1):  # it is 0 at one place at most: an end
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
        if not self.box:
            self.deciding[self.calls] = u.simple
        if u.value.sign() or self.calls in self.settled:
            return True
        if self.box and self.throughout(u) in (1, -1):
            return True
        self.deciding[self.calls] = u.simple
        return False

    # -- what it takes of arithmetic

    def minus(self, u: Jet, w: Jet) -> Jet:
        """The difference; exactly 0 between a result and itself."""
        if is_one(u, w):
            return Jet(self.ring.zero())
        if w.slope is None and w.value.is_zero():
            return u
        slope = none_if_zero(sub(u.slope, w.slope))
        return Jet(u.value - w.value, slope, none_if_zero(sub(u.curvature, w.curvature)))

    def plus(self, u: Jet, w: Jet) -> Jet:
        """The sum."""
        return Jet(u.value + w.value, add(u.slope, w.slope), add(u.curvature, w.curvature))

    def negate(self, u: Jet) -> Jet:
        """The negative."""
        return Jet(-u.value, neg(u.slope), neg(u.curvature))

    def whole_power(self, u: Jet, n: int) -> Jet:
        """The power u**n."""
        raise NotImplementedError


def shared_choice(key: int, low: Decided, high: Decided) -> Choice:
    """The choice of a call that holds all over a box, or the sign of what decides it.

    From the choices and what decides them at both ends, between which that is monotone.
    """
    choice = low[0].get(key)
    if isinstance(choice, arb):
        return choice if choice == high[0].get(key) else None
    first, last = low[1].get(key), high[1].get(key)
    if first is None or last is None or choice != high[0].get(key):
        return None
    signs = [u.value.sign() for u in (first, last)]
    if not all(u.value.sign() or u.value.is_zero() for u in (first, last)):
        return None
    sign = {1: 1, 2: 1, -1: -1, -2: -1}.get(sum(signs))
    return sign if choice is None or sign is None else choice
