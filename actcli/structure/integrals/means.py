"""The means of a function over normal inputs, enclosed.

The line is cut where the function changes branch; each piece is integrated with a proved error, the
tails are bounded by the size of the function there. What repeats finely is averaged over one cell:
by Poisson's summation a wave of period p has the mean of its cell but for exp(-2 q (pi/p)**2).
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import NamedTuple

from flint import arb, ctx

from actcli.activations.base import Activation
from actcli.formula.jets.intervals import INFINITY, ZERO
from actcli.structure.boxes import Window
from actcli.structure.function import ProvedFunction
from actcli.structure.integrals.products import COUNT, NEEDS_SLOPE, Products
from actcli.structure.integrals.singularities import UNKNOWN, tail
from actcli.structure.integrals.weights import Normal, Uniform
from actcli.structure.integrals.window_integrals import Part, WindowIntegrals
from actcli.structure.symmetries.repetition import Repetition, repetition
from actcli.structure.undecided import Undecided

_BITS = 80
_REACH = 10.0
"""Standard deviations looked at first."""
_FARTHEST = 2.0**14
_EDGES = (-6.0, -3.0, -1.0, 0.0, 1.0, 3.0, 6.0)

_FINE = 0.6
"""Periods up to that, in standard deviations, are averaged over."""

_NEGLIGIBLE = arb(2) ** -60
_NOTHING = arb(2) ** -1200
"""No double can tell it from 0."""

_KNOWN = arb(2) ** -40
"""A mean with a larger relative error is said to be open."""


_NUMBERS = (0, 1, 3, 4)
"""Which mean needs each of the first integrands."""


class Means(NamedTuple):
    """For x ~ N(0, q): balls; infinite where the integral is, NaN where nothing is known."""

    mean: arb
    """E f."""
    second: arb
    """E f**2."""
    variance: arb
    slope: arb
    """E f', a jump counted as what it adds to f."""
    second_slope: arb
    """E f'**2; infinite where f jumps."""
    growth: arb
    """E x f f' away from jumps: the rate at which E f**2 grows with log q."""
    jumps: tuple[float, ...]
    undefined: float | None
    """A number at which f has no value, where that is so on an interval."""
    open: tuple[Undecided, ...]


def means(activation: Activation, q: float, seconds: float = 3.0) -> Means:
    """The means for one variance, in about so many seconds of CPU at most."""
    function, unit = ProvedFunction.of(activation), math.sqrt(q)
    with ctx.workprec(_BITS + 2 * max(0, -math.frexp(unit)[1])):
        repeats = repetition(function)
        if repeats is not None and repeats.period <= _FINE * unit:
            return _over_a_cell(function, q, repeats, seconds)
        return _over_the_line(function, q, seconds)


def _over_the_line(function: ProvedFunction, q: float, seconds: float) -> Means:
    weight, unit = Normal(q), math.sqrt(q)
    products = Products(*_line_near(function, unit))
    deadline = time.process_time() + seconds
    found = WindowIntegrals(function, products, weight, deadline)
    reach = _REACH
    found.add((-reach * unit, reach * unit), [z * unit for z in _EDGES])
    while True:
        ends = [tail(function, products, weight, side * reach * unit) for side in (-1, 1)]
        if found.undefined or _is_enough(ends, found) or reach >= _FARTHEST:
            break
        if time.process_time() > deadline:
            break
        for side in (-1, 1):
            window = sorted((side * reach * unit, 2 * side * reach * unit))
            found.add((window[0], window[1]), ())
        reach *= 2
    for side, values in zip((-1, 1), ends, strict=True):
        found.parts.append(Part(*_sorted(side * reach * unit, side * math.inf), values, "a tail"))
    totals = [_total(found.parts, i) for i in range(COUNT)]
    mean, second, variance, growth = products.moments(totals, arb(q))
    numbers = (
        _with_zero(_or_infinite(mean, totals[0])),
        _not_negative(_or_infinite(second, totals[1])),
        _not_negative(_or_infinite(variance, totals[1])),
        _with_zero(totals[2]),
        INFINITY if found.jumps else totals[3],
        _or_infinite(growth, totals[5]),
    )
    return _means(found, numbers)


