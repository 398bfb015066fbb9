"""What a function does just beside a number: its one-sided limits and Taylor coefficients."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from flint import arb

from actcli.formula.germs.germ import Germ
from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import INFINITY, MINUS_INFINITY, ZERO, Interval, Real
from actcli.formula.jets.jet_signs import Choice
from actcli.formula.jets.jets import INFINITE, Jet
from actcli.structure.function import ProvedFunction

_TERMS = 8
"""Taylor coefficients that are looked at."""

_REACHES = (2.0**-40, 2.0**-100, 2.0**-400)
"""How far beside a number it is looked, relative to it; less far where more happens there."""


class Side:
    """f on one side of a number, which is a double or the one in a ball.

    The choices forced on it, and those whose deciding jets are pinned to 0 at the number, are those
    of a `between.Spot`.
    """

    def __init__(
        self,
        function: ProvedFunction,
        centre: Real,
        side: int,
        forced: Mapping[int, Choice] | None = None,
        pinned: Collection[int] = (),
    ) -> None:
        self._function, self._centre, self._side = function, centre, side
        self._forced, self._pinned = forced, pinned
        self._jet = function.at(centre, side, forced, pinned)
        self.choices = function.choices
        """What is chosen on this side."""

    @property
    def is_undefined(self) -> bool:
        """Whether f is certainly not defined on this side."""
        return bool(self._jet.marks) and self._germ is not None and self._germ.is_nowhere_defined

    @property
    def value(self) -> Interval | None:
        """The limit of f, which may be infinite; None where it is not known."""
        return self._limit(0)

    @property
    def slope(self) -> Interval | None:
        """The limit of f'."""
        return self._limit(1)

    def _limit(self, order: int) -> Interval | None:
        if not self._jet.marks:
            q: Interval | None = self._jet.order(order)
            if q is None or q.is_finite():
                return Interval(ZERO) if q is None else q
        if self._jet.marks == INFINITE and order == 0 and _is_known(self._jet.value):
            value: Interval = self._jet.value
            return value
        for germ in (self._germ, self._mild_germ):
            if germ is not None and germ.has_value:
                limit: Interval = germ.value.ring.limit(germ.order(order))
                if limit.is_point:
                    return limit
        return None

    @cached_property
    def _germ(self) -> Jet | None:
        """The germ of f, close enough that nothing else happens."""
        return self._close(mild=False)

    @cached_property
    def _mild_germ(self) -> Jet | None:
        """The same where a logarithm is less than any power."""
        return self._close(mild=True)

    def _close(self, *, mild: bool) -> Jet | None:
        size = float(abs(arb(self._centre)).mid()) or _REACHES[0]
        jet = None
        for reach in _REACHES:
            ring = GermRing(
                reach * size, side=self._side, centre=self._centre, terms=_TERMS, mild=mild
            )
            jet = self._function.germ(ring, forced=self._forced, pinned=self._pinned)
            if not jet.marks or jet.is_nowhere_defined:
                return jet
        return None

    @cached_property
    def taylor(self) -> list[Interval]:
        """The coefficients of (x - centre)**n, as far as they are known."""
        if not self._jet.marks:
            first = [self._jet.order(n) for n in range(3)]
            if all(q is None or q.is_finite() for q in first):
                value, slope, curvature = (Interval(ZERO) if q is None else q for q in first)
                return [value, slope, Interval(curvature.ball / 2)]
        return []

    @cached_property
    def longer_taylor(self) -> list[Interval]:
        """More of them."""
        if self._germ is None or not self._germ.has_value:
            return []
        germ = self._germ.value.leading()
        if germ.U is not None:
            return [Interval(ZERO)] * _TERMS if self._vanishes(germ) else []
        if germ.p < 0:
            return []
        if not isinstance(germ.p, int):  # the derivative after the last that is 0 is infinite
            return [*[Interval(ZERO)] * (int(germ.p) + 1), Interval(INFINITY)] if germ.c else []
        c = [ZERO] * germ.p + list(germ.c)
        if germ.R.is_zero():
            c += [ZERO] * (_TERMS - len(c))
        return [Interval(a if n % 2 == 0 else a * self._side) for n, a in enumerate(c[:_TERMS])]

    def _vanishes(self, germ: Germ) -> bool:
        """Whether it is exponentially small, as are its derivatives."""
        return germ.U is not None and germ.U.germ.limit_sign() < 0

    @property
    def has_all_derivatives(self) -> bool:
        """Whether all are known: f is a polynomial there, but for what is flat."""
        if not self.longer_taylor or self._germ is None:
            return False
        germ = self._germ.value.leading()
        if germ.U is not None:
            return self._vanishes(germ)
        if not isinstance(germ.p, int):
            return False
        return germ.R.is_zero() and all(a.is_zero() for a in germ.c[_TERMS - germ.p :])

    @property
    def is_polynomial(self) -> bool:
        """Whether f is a polynomial there, all of whose coefficients are known."""
        if not self.has_all_derivatives or self._germ is None:
            return False
        return self._germ.value.U is None and self._germ.value.smaller is None


def _is_known(q: Interval) -> bool:
    return q.is_point and (q.is_finite() or q.low in (INFINITY, MINUS_INFINITY))
