"""Doubles with a running bound on their error: the operators, and what makes a choice.

An `Estimate` carries, beside each double, a bound on its relative error in units of 2**-53 (to
first order, as in Higham, Accuracy and Stability of Numerical Algorithms, section 3.3). The bound
is one number for all points as long as nothing can cancel, and an array from there on.

- A bound of inf or NaN says that nothing is known: after an overflow, an underflow, an open choice.
- A 0 with a finite bound is exactly 0: a 0 left by cancellation carries inf.
- A NaN with a finite bound is certainly undefined: log(-1).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from actcli.formula.values.arrays import number
from actcli.formula.values.truths import Mask, Truths
from actcli.numeric.arrays import Array

UNIT = 2.0**-53
SMALL = 2.0**-960
"""Results below may have lost digits."""
FIRST_ORDER = 2.0**26
"""With an error of more units the slope at a point says little about its surroundings."""
_MARGIN = 4 * UNIT
"""Of a bound, where a choice hangs on it: rounding must not hide the doubt itself."""
_TINIEST = 2.0**-1072


Units: TypeAlias = "Array | float"


class Estimate:
    """Doubles with a bound on their relative error; `positive` if none is known to be below 0."""

    __slots__ = ("error", "positive", "value")
    __array_ufunc__ = None

    def __init__(self, value: Array, error: Units = 0.0, positive: bool = False) -> None:
        self.value, self.error, self.positive = value, error, positive

    def __add__(self, other: Estimate | float) -> Estimate:
        other = estimate(other)
        return _sum(self, other, self.value + other.value, self.positive and other.positive)

    def __sub__(self, other: Estimate | float) -> Estimate:
        other = estimate(other)
        if self is other:
            return Estimate(self.value - other.value, self.error)
        return _sum(self, other, self.value - other.value, same_sign=False)

    def __mul__(self, other: Estimate | float) -> Estimate:
        other = estimate(other)
        error = self.error + other.error
        if not (_is_scale(self.value) or _is_scale(other.value)):
            error = error + 1.0
        positive = self is other or (self.positive and other.positive)
        return watched(self.value * other.value, error, positive, self.value, other.value)

    def __truediv__(self, other: Estimate | float) -> Estimate:
        other = estimate(other)
        error = self.error + first_order(other.error)
        if not _is_scale(other.value):
            error = error + 1.0
        positive = self.positive and other.positive
        return watched(self.value / other.value, error, positive, self.value, other.value)

    def __neg__(self) -> Estimate:
        return Estimate(-self.value, self.error)

    def __rsub__(self, other: Estimate | float) -> Estimate:
        return estimate(other) - self

    def __rtruediv__(self, other: Estimate | float) -> Estimate:
        return estimate(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def __lt__(self, other: Estimate | float) -> Truths:
        return _compared(np.less, np.greater_equal, self, other)

    def __le__(self, other: Estimate | float) -> Truths:
        return _compared(np.less_equal, np.greater, self, other)

    def __gt__(self, other: Estimate | float) -> Truths:
        return _compared(np.greater, np.less_equal, self, other)

    def __ge__(self, other: Estimate | float) -> Truths:
        return _compared(np.greater_equal, np.less, self, other)

    def __eq__(self, other: Estimate | float) -> Truths:  # type: ignore[override]
        return _compared(np.equal, np.not_equal, self, other)

    def __ne__(self, other: Estimate | float) -> Truths:  # type: ignore[override]
        return _compared(np.not_equal, np.equal, self, other)

    __hash__ = None  # type: ignore[assignment]


def estimate(value: Estimate | float) -> Estimate:
    """The number itself; a plain double is exact."""
    return value if isinstance(value, Estimate) else Estimate(number(value), 0.0, value >= 0)


def watched(value: Array, error: Units, positive: bool, *factors: Array) -> Estimate:
    """The estimate; nothing is known of it where it has overflowed or underflowed.

    It is rightly 0 where one of the factors is, and rightly NaN where one of those is.
    """
    size = np.abs(value)
    if np.all(size > SMALL) and np.all(size < np.inf):
        return Estimate(value, error, positive)
    lost = ~((size > SMALL) & (size < np.inf))
    for factor in factors:
        lost = lost & ~((factor == 0) & (size == 0)) & ~np.isnan(factor)
    return Estimate(value, np.where(lost, np.inf, error), positive)


def is_exact(error: Units) -> bool:
    """Whether the bound is 0 at every point, without looking at the points."""
    return np.ndim(error) == 0 and error == 0


def first_order(error: Units) -> Units:
    """The bound as long as first order describes its effect; inf beyond."""
    if np.ndim(error) == 0 and error < FIRST_ORDER:
        return error
    return np.where(error < FIRST_ORDER, error, np.inf)


def _is_scale(value: Array) -> bool:
    """Whether it is a power of two, by which a product is exact."""
    return np.ndim(value) == 0 and abs(np.frexp(value)[0]) == 0.5


def _sum(u: Estimate, v: Estimate, value: Array, same_sign: bool) -> Estimate:
    if is_exact(u.error) and is_exact(v.error):
        own = 0.0 if _is_exact_sum(u.value, v.value, value) else 1.0
        return _finite(value, own, same_sign, u, v)
    if same_sign:
        return _finite(value, np.maximum(u.error, v.error) + 1.0, True, u, v)
    wrong = np.abs(u.value) * u.error + np.abs(v.value) * v.error
    return _finite(value, relative(wrong, value) + 1.0, False, u, v)


def _finite(value: Array, error: Units, positive: bool, u: Estimate, v: Estimate) -> Estimate:
    """The sum u + v or u - v; nothing is known of it where it overflowed, NaN stays NaN."""
    if not np.all(np.isfinite(value)):
        error = np.where(np.isfinite(value), error, np.inf)
        for part in u, v:
            error = np.where(np.isnan(part.value), part.error, error)
    return Estimate(value, error, positive)


def _is_exact_sum(u: Array, v: Array, value: Array) -> bool:
    """Whether the sum of two constants is a double: 4 - 1."""
    rest = value - u
    return bool(np.ndim(value) == 0 and value - rest == u and abs(rest) == abs(v))


def relative(wrong: Array, value: Array) -> Array:
    """The relative error of a value that is wrong by so much; of a true 0 there is none."""
    return np.where(wrong == 0, 0.0, wrong / np.abs(value))


def _compared(yes: np.ufunc, no: np.ufunc, u: Estimate, other: Estimate | float) -> Truths:
    v = estimate(other)
    known = ~_is_near(u, v) & ~np.isnan(u.value) & ~np.isnan(v.value)
    return Truths(yes(u.value, v.value) & known, no(u.value, v.value) & known)


def _is_near(u: Estimate, v: Estimate) -> Mask:
    """Where it is not known which one is larger; of two exact numbers it always is."""
    if is_exact(u.error) and is_exact(v.error):
        return np.False_
    wrong = np.abs(u.value) * u.error + np.abs(v.value) * v.error
    apart = np.abs(u.value - v.value) > _MARGIN * wrong + _TINIEST
    near: Mask = ~apart & ~((u.value == v.value) & (wrong == 0))
    return near


def where(condition: Truths, yes: Estimate | float, no: Estimate | float) -> Estimate:
    """One or the other; nothing is known where the condition is in doubt."""
    yes, no = estimate(yes), estimate(no)
    error = np.where(condition.yes, yes.error, np.where(condition.no, no.error, np.inf))
    value = np.where(condition.yes, yes.value, np.where(condition.no, no.value, np.nan))
    return Estimate(value, error, yes.positive and no.positive)


def maximum(u: Estimate, v: Estimate) -> Estimate:
    """The larger one."""
    u, v = estimate(u), estimate(v)
    return _extreme(u, v, np.maximum(u.value, v.value), u.positive or v.positive)


def minimum(u: Estimate, v: Estimate) -> Estimate:
    """The smaller one."""
    u, v = estimate(u), estimate(v)
    return _extreme(u, v, np.minimum(u.value, v.value), u.positive and v.positive)


def _extreme(u: Estimate, v: Estimate, value: Array, positive: bool) -> Estimate:
    error = np.maximum(u.error, v.error)
    if np.ndim(error):
        chosen = np.where(u.value == value, u.error, v.error)
        error = np.where(_is_near(u, v), 2 * error, np.where(np.isnan(value), error, chosen))
    return Estimate(value, error, positive)


def absolute(u: Estimate) -> Estimate:
    """The absolute value."""
    return Estimate(np.abs(u.value), u.error, True)


def sign(u: Estimate) -> Estimate:
    """-1, 0 or 1."""
    known = 0.0 if is_exact(u.error) else np.where(u.error * UNIT < 0.25, 0.0, np.inf)
    return Estimate(np.sign(u.value), known, u.positive)


def floor(u: Estimate) -> Estimate:
    """The largest whole number that is not above u."""
    value = np.floor(u.value)
    if is_exact(u.error):
        return Estimate(value, 0.0, u.positive)
    wrong = _MARGIN * np.abs(u.value) * u.error + np.where(u.error == 0, 0.0, _TINIEST)
    sure = np.floor(u.value - wrong) == np.floor(u.value + wrong)
    unsure = np.where(np.isnan(value), u.error, np.inf)
    return Estimate(value, np.where(sure, 0.0, unsure), u.positive)


def modulo(u: Estimate, v: Estimate) -> Estimate:
    """The remainder u - v floor(u/v)."""
    u, v = estimate(u), estimate(v)
    value = np.mod(u.value, v.value)
    lost = ~np.isfinite(value) & np.isfinite(u.value) & (v.value != 0)
    if is_exact(u.error) and is_exact(v.error):
        return Estimate(value, np.where(lost, np.inf, 1.0), v.positive)
    quotient = u.value / v.value
    off = _MARGIN * np.abs(quotient) * (u.error + v.error + 1.0)
    sure = ~lost & (np.floor(quotient - off) == np.floor(quotient + off))
    wrong = np.abs(u.value) * u.error + np.abs(u.value - value) * v.error
    return Estimate(value, np.where(sure, relative(wrong, value) + 1.0, np.inf), v.positive)