def _over_a_cell(function: ProvedFunction, q: float, repeats: Repetition, seconds: float) -> Means:
    """From f(x) = slope x + r(x), where r repeats: means over one period of r."""
    period, slope = repeats.period, repeats.rise / repeats.period
    low = function.at(period * arb(0.3))
    c = (low.value.ball - slope * period * arb(0.3)).mid() if low.has_value else ZERO
    found = WindowIntegrals(
        function, Products(c, slope), Uniform(period), time.process_time() + seconds
    )
    last = float(period.lower())
    while arb(last) > period:
        last = math.nextafter(last, 0.0)
    found.add((0.0, last), ())
    if arb(last) < period:
        found.add_range(last, math.nextafter(last, math.inf), "the end of a cell", period)
    g, squares, _, second_slope, *_ = (_total(found.parts, i) for i in range(COUNT))
    y, variance = (-2 * arb(q) * (arb.pi() / period) ** 2).exp(), arb(q)
    values = function.on(0.0, last).value
    size = UNKNOWN if values is None else 1 + values.magnitude + abs(slope) * period + abs(c)
    waves = 8 * size**2 * (1 + abs(slope)) * (1 + variance / period) * y / (1 - y) ** 2
    blur = waves * arb(0, 1)
    mean, ripple = c + g + blur, _not_negative(squares - g * g) + blur
    grows = slope * slope * variance
    numbers = (
        mean,
        grows + ripple + mean * mean,
        grows + ripple,
        slope + blur,
        second_slope + blur if not found.jumps else INFINITY,
        grows + blur,
    )
    return _means(found, numbers)


def _line_near(function: ProvedFunction, unit: float) -> tuple[arb, arb]:
    """The c and d of a line near f where most inputs are; c is exactly 0 where f is odd."""
    values = [function.at(side * unit / 2).value for side in (-1, 1)]
    known = [value.ball for value in values if value is not None and value.is_finite()]
    if len(known) < 2:
        return ZERO, ZERO
    left, right = known
    return ((left + right) / 2).mid(), ((right - left) / unit).mid()


def _is_enough(ends: Sequence[Sequence[arb]], found: WindowIntegrals) -> bool:
    """Whether the tails are negligible, or what is infinite or not known without them."""

    def enough(i: int, value: arb) -> bool:
        sofar = _total(found.parts, i)
        if value == INFINITY or not sofar.is_finite() or (found.jumps and i in NEEDS_SLOPE[1:]):
            return True
        small = value.rad() <= _NEGLIGIBLE * found.sizes[i] or abs(value) < _NOTHING
        return bool(value.is_finite() and small)

    return all(enough(i, value) for values in ends for i, value in enumerate(values))


def _total(parts: Sequence[Part], i: int) -> arb:
    """The sum of integrals: infinite where one is, else NaN where one is not known."""
    values = [part.values[i] for part in parts]
    if any(value == INFINITY for value in values):
        return INFINITY
    return sum(values, ZERO)


def _or_infinite(mean: arb, integral: arb) -> arb:
    return INFINITY if _is_infinite(integral) else mean


def _with_zero(mean: arb) -> arb:
    """An enclosure with 0 in it where it is so wide that it may as well be 0."""
    return mean.union(ZERO) if mean.is_finite() and mean.rel_accuracy_bits() < 4 else mean


def _not_negative(a: arb) -> arb:
    if a.is_nan() or a.lower() >= 0:
        return a
    return ZERO.union(a.upper()) if a.upper() >= 0 else ZERO


def _sorted(a: float, b: float) -> Window:
    return (a, b) if a < b else (b, a)


def _means(found: WindowIntegrals, numbers: Sequence[arb]) -> Means:
    mean, second, variance, slope, second_slope, growth = numbers
    undefined, open_ = None, list[Undecided]()
    if found.undefined:
        low, high = max(found.undefined, key=lambda part: part[1] - part[0])
        undefined = low + (high - low) / 2
    else:
        totals = [abs(_total(found.parts, i)) for i in range(COUNT)]
        wholes = [
            size.max(total) if total.is_finite() else size
            for total, size in zip(totals, found.sizes, strict=True)
        ]
        wholes[0] += abs(found.products.d) * found.weight.unit
        open_ = [
            Undecided(part.low, part.high, part.why)
            for part in sorted(found.parts, key=lambda part: part[:2])
            if any(
                not _is_known(part.values[i], wholes[i])
                for i, n in enumerate(_NUMBERS)
                if not _is_infinite(numbers[n])
            )
        ]
    return Means(
        mean=mean,
        second=second,
        variance=variance,
        slope=slope,
        second_slope=second_slope,
        growth=growth,
        jumps=tuple(sorted(found.jumps)),
        undefined=undefined,
        open=tuple(_merged(open_)),
    )


def _merged(parts: Sequence[Undecided]) -> Sequence[Undecided]:
    """Neighbours that are open for the same reason as one."""
    merged: list[Undecided] = []
    for part in parts:
        if merged and merged[-1].high == part.low and merged[-1].why == part.why:
            part = Undecided(merged.pop().low, part.high, part.why)
        merged.append(part)
    return merged


def _is_infinite(value: arb) -> bool:
    return bool(value == INFINITY)  # of balls, != is not its negation


def _is_known(value: arb, whole: arb) -> bool:
    precise = value.rad() <= _KNOWN * whole or value.rad() < _NOTHING
    return bool(value.is_finite() and precise)
