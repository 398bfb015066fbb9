"""The size of a function on a whole tail: x**p times an interval, for all |x| from a number on.

A ring for jets, coarse and fast: it knows no exponential growth and no leading terms, for which
there are germs.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from actcli.formula.germs.expansion import Power, as_ball
from actcli.formula.jets import interval_functions
from actcli.formula.jets.intervals import INFINITY, ONE, ZERO, Interval, Real
from actcli.formula.jets.jets import JetRing, UndecidedError

_MILD = Fraction(1, 64)
"""log y is at most y**d/(e d), for any d."""


class Order:
    """|x|**p times something in R, for every x of the tail."""

    __slots__ = ("R", "p", "ring")

    is_point = False

    def __init__(self, ring: OrderRing, p: Power, R: Interval) -> None:  # noqa: N803
        self.ring, self.p, self.R = ring, p, R

    @property
    def range(self) -> Interval:
        """Everything that it is on the tail."""
        return self.R * self.ring.powers(self.p)

    @property
    def low(self) -> arb:
        """The infimum of its range."""
        return self.range.low

    @property
    def high(self) -> arb:
        """The supremum of its range."""
        return self.range.high

    def sign(self) -> int:
        """1 or -1 where it has that sign throughout."""
        return self.R.sign()

    def is_zero(self) -> bool:
        """Whether it is exactly 0."""
        return self.R.is_zero()

    def number(self) -> arb:
        """The constant that it is.

        Raises:
            UndecidedError: it is none.
        """
        if self.p or not self.R.is_point:
            raise UndecidedError
        return self.R.low

    def _over(self, p: Power) -> Interval:
        """What it is in units of a power that grows no slower."""
        return self.R if p == self.p else self.R * self.ring.powers(self.p - p)

    def __neg__(self) -> Order:
        return Order(self.ring, self.p, -self.R)

    def __add__(self, other: Order) -> Order:
        p = max(self.p, other.p)
        return Order(self.ring, p, self._over(p) + other._over(p))

    def __sub__(self, other: Order) -> Order:
        return self + (-other)

    def __mul__(self, other: Order) -> Order:
        return Order(self.ring, self.p + other.p, self.R * other.R)

    def __truediv__(self, other: Order) -> Order:
        return self * other.inverse()

    def inverse(self) -> Order:
        """1/u.

        Raises:
            UndecidedError: it may be 0.
        """
        if not self.R.sign():
            raise UndecidedError
        return Order(self.ring, -self.p, self.R.inverse())

    def square(self) -> Order:
        """Its square."""
        return Order(self.ring, 2 * self.p, self.R.square())

    def scale(self, factor: arb) -> Order:
        """Its multiple by a ball whose sign is known."""
        return Order(self.ring, self.p, self.R.scale(factor))

    def hull(self, other: Order) -> Order:
        """An order around both."""
        p = max(self.p, other.p)
        return Order(self.ring, p, self._over(p).hull(other._over(p)))


class OrderRing(JetRing[Order]):
    """The orders for x >= reach (side 1) or x <= -reach (side -1)."""

    is_germ = True

    def __init__(self, reach: Real, side: int) -> None:
        self.reach, self.side = arb(reach), side

    def powers(self, p: Power) -> Interval:
        """The range of |x|**p."""
        if p == 0:
            return Interval(ONE)
        end = self.reach ** as_ball(p)
        return Interval(end, INFINITY) if p > 0 else Interval(ZERO, end)

    def x(self) -> Order:
        """The variable."""
        return Order(self, 1, Interval(ONE * self.side))

    def const(self, number: arb) -> Order:
        return Order(self, 0, Interval(number))

    def zero(self) -> Order:
        return self.const(ZERO)

    def range(self, u: Order) -> Interval:
        return u.range

    def bounded(self, u: Order) -> bool:
        return u.range.is_finite()

    def absolute(self, u: Order) -> Order:
        return Order(self, u.p, Interval(ZERO, u.R.magnitude))

    def power(self, u: Order, exponent: arb) -> Order:
        """A power by one number, exact as a binary fraction."""
        if not exponent.is_exact():
            raise UndecidedError
        mantissa, shift = (int(part) for part in exponent.man_exp())
        p = u.p * Fraction(mantissa) * Fraction(2) ** shift
        if not (u.R.low >= 0 or exponent.is_integer()):
            raise UndecidedError
        R = interval_functions.power(u.R, exponent)  # noqa: N806
        if not R.is_finite():
            raise UndecidedError
        return Order(self, p, R)

    def apply(self, name: str, u: Order) -> Order:
        """An elementary function.

        Raises:
            UndecidedError: it may grow faster than a power.
        """
        if name == "sqrt":
            return self.power(u, arb(0.5))
        values: Interval = getattr(interval_functions, name)(u.range)
        if values.is_finite():
            return Order(self, 0, values)
        if name == "softplus":  # u + softplus(-u)
            rest = interval_functions.softplus(-u.range)
            if rest.is_finite():
                return u + Order(self, 0, rest)
        elif name == "log":
            return self._log(u)
        elif name == "log1p":
            return self._log(u + self.const(ONE))
        elif name == "asinh" and u.sign():
            above = self._log(u.scale(arb(2 * u.sign())) + self.const(ONE))
            return above.hull(-above)
        raise UndecidedError

    def _log(self, u: Order) -> Order:
        """The logarithm p log|x| + log R, where log y is at most y**d/(e d)."""
        if not (u.p > 0 and u.R.low > 0 and u.R.is_finite()):
            raise UndecidedError
        least = self.reach.log().min(ZERO) / self.reach ** as_ball(_MILD)
        slow = Order(self, _MILD, Interval(least, 1 / (ONE.exp() * as_ball(_MILD))))
        return slow.scale(as_ball(u.p)) + Order(self, 0, interval_functions.log(u.R))
