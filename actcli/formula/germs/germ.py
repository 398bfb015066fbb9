"""Germs: what a function is on a whole one-sided neighbourhood of a point, or on a whole tail.

A germ is t**p * exp(U) * (c[0] + c[1] t + ... + R t**m) for all 0 < t <= T: x = centre +- t beside
a number, x = +-1/t towards infinity. The c are balls, R is an interval that holds for every t, and
U, a germ that goes to +-infinity, or None. Leading terms cancel exactly, so signs and limits are
known up to the very end. This is arithmetic of one-term transseries with a proved remainder (van
der Hoeven 2006, Transseries and Real Differential Algebra).
"""

from __future__ import annotations

import math

from flint import arb

from actcli.formula.germs.expansion import NIL, UNIT, Power, horner, product
from actcli.formula.germs.exponent import Exponent
from actcli.formula.germs.rings import Ring
from actcli.formula.germs.term import GermTerm
from actcli.formula.jets.exact_number import quotient
from actcli.formula.jets.intervals import INFINITY, MINUS_INFINITY, ONE, ZERO, Interval
from actcli.formula.jets.jets import UndecidedError


class Germ(GermTerm):
    """t**p * exp(U) * (c[0] + c[1] t + ... + R t**m), plus perhaps a much smaller germ."""

    __slots__ = ()

    ring: Ring[Germ]
    U: Exponent[Germ] | None

    def sign(self) -> int:
        """1 or -1 where it has that sign for every t, else 0."""
        if self.smaller is not None:
            return self.folded().sign()
        return 0 if self.ring.two_sided and self.p % 2 else self.sum().sign()

    def limit_sign(self) -> int:
        """The sign near t = 0, if only there."""
        if self.smaller is not None or not (self.c and self.R.is_finite()) or self.ring.two_sided:
            return self.sign()
        return int(self.c[0] > 0) - int(self.c[0] < 0) or self.sign()

    def hull(self, other: Germ) -> Germ:
        """A germ around both."""
        if self.is_zero() and other.is_zero():
            return self
        if self.U is not None or other.U is not None:
            raise UndecidedError
        if self.smaller is not None or other.smaller is not None:
            return self.folded().hull(other.folded())
        powers = [germ.p for germ in (self, other) if not germ.is_zero()]
        p = min(powers)
        ranges = [
            NIL if germ.is_zero() else germ.sum() * self.ring.powers_of_t(germ.p - p)
            for germ in (self, other)
        ]
        return self.ring.enclosed(ranges[0].hull(ranges[1]), p)

    # -- parts

    def leading(self) -> Germ:
        """It without the smaller term."""
        if self.smaller is None:
            return self
        return Germ(self.ring, self.p, self.U, self.c, self.R)

    def folded(self) -> Germ:
        """It with the smaller term in the remainder."""
        return self if self.smaller is None else self.leading().merged(self.smaller)

    def with_smaller(self, small: Germ | None) -> Germ:
        """It plus a germ that is exponentially smaller."""
        if small is None or small.has_no_lead:
            return self
        if self.has_no_lead:
            return small
        germ = Germ(self.ring, self.p, self.U, self.c, self.R)
        germ.smaller = small
        return germ

    def _like(self, c: list[arb], R: Interval, smaller: Germ | None) -> Germ:  # noqa: N803
        germ = Germ(self.ring, self.p, self.U, c, R)
        germ.smaller = smaller
        return germ

    # -- arithmetic

    def __neg__(self) -> Germ:
        smaller = None if self.smaller is None else -self.smaller
        germ = self._like([-a for a in self.c], -self.R, smaller)
        germ.is_never_zero = self.is_never_zero
        base, factor = self.multiple_of or (self, ONE)
        germ.multiple_of = base, -factor
        return germ

    def scale(self, s: arb) -> Germ:
        """Its multiple by a ball."""
        if s.is_zero():
            return self.ring.zero()
        smaller = None if self.smaller is None else self.smaller.scale(s)
        germ = self._like([a * s for a in self.c], self.R.scale(s), smaller)
        germ.is_never_zero = self.is_never_zero and not s.contains(ZERO)
        if s.is_exact():
            base, factor = self.multiple_of or (self, ONE)
            germ.multiple_of = base, factor * s
        return germ

    def shifted(self, q: Power) -> Germ:
        """Its multiple by t**q."""
        germ = Germ(self.ring, self.p + q, self.U, self.c, self.R)
        germ.smaller = None if self.smaller is None else self.smaller.shifted(q)
        return germ

    def square(self) -> Germ:
        """Its square."""
        return self * self

    def __mul__(self, other: Germ) -> Germ:
        a, b = self.leading(), other.leading()
        result = a._times(b)
        if self.smaller is not None:
            result = result + self.smaller._times(other.folded())
        if other.smaller is not None:
            result = result + a._times(other.smaller)
        return result

    def _times(self, other: Germ) -> Germ:
        ring = self.ring
        if self.is_zero() or other.is_zero():
            return ring.zero()
        m = min(len(self.c), len(other.c))
        c, R = product(*self.cut(m), *other.cut(m), ring.t)  # noqa: N806
        if self.U is None or other.U is None:
            return Germ(ring, self.p + other.p, self.U or other.U, c, R)
        U, factor = ring.exponential(self.U.plus(other.U))  # noqa: N806
        germ = Germ(ring, self.p + other.p, U, c, R)
        return germ if factor is None else germ * factor

    def __truediv__(self, other: Germ) -> Germ:
        simple = other.p == 0 and other.U is None and other.smaller is None and other.c
        constant = simple and other.R.is_zero() and all(a.is_zero() for a in other.c[1:])
        if constant and self.smaller is None:
            divisor = other.c[0]
            c = [quotient(a, divisor) for a in self.c[:1]] + [a / divisor for a in self.c[1:]]
            return self._like(c, self.R / Interval(divisor), None)
        return self * other.inverse()

    def inverse(self) -> Germ:
        """Its reciprocal.

        Raises:
            UndecidedError: it may be 0.
        """
        if self.smaller is None:
            return self._inverse()
        first = self.leading()._inverse()
        share = self.smaller._times(first)
        total = self.ring.const(ONE).merged(share)
        return first.with_smaller(-first._times(share)._times(total._inverse()))

    def _inverse(self) -> Germ:
        ring, c = self.ring, self.c
        if self.is_zero():
            raise UndecidedError
        if not c or not (c[0] > 0 or c[0] < 0):
            return self._inverse_of_range()
        b = [1 / c[0] if ring.two_sided else quotient(ONE, c[0])]  # no limit: nothing cancels there
        for n in range(1, len(c)):
            b.append(-sum((c[j] * b[n - j] for j in range(1, n + 1)), ZERO) * b[0])
        # (c + R t**m) b = 1 + error t**m: the coefficients between are 0 as exact numbers
        _, error = product(c, self.R, b, NIL, ring.t)
        total = UNIT + error * ring.powers_of_t(len(c))
        if not total.low > 0:
            return self._inverse_of_range()
        R = -(horner(b, NIL, ring.t) * error) / total  # noqa: N806
        return Germ(ring, -self.p, self.U and self.U.times(-ONE), b, R)

    def _inverse_of_range(self) -> Germ:
        total = self.sum()
        if total.sign():
            inverse = total.inverse()
        elif self.is_never_zero and total.low >= 0:
            inverse = Interval(1 / total.high, INFINITY)
        elif self.is_never_zero and total.high <= 0:
            inverse = Interval(MINUS_INFINITY, 1 / total.low)
        else:
            raise UndecidedError
        return Germ(self.ring, -self.p, self.U and self.U.times(-ONE), [], inverse)

    def __sub__(self, other: Germ) -> Germ:
        return self + (-other)

    def __add__(self, other: Germ) -> Germ:
        if self.is_zero():
            return other
        if other.is_zero():
            return self
        plain = self.smaller is None and other.smaller is None
        if plain and self.U is None and other.U is None:
            return self.merged(other)
        terms = (self.leading(), other.leading(), self.smaller, other.smaller)
        groups = _grouped(self.ring, [t for t in terms if t is not None and not t.has_no_lead])
        if len(groups) < 2:
            return groups[0] if groups else self.ring.zero()
        lead = _dominant(self.ring, groups)
        rest = [germ for germ in groups if germ is not lead]
        try:
            small = rest[0]
            for germ in rest[1:]:
                small = small.merged(germ)
        except UndecidedError:  # which is smaller is not known: all into the remainder
            for germ in rest:
                lead = lead.merged(germ)
            return lead
        return lead.with_smaller(small)

    def merged(self, other: Germ) -> Germ:
        """The sum as one term, what is smaller in the remainder."""
        total = self._merged(other)
        if self.is_never_zero or other.is_never_zero:
            total.is_never_zero = _have_one_sign(self, other)
        return total

    def _merged(self, other: Germ) -> Germ:
        ring = self.ring
        if self.is_zero():
            return other
        if other.is_zero():
            return self
        a, b = self, other
        if a.U is not b.U:
            ratio, factor = ring.ratio(a, b)
            if ratio is not None:
                return _absorbed(ring, a, b, ratio)
            b = Germ(ring, b.p, None, b.c, b.R)
            b = b if factor is None else b * factor
            b = Germ(ring, b.p, a.U, b.c, b.R)
        if b.p < a.p:
            a, b = b, a
        gap = b.p - a.p
        whole = math.floor(gap)
        if whole == gap and (whole < len(a.c) or whole == 0):
            m = min(len(a.c), whole + len(b.c))
            c, R = a.cut(m)  # noqa: N806
            shifted = [ZERO] * whole + b.c
            rest = R + horner(shifted[m:], b.R, ring.t)
            return Germ(ring, a.p, a.U, [x + y for x, y in zip(c, shifted, strict=False)], rest)
        m = min(len(a.c), whole)
        c, R = a.cut(m)  # noqa: N806
        return Germ(ring, a.p, a.U, c, R + ring.powers_of_t(gap - m) * b.sum())


