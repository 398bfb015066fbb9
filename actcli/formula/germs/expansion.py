"""Polynomials in t with a remainder that holds for every t of an interval."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from flint import arb

from actcli.formula.jets.intervals import ONE, ZERO, Interval

Power: TypeAlias = int | Fraction

NIL, UNIT = Interval(ZERO), Interval(ONE)


def horner(c: Sequence[arb], remainder: Interval, t: Interval) -> Interval:
    """The range of c[0] + c[1] t + ... + R t**m, where t is not below 0, or symmetric about it."""
    if not c:
        return remainder
    low, high, nothing = remainder.low, remainder.high, remainder.is_zero()
    least, most, is_symmetric = t.low, t.high, t.low < 0
    for a in reversed(c):
        if nothing:
            if not a.is_zero():
                low, high, nothing = a, a, False
            continue
        if is_symmetric:
            high = most * abs(low).max(abs(high))
            low = -high
        else:
            low = _least(low, least, most)
            high = -_least(-high, least, most)
        if not a.is_zero():
            low, high = low + a, high + a
    return Interval(low) if nothing or low is high else Interval(low, high)


def _least(low: arb, least: arb, most: arb) -> arb:
    """The least product of numbers from `low` on with those from `least`, 0 or more, to `most`."""
    if low >= 0:
        return ZERO if least.is_zero() else low * least
    return low * most if low <= 0 or least.is_zero() else (low * most).min(low * least)


def product(
    a: list[arb], r: Interval, b: list[arb], s: Interval, t: Interval
) -> tuple[list[arb], Interval]:
    """The first m coefficients of (a + r t**m)(b + s t**m), and the remainder."""
    m = len(a)
    if not m:
        return [], r * s
    terms = [(j, y) for j, y in enumerate(b) if not y.is_zero()]
    if s.is_zero() and len(terms) == 1 and not b[0].is_zero():
        return _multiple(a, r, b[0])
    if r.is_zero() and not a[0].is_zero() and all(x.is_zero() for x in a[1:]):
        return _multiple(b, s, a[0])
    full = [ZERO] * (2 * m - 1)
    for i, x in enumerate(a):
        if not x.is_zero():
            for j, y in terms:
                full[i + j] += x * y
    rest = horner(full[m:], NIL, t)
    if not s.is_zero():
        rest = rest + horner(a, NIL, t) * s
    if not r.is_zero():
        rest = rest + horner(b, s, t) * r
    return full[:m], rest


def _multiple(c: list[arb], remainder: Interval, factor: arb) -> tuple[list[arb], Interval]:
    """A polynomial times a number that is known to be more or less than 0."""
    if factor == 1:
        return c, remainder
    return [a * factor for a in c], remainder * Interval(factor)


def power_series(
    coefficients: Sequence[arb],
    highest: Interval,
    u: tuple[int, list[arb], Interval],
    t: Interval,
    terms: int,
) -> tuple[list[arb], Interval]:
    """The sum of c[n] u**n, and `highest` times the power after these, to so many terms.

    u is given as p > 0, c and R: t**p (c[0] + c[1] t + ... + R t**m).
    """
    p, inner, beyond = u
    c, remainder = list[arb](), highest
    for number in reversed(coefficients):
        m = min(len(c), len(inner))
        parts = horner(c[m:], remainder, t), horner(inner[m:], beyond, t)
        c, remainder = product(c[:m], parts[0], inner[:m], parts[1], t)
        c = [number, *[ZERO] * (p - 1), *c]
        if len(c) > terms:
            c, remainder = c[:terms], horner(c[terms:], remainder, t)
    return c, remainder


def as_ball(q: Power) -> arb:
    """An integer or a `Fraction` as a ball."""
    return arb(q) if isinstance(q, int) else arb(q.numerator) / q.denominator
