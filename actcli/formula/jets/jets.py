"""Second-order jets: f, f' and f'' of a formula at once, over intervals or over germs.

A ring supplies the numbers: `IntervalRing` for boxes and points, `germ_ring.GermRing` beside a
point and towards infinity. A derivative that is identically 0 is None, so that a constant is told
from what merely looks small. What a walk could not decide is noted in the marks of its result: an
arm of `where` that is not taken leaves no mark.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from flint import arb

from actcli.formula.jets import interval_functions
from actcli.formula.jets.intervals import INFINITY, MINUS_INFINITY, ZERO, Interval

SWITCH = 1
"""Which branch is taken is not decided."""
JUMP = 2
"""... and f may jump there."""
PARTIAL = 4
"""f may be undefined on a part."""
UNDEFINED = 8
"""f is nowhere defined here."""
UNKNOWN = 16
"""Nothing is known."""
TIE = 32
"""At a point: a branch is decided by equality."""
INFINITE = 64
"""Beside a point: a logarithm or a power, or a derivative of it, goes to infinity on the way."""
NO_VALUE = UNDEFINED | UNKNOWN


ANYTHING = Interval(MINUS_INFINITY, INFINITY)
"""A derivative that is not asked for, in any ring: whatever is made of it is not known either."""


Q = TypeVar("Q")


class UndecidedError(Exception):
    """An operation has no result here; the marks say why."""

    def __init__(self, marks: int = UNKNOWN) -> None:
        self.marks = marks


class OutOfTimeError(UndecidedError):
    """The time for a question is over: what is not known by now stays open."""


class Truth:
    """A truth value: True, False, or None where it is not decided."""

    __slots__ = ("marks", "value")

    def __init__(self, value: bool | None, marks: int = 0) -> None:
        self.value, self.marks = value, marks


class Jet:
    """Enclosures of f, f' and f'', and the marks of what was not decided."""

    __slots__ = ("curvature", "marks", "root", "slope", "value")

    def __init__(
        self, value: Any, slope: Any = None, curvature: Any = None, marks: int = 0
    ) -> None:
        self.value, self.slope, self.curvature, self.marks = value, slope, curvature, marks
        self.root: tuple[Jet, int] | None = None
        """The jet and the exponent of which it is the power."""

    @property
    def simple(self) -> Jet:
        """What is 0 where it is, but only once."""
        return self if self.root is None else self.root[0].simple

    def sign_of_power(self, sign: int | None) -> int | None:
        """Its sign, from that of what is 0 where it is."""
        if self.root is None or sign is None:
            return sign
        base, exponent = self.root
        return 1 if exponent % 2 == 0 else base.sign_of_power(sign)

    def order(self, n: int) -> Any:
        """The n-th derivative; None where it is identically 0."""
        return (self.value, self.slope, self.curvature)[n]

    def marked(self, marks: int) -> Jet:
        """The same with more marks."""
        return Jet(self.value, self.slope, self.curvature, self.marks | marks)

    @property
    def has_value(self) -> bool:
        """Whether anything is known."""
        return not self.marks & NO_VALUE

    @property
    def is_nowhere_defined(self) -> bool:
        """Whether it is known that there is no value."""
        return bool(self.marks & UNDEFINED) and not self.marks & UNKNOWN


def nothing(marks: int) -> Jet:
    """The jet of what has no value."""
    return Jet(None, None, None, marks)


class JetRing(Protocol[Q]):
    """The numbers that a jet is made of, and the elementary functions over them."""

    is_germ: bool
    """Whether they stand for all that is near enough to a place, whatever it is."""

    def const(self, number: arb, /) -> Q:
        """A number."""

    def zero(self) -> Q:
        """The number 0."""

    def without_constant(self, u: Q, /) -> Q:
        """What is known to be 0 at the centre.

        Raises:
            UndecidedError: it is not seen to be.
        """
        raise UndecidedError

    def range(self, u: Q, /) -> Interval:
        """Everything that it is."""

    def bounded(self, u: Q, /) -> bool:
        """Whether it is known to stay within finite bounds."""

    def absolute(self, u: Q, /) -> Q:
        """The absolute value where it may have either sign."""

    def apply(self, name: str, u: Q, /) -> Q:
        """One of `interval_functions`.

        Raises:
            UndecidedError: nothing is known of it.
        """

    def power(self, u: Q, exponent: arb, /) -> Q:
        """The power by one number."""


class IntervalRing(JetRing[Interval]):
    """The ring of intervals."""

    is_germ = False

    def const(self, number: arb) -> Interval:
        return Interval(number)

    def zero(self) -> Interval:
        return Interval(ZERO)

    def without_constant(self, _u: Interval) -> Interval:
        return Interval(ZERO)

    def range(self, u: Interval) -> Interval:
        return u

    def bounded(self, u: Interval) -> bool:
        return u.is_finite()

    def absolute(self, u: Interval) -> Interval:
        return Interval(ZERO, u.magnitude)

    def apply(self, name: str, u: Interval) -> Interval:
        result: Interval = getattr(interval_functions, name)(u)
        return result

    def power(self, u: Interval, exponent: arb) -> Interval:
        return interval_functions.power(u, exponent)