def _have_one_sign(a: Germ, b: Germ) -> bool:
    """Whether neither passes 0 to the other's side."""
    ranges = a.sum(), b.sum()
    return all(q.low >= 0 for q in ranges) or all(q.high <= 0 for q in ranges)


def _grouped(ring: Ring[Germ], terms: list[Germ]) -> list[Germ]:
    """Terms whose exponentials are the same, up to what is bounded, added up."""
    groups: list[Germ] = []
    for term in terms:
        for i, group in enumerate(groups):
            if ring.ratio(group, term)[0] is None:
                groups[i] = group.merged(term)
                break
        else:
            groups.append(term)
    return [group for group in groups if not group.has_no_lead]


def _dominant(ring: Ring[Germ], groups: list[Germ]) -> Germ:
    """The germ beside which all others are exponentially small."""
    for lead in groups:
        try:
            if all(germ is lead or ring.dominance(lead, germ) < 0 for germ in groups):
                return lead
        except UndecidedError:
            continue
    raise UndecidedError


def _absorbed(ring: Ring[Germ], a: Germ, b: Germ, ratio: Exponent[Germ]) -> Germ:
    """The sum a + b where exp(ratio) = exp(b.U)/exp(a.U): the smaller goes into the remainder."""
    decay = ratio.germ
    sign = decay.limit_sign()
    if not sign:
        raise UndecidedError
    if sign > 0:
        a, b, decay = b, a, -decay
    tail = ring.decay(decay, b.p - a.p - len(a.c)) * b.sum()
    return Germ(ring, a.p, a.U, a.c, a.R + tail)
