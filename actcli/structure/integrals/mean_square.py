"""The mean square of a function over a range, enclosed.

What repeats often in the range is integrated over one period. Far out the function is bounded by
its germ at infinity; where that leaves something open it is integrated like the rest.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import takewhile

from flint import arb, ctx

from actcli.formula.germs.germ import Germ
from actcli.formula.jets.intervals import INFINITY, ZERO, Interval
from actcli.formula.jets.jets import UndecidedError
from actcli.structure.boxes import Window, germs_on
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.integrals.products import SQUARES, Products
from actcli.structure.integrals.singularities import UNKNOWN
from actcli.structure.integrals.weights import Uniform
from actcli.structure.integrals.window_integrals import WindowIntegrals
from actcli.structure.symmetries.repetition import repetition

_BITS = 80
_FAR = 2.0**10
_MANY = 16
"""Periods in a range from which on they are counted."""
_COUNTED = arb(2) ** 50
"""Of more periods one more or less makes no difference."""
_FACTOR = 2.0
"""A panel ends so many times as far from 0 as it begins: poles about 0 do not trouble it."""
_NEGLIGIBLE = arb(2) ** -60
_PLAIN = Products(ZERO, ZERO)


class _NoValueError(Exception):
    """f has no value on a part of the range."""


def mean_square(function: ProvedFunction, low: float, high: float, seconds: float) -> arb | None:
    """The mean of f**2 over a range, in about so many seconds of CPU at most.

    A ball; infinite where the integral is; NaN where nothing is known; None where f has no value on
    a part of the range.
    """
    deadline = time.process_time() + seconds
    with ctx.workprec(_BITS), suppress(_NoValueError):
        width = arb(high) - arb(low)
        repeats = repetition(function)
        if repeats is not None and repeats.rise.is_zero() and repeats.period * _MANY < width:
            return _by_periods(function, repeats.period, (low, high), deadline) / width
        return _integral(function, low, high, deadline) / width
    return None


def _by_periods(function: ProvedFunction, period: arb, window: Window, deadline: float) -> arb:
    """The integral of f**2 over whole periods, and over what is left."""
    low, high = window
    count = ((arb(high) - arb(low)) / period).lower().floor()
    end = _after(period)
    whole = _integral(function, 0.0, end, deadline)
    if not whole.is_finite():
        return whole
    if count > _COUNTED:
        return whole * (count + arb(0.5, 0.5))
    place = arb(low) + count * period
    rest = _before(place)
    values = function.on(0.0, end).value
    largest = UNKNOWN if values is None else values.magnitude**2
    # the doubles reach so far over the ends of periods
    excess = (count * (arb(end) - period) + place - arb(rest)).upper()
    left = _integral(function, rest, high, deadline)
    return count * whole + left + excess * largest * arb(0, 1)


def _before(x: arb) -> float:
    """A double that is at most x, and close."""
    near = float(x.lower())
    return near if arb(near) <= x else math.nextafter(near, -math.inf)


def _after(x: arb) -> float:
    """A double that is at least x, and close."""
    return -_before(-x)


def _integral(function: ProvedFunction, low: float, high: float, deadline: float) -> arb:
    """The integral of f**2 between two doubles."""
    if low == high:
        return ZERO
    found = WindowIntegrals(function, _PLAIN, Uniform(arb(1)), deadline)
    near, far = max(low, -_FAR), min(high, _FAR)
    if near < far:
        found.add((near, far), [*_edges(near, far)])
    total = _total(found)
    for start, end in ((low, min(high, -_FAR)), (max(low, _FAR), high)):
        if start < end and total.is_finite():
            square = _by_germ(function, start, end)
            if square.rad() <= _NEGLIGIBLE * (total + square):
                total += square
            else:
                rest = WindowIntegrals(function, _PLAIN, Uniform(arb(1)), deadline)
                rest.add((start, end), [*_edges(start, end)])
                total += _total(rest)
    return total


def _edges(low: float, high: float) -> Iterator[float]:
    """0, and powers of 2 of both signs, in a range; ascending."""
    below, above = ([*_powers(-high, -low)], [*_powers(low, high)])
    yield from (-x for x in reversed(below))
    if low < 0 < high:
        yield 0.0
    yield from above


def _powers(low: float, high: float) -> Iterator[float]:
    powers = (_FACTOR**n for n in range(1024))
    return (x for x in takewhile(lambda x: x < high, powers) if x > low)


def _by_germ(function: ProvedFunction, low: float, high: float) -> arb:
    """The same far out, by all values that f has there, or from there to infinity."""
    beyond = (low, LARGEST) if low > 0 else (-LARGEST, high)
    squares = [_values(function, *part).square().ball for part in (beyond, (low, high))]
    known = [square for square in squares if square.is_finite()]
    return min(known, key=arb.rad, default=UNKNOWN) * (arb(high) - arb(low))


def _values(function: ProvedFunction, low: float, high: float) -> Interval:
    try:
        jet = function.germ(germs_on(low, high), 0)
        if jet.has_value:
            f: Germ = jet.value
            return f.ring.range(f)
    except UndecidedError:
        pass
    return Interval(UNKNOWN)


def _total(found: WindowIntegrals) -> arb:
    if found.undefined:
        raise _NoValueError
    squares = [part.values[SQUARES[0]] for part in found.parts]
    return INFINITY if any(bool(one == INFINITY) for one in squares) else sum(squares, ZERO)
