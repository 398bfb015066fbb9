"""Products, quotients and powers of jets, and where they have no value."""

from __future__ import annotations

from flint import arb

from actcli.formula.jets.intervals import ONE, ZERO, Interval
from actcli.formula.jets.jet_choices import Choices
from actcli.formula.jets.jets import (
    INFINITE,
    JUMP,
    PARTIAL,
    SWITCH,
    UNDEFINED,
    UNKNOWN,
    Jet,
    UndecidedError,
    chain,
    is_one,
    product,
    quotient,
    square,
)

_HIGHEST = 64
"""The largest exponent that is taken for a whole number."""


class JetArithmetic(Choices):
    """The arithmetic of jets."""

    def times(self, u: Jet, w: Jet) -> Jet:
        """The product."""
        return product(u, w)

    def divided(self, u: Jet, w: Jet) -> Jet:
        """The quotient; where the divisor may be 0 inside a box, f may jump or have no value."""
        are_one, w = is_one(u, w), self.pin(w)
        marks = self._marks_where_zero(w)
        if w.value.is_zero():
            raise UndecidedError(UNDEFINED)
        if are_one:
            is_seen_whole = self.ring.is_germ or w.slope is None
            if is_seen_whole and not (marks or w.value.sign()):  # it may be 0 throughout
                raise UndecidedError
            return Jet(self.ring.const(ONE), None, None, marks)
        result = quotient(u, w, crosswise=self.ring.is_germ)
        result.marks |= marks
        return result

    def _marks_where_zero(self, w: Jet) -> int:
        """The marks of what has no value where w is 0."""
        if self.ring.is_germ:
            return 0
        if w.slope is None:
            safe = w.value.is_point or bool(w.value.sign())
        else:
            safe = self.vanishes_nowhere(w)
        return 0 if safe else SWITCH | JUMP | PARTIAL

    def power_by_constant(self, u: Jet, w: Jet) -> Jet:
        """The power u**w by a constant exponent."""
        exponent = self._constant(w)
        if exponent.is_integer() and 0 <= exponent <= _HIGHEST:
            return self.whole_power(u, int(exponent.fmpz()))
        marks = 0
        if not exponent.is_integer():
            if exponent.contains_integer() and u.value.sign() <= 0:
                raise UndecidedError
            u = self.from_least(u, ZERO, pole=bool(exponent < 0))
        elif exponent < 0:
            u = self.pin(u)
            marks = self._marks_where_zero(u)
            if u.value.is_zero():
                raise UndecidedError(UNDEFINED)
        return self._power(u, exponent, marks)

    def power_of_zero(self, u: Jet, w: Jet) -> Jet:
        """The power u**w where u is 0: it is 0, 1 or undefined, as w is positive, 0 or negative."""
        tie, sign = self.tie(), w.value.sign()
        if self.side and w.value.is_zero():
            sign = self._beside(w)
        if sign is None or not (sign or w.value.is_zero()):
            raise UndecidedError(UNKNOWN | PARTIAL | SWITCH | JUMP)
        if sign < 0:
            raise UndecidedError(UNDEFINED)
        value = self.ring.zero() if sign else self.ring.const(ONE)
        if u.slope is None and sign:
            return Jet(value, marks=u.marks)
        if self.ring.is_germ:  # whose derivatives are germs, or none
            raise UndecidedError(UNKNOWN | PARTIAL | SWITCH | JUMP)
        unknown = Interval(arb.nan())
        return Jet(value, unknown, unknown, u.marks | tie)

    def whole_power(self, u: Jet, n: int) -> Jet:
        """The power u**n."""
        if n < 2:
            return Jet(u.value, u.slope, u.curvature) if n else Jet(self.ring.const(ONE))
        if n == 2:
            return square(u)
        result = self._power(u, arb(n), 0)
        result.root = u, n
        return result

    def _power(self, u: Jet, exponent: arb, marks: int) -> Jet:
        power = self.ring.power
        result = chain(
            u,
            power(u.value, exponent),
            lambda: power(u.value, exponent - 1).scale(exponent),
            lambda: power(u.value, exponent - 2).scale(exponent * (exponent - 1)),
        )
        result.marks |= marks | u.marks
        return result

    def _constant(self, w: Jet) -> arb:
        """The number that a constant is."""
        if isinstance(w.value, Interval):
            if not w.value.is_point:
                raise UndecidedError
            return w.value.low
        number: arb = w.value.number()
        return number

    def from_least(self, u: Jet, least: arb, *, pole: bool = False) -> Jet:
        """The part of u from `least` on, where alone a function of it is defined.

        At `least` itself it is not analytic, or has a pole.
        """
        u = self.pin(u) if least.is_zero() else u
        if self.ring.is_germ:
            above = u.value - self.ring.const(least)
            if above.sign() < 0 or (pole and above.is_zero()):
                raise UndecidedError(UNDEFINED)
            if above.sign() or above.is_zero() or self.ring.range(above).low >= 0:
                return u
            raise UndecidedError
        above = u
        if not least.is_zero():
            above = Jet(u.value - Interval(least), u.slope, u.curvature)
        if u.slope is None and (u.value.low > least or (u.value.low >= least and not pole)):
            return u
        if self.vanishes_nowhere(above):
            known = above.sign_of_power(self.settled.get(self.calls))
            known = known or above.value.sign() or self.throughout(above)
            if known == -1:
                raise UndecidedError(UNDEFINED)
            if u.value.low >= least:
                return u
            part = Interval(u.value.low.max(least), u.value.high)
            return Jet(part, u.slope, u.curvature, u.marks)
        if u.value.is_point and above.value.is_zero():
            return u.marked(self._marks_at_edge(above, pole=pole))
        if u.value.low >= least and not pole:
            return u.marked(SWITCH)
        if pole and above.value.high <= 0:
            raise UndecidedError(UNDEFINED)
        part = Interval(u.value.low.max(least), u.value.high)
        return Jet(part, u.slope, u.curvature, u.marks | PARTIAL | SWITCH | JUMP)

    def _marks_at_edge(self, above: Jet, *, pole: bool) -> int:
        """The marks at a point, or beside it, where `above` is 0: the edge of the domain."""
        tie, inwards = self.tie(), self._beside(above) if self.side else 0
        if inwards == -1 or (pole and not self.side):
            raise UndecidedError(UNDEFINED)
        return INFINITE if inwards else tie
