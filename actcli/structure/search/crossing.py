"""Where a derivative passes a level: the correctly rounded double."""

from __future__ import annotations

import math
from typing import NamedTuple

from flint import arb, ctx

from actcli.formula.jets.intervals import ZERO, Interval
from actcli.structure.boxes import split
from actcli.structure.function import HIGHEST, ProvedFunction
from actcli.structure.search.bands import Bands
from actcli.structure.search.segments import BAND, Segment

MOST_BITS = 5000
"""Precision after which a sign stays undecided."""

_STEPS = 2200

_SECANTS = 900

_MOST_IN_A_ROW = 8
"""Newton steps that should be enough: those of a high power go on for ever."""

_CLOSE = 2.0**-30
"""A step that is shorter, relative to x, leads to the last bit."""


class _Seen(NamedTuple):
    """What is known at a point: whether the crossing lies left of it, the gap, the next order."""

    is_beyond: bool | None
    gap: arb | None
    rate: Interval | None


def crossing(
    function: ProvedFunction,
    order: int,
    level: arb,
    window: tuple[float, float],
    *,
    rising: bool,
) -> float | None:
    """The double nearest to where the n-th derivative, monotone in the window, passes a level.

    Safeguarded Newton steps, then the signs half an ulp to both sides prove the rounding. None
    where a sign cannot be told.
    """
    low, high = window
    x, tried = split(low, high), math.nan
    for count in range(1, _STEPS):
        if x is None:
            middle = (arb(low) + arb(high)) / 2
            return low if _look(function, order, level, middle, rising).is_beyond else high
        seen = _look(function, order, level, arb(x), rising)
        if seen.is_beyond is None:
            return None if seen.gap is None else x
        low, high = (min(low, x), min(high, x)) if seen.is_beyond else (max(low, x), max(high, x))
        guess = _guess(x, level, seen, low, high)
        if guess is None or guess == tried:
            x = split(low, high)
        elif abs(guess - x) <= _CLOSE * abs(x):
            edges = [
                _look(function, order, level, _half_way(guess, side), rising).is_beyond
                for side in (-math.inf, math.inf)
            ]
            if edges == [False, True]:
                return guess
            low, high = _narrowed(low, high, guess, edges)
            x = tried = guess
        else:
            is_slow = (
                count % 4 == 0 and abs(guess - x) > abs(x) / 8
            ) or count % _MOST_IN_A_ROW == 0
            x = split(low, high) if is_slow else guess
    return None


def dip(
    function: ProvedFunction, order: int, bands: Bands, gap: tuple[float, float]
) -> list[Segment] | None:
    """The segments of a gap between adjacent doubles, where one is in neither band of its ends.

    The n-th derivative passes it on its way, or it is looked for where that turns: by secants
    (Illinois), which are halvings now and then. Its own ends round to the nearest double; None
    where none is seen.
    """

    def look(x: arb) -> tuple[int | None, arb]:
        jet = function.at(x)
        q, rate = jet.order(order), jet.order(order + 1)
        return bands.of(q or Interval(ZERO)), ZERO if rate is None else rate.ball

    with ctx.workprec(MOST_BITS // 2):
        left, right = (arb(x) for x in gap)
        x = middle = (left + right) / 2
        (first, below), (last, above), (half, _) = look(left), look(right), look(middle)
        if first is None or last is None or half is None:
            return None
        inside: int | None = (first + last) // 2 if abs(first - last) > 1 else half
        kept = 0
        for count in range(_SECANTS):
            if inside is None or inside not in (first, last):
                break
            if first != last or not below * above < 0:
                return None
            secant = ((left * above - right * below) / (above - below)).mid()
            x = ((left + right) / 2).mid() if count % 3 == 2 else secant
            inside, rate = look(x)
            if rate * below > 0:
                left, below, above = x, rate, above / 2 if kept > 0 else above
            else:
                right, above, below = x, rate, below / 2 if kept < 0 else below
            kept = 1 if left is x else -1
        if inside is None or inside in (first, last):
            return None
        is_before = half == last and (first != last or x < middle)
        is_after = half == first and (first != last or x > middle)
        found = Segment(
            low=gap[is_after],
            high=gap[not is_before],
            kind=BAND,
            band=inside,
            crosses=True,
            follows_crossing=True,
        )
        if is_before:
            return [found, Segment(*gap, BAND, last, follows_crossing=True)]
        return [Segment(*gap, BAND, first, crosses=True), found] if is_after else [found]


def _half_way(x: float, towards: float) -> arb:
    return (arb(x) + arb(math.nextafter(x, towards))) / 2


def _narrowed(
    low: float, high: float, guess: float, beyond: list[bool | None]
) -> tuple[float, float]:
    """The bracket after looking half an ulp to both sides of a guess."""
    left, right = beyond
    if left is True:
        high = min(high, guess)
    elif left is False:
        low = max(low, math.nextafter(guess, -math.inf))
    if right is False:
        low = max(low, guess)
    elif right is True:
        high = min(high, math.nextafter(guess, math.inf))
    return low, high


def _guess(x: float, level: arb, seen: _Seen, low: float, high: float) -> float | None:
    """Where the level is passed inside a bracket, from what is known at x.

    Far from the level as if the derivative were a power of x, or else an exponential.
    """
    rate, gap = seen.rate, seen.gap
    if rate is None or gap is None or not rate.sign() or not rate.is_finite():
        return None
    steps = [arb(x) - gap / rate.ball]
    share = gap / level + 1
    if share > 0 and not abs(gap) < abs(level) / 4:
        decay = share.log() * (gap + level) / rate.ball
        steps = [arb(x) * (-decay / x).exp(), arb(x) - decay, *steps]
    guesses = (float(step.mid()) for step in steps)
    return next((guess for guess in guesses if low <= guess <= high), None)


def _look(function: ProvedFunction, order: int, level: arb, x: arb, rising: bool) -> _Seen:
    """Whether the crossing lies left of x, with as many bits as it takes."""
    precision = ctx.prec
    try:
        while True:
            jet = function.at(x)
            if not jet.has_value:
                return _Seen(None, None, None)
            q = jet.order(order)
            gap = (ZERO if q is None else q.ball) - level
            rate = jet.order(order + 1) if order < HIGHEST else None
            if gap > 0 or gap < 0:
                return _Seen(bool(gap > 0) == rising, gap, rate)
            if gap.is_zero() or ctx.prec >= MOST_BITS:
                return _Seen(None, gap, rate)
            ctx.prec *= 2
    finally:
        ctx.prec = precision