INTERVALS = IntervalRing()


def add(a: Any, b: Any) -> Any:
    """The sum of derivatives, None for 0."""
    if a is None or b is None:
        return a if b is None else b
    return ANYTHING if a is ANYTHING or b is ANYTHING else a + b


def sub(a: Any, b: Any) -> Any:
    """The difference of derivatives."""
    if a is None or b is None:
        return neg(b) if a is None else a
    return ANYTHING if a is ANYTHING or b is ANYTHING else a - b


def mul(a: Any, b: Any) -> Any:
    """The product of derivatives."""
    if a is None or b is None:
        return None
    return ANYTHING if a is ANYTHING or b is ANYTHING else a * b


def neg(a: Any) -> Any:
    """The negative of a derivative."""
    return a if a is None or a is ANYTHING else -a


def is_one(u: Jet, w: Jet) -> bool:
    """Whether two jets are one result, taken twice."""
    return u is w or (u.slope is not None and u.value is w.value and u.slope is w.slope)


def none_if_zero(a: Any) -> Any:
    """A derivative, None where it has turned out to be exactly 0."""
    return None if a is None or a.is_zero() else a


def chain(u: Jet, value: Any, slope: Callable[[], Any], curvature: Callable[[], Any]) -> Jet:
    """The jet of g(u), where g(u), and as thunks g'(u) and g''(u), are given."""
    if u.slope is None:
        return Jet(value, None, None, u.marks)
    if u.slope is ANYTHING:
        return Jet(value, ANYTHING, ANYTHING, u.marks)
    rate = slope()
    if isinstance(rate, Interval) and rate.is_infinite_point() and not u.slope.sign():
        return Jet(value, Interval(arb.nan()), Interval(arb.nan()), u.marks)
    if u.curvature is ANYTHING:
        return Jet(value, rate * u.slope, ANYTHING, u.marks)
    bend = curvature() * (u.slope * u.slope)
    return Jet(value, rate * u.slope, add(bend, mul(rate, u.curvature)), u.marks)


def product(u: Jet, w: Jet) -> Jet:
    """The jet of u w."""
    if u.slope is None or w.slope is None:
        return Jet(
            u.value * w.value,
            none_if_zero(add(mul(u.slope, w.value), mul(u.value, w.slope))),
            none_if_zero(add(mul(u.curvature, w.value), mul(u.value, w.curvature))),
        )
    if u is w:
        return square(u)
    slope = add(mul(u.slope, w.value), mul(u.value, w.slope))
    if u.curvature is ANYTHING or w.curvature is ANYTHING:
        return Jet(u.value * w.value, slope, ANYTHING)
    cross = u.slope * w.slope
    bend = add(mul(u.curvature, w.value), mul(u.value, w.curvature))
    return Jet(u.value * w.value, slope, add(cross + cross, bend))


def square(u: Jet) -> Jet:
    """The jet of u**2."""
    if u.slope is None:
        return product(u, u)
    twice, curvature = u.value + u.value, u.curvature
    if curvature is not ANYTHING:
        bend = u.slope * u.slope
        curvature = add(bend + bend, mul(twice, curvature))
    result = Jet(u.value * u.value, mul(twice, u.slope), curvature)
    result.root = u, 2
    return result


def quotient(u: Jet, w: Jet, *, crosswise: bool) -> Jet:
    """The jet of u/w.

    Crosswise, its slope is (u'w - u w')/w**2: what cancels there does so as equal products, also
    where u/w is inexact; that pays over germs. Otherwise it is (u' - (u/w) w')/w.
    """
    if w.slope is None:
        slope, curvature = (
            q if q is None or q is ANYTHING else q / w.value for q in (u.slope, u.curvature)
        )
        return Jet(u.value / w.value, slope, curvature)
    inverse = w.value.inverse()
    if ANYTHING in (u.slope, w.slope):
        return Jet(u.value * inverse, ANYTHING, ANYTHING)
    is_bent = ANYTHING not in (u.curvature, w.curvature)
    if crosswise:
        square = inverse.square()
        slope = sub(mul(u.slope, w.value), u.value * w.slope) * square
        if not is_bent:
            return Jet(u.value * inverse, slope, ANYTHING)
        cross = slope * w.slope
        bend = sub(mul(u.curvature, w.value), mul(u.value, w.curvature))
        bend = None if u.curvature is None and w.curvature is None else bend * square
        return Jet(u.value * inverse, slope, sub(bend, (cross + cross) * inverse))
    value = u.value
    if u.slope is not None or not value.is_zero():
        value = value / w.value if w.value.is_point else value * inverse
    slope = sub(u.slope, value * w.slope) * inverse
    if not is_bent:
        return Jet(value, slope, ANYTHING)
    cross = slope * w.slope
    return Jet(
        value, slope, sub(sub(u.curvature, cross + cross), mul(value, w.curvature)) * inverse
    )
