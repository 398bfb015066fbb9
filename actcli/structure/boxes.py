"""Boxes of doubles: how they are cut, and the germs that fit them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from flint import arb

from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import Interval, Real
from actcli.formula.jets.jets import Jet
from actcli.structure.function import LARGEST, ProvedFunction

Window = tuple[float, float]
EVERYWHERE: Window = (-LARGEST, LARGEST)
"""The window that stands for the whole real line."""

_FAR = 65536.0
"""Beyond it a box from 0 is cut at 1: its far part is cut geometrically, or a germ fits it."""

_NEWTON_STEPS = 4


def split(low: float, high: float) -> float | None:
    """A double strictly inside (low, high): at 0, else geometrically; None where there is none."""
    if low < 0 < high:
        return 0.0
    if high <= 0:
        mirrored = split(-high, -low)
        return None if mirrored is None else -mirrored
    cut = _cut(low, high)
    if not low < cut < high:
        cut = low + (high - low) / 2
    return cut if low < cut < high else None


def _cut(low: float, high: float) -> float:
    if low == 0:
        if high >= 1:
            return high / 16 if high < _FAR else 1.0
        return max(high * high / 4, 5e-324)
    if high == LARGEST:
        if low < 2.0**500:
            return max(16.0, low * low)
        return min(math.ldexp(low, (1023 - math.frexp(low)[1]) // 2 + 1), LARGEST / 2)
    if high / low > 4:
        return math.ldexp(1.0, round((math.log2(low) + math.log2(high)) / 2))
    return _roundest(low, high)


def _roundest(low: float, high: float) -> float:
    """A number of few digits near the middle: what people write is met sooner."""
    width = high - low
    middle, unit = low + width / 2, math.ldexp(1.0, min(math.frexp(width)[1], 1023))
    for _ in range(3):
        cut = round(middle / unit) * unit
        if abs(cut - middle) <= width / 4:
            return cut
        unit /= 2
    return middle


def even(doubles: Iterable[float]) -> float:
    """The one of two adjacent doubles to which what lies in their middle is rounded."""
    return min(doubles, key=lambda x: x / math.ulp(x) % 2)


def zeros_of(
    function: ProvedFunction, deciding: Mapping[int, Jet], low: Real, high: Real
) -> Iterator[arb]:
    """Guesses, as balls, at where what decides a branch on a box comes to 0."""
    for key, u in deciding.items():
        line = _line(u, low, high)
        if line is None:
            continue
        near, value, slope = line
        if u.slope.sign():  # else it is the turn of a parabola
            function.at(near)
            end = function.deciding.get(key)
            if end is not None and not isinstance(function.choices.get(key), arb):
                value = end.value.ball
        yield _refined(function, key, near - value / slope, low, high)


def _refined(function: ProvedFunction, key: int, zero: arb, low: Real, high: Real) -> arb:
    """A guess at where what decides a branch is 0, by Newton's method: few boxes lie around it."""
    for _ in range(_NEWTON_STEPS):
        if not zero.is_finite() or not low < (x := float(zero.mid())) < high:
            break
        function.at(x)
        here = function.deciding.get(key)
        if here is None or here.slope is None or not here.slope.sign():
            break
        above = here.value.ball
        if isinstance(function.choices.get(key), arb) and above > 0.5:
            above -= 1  # it is the next whole number that a floor comes to here
        zero = arb(x) - above / here.slope.ball
        if abs(zero - x) < math.ulp(x):
            break
    return zero


def _line(u: Jet, low: Real, high: Real) -> tuple[Real, arb, arb] | None:
    """The end of a box near which a jet, if nearly a line or a parabola, is 0; value and slope."""
    slope = u.slope
    if not isinstance(slope, Interval) or not u.value.is_finite():
        return None
    if not slope.sign():
        return None if u.curvature is None else _line(Jet(slope, u.curvature), low, high)
    if not slope.is_point and not slope.magnitude <= 2 * abs(slope.low).min(abs(slope.high)):
        return None
    at_low, at_high = u.value.low, u.value.high
    if slope.sign() < 0:
        at_low, at_high = at_high, at_low
    steepness = (slope.low + slope.high) / 2
    if abs(at_low) < abs(at_high):
        return low, at_low, steepness
    return high, at_high, steepness


def merged(parts: Iterable[Window]) -> list[Window]:
    """The intervals that parts make, ascending, where they overlap or touch."""
    joined: list[Window] = []
    for low, high in sorted(parts):
        if joined and joined[-1][1] >= low:
            before, end = joined.pop()
            low, high = before, max(end, high)
        joined.append((low, high))
    return joined


def nearest_and_farthest(low: float, high: float) -> tuple[float, float]:
    """The smallest and the largest distance of a box from 0, which is not inside."""
    return min(abs(low), abs(high)), max(abs(low), abs(high))


def is_tail(low: float, high: float) -> bool:
    """Whether a box goes on to infinity, or reaches 0, and is small enough for germs there."""
    near, far = nearest_and_farthest(low, high)
    return (far == LARGEST and near >= 4) or (near == 0 and far <= 0.5)


def germs_on(low: float, high: float) -> GermRing:
    """Germs at 0 where the box touches it, else at infinity (cut off at the far end)."""
    near, far = nearest_and_farthest(low, high)
    side = 1 if low >= 0 else -1
    if near == 0:
        return GermRing(far, side=side)
    return GermRing(near, side=side, at_infinity=True, far=None if far == LARGEST else far)


def germs_beside(centre: float, far: float) -> GermRing:
    """Germs at one end of a box, up to the other."""
    return GermRing(abs(far - centre), side=1 if far > centre else -1, centre=centre)


def taylor_on(low: float, high: float) -> GermRing:
    """Taylor expansions about the middle of a box."""
    middle = low + (high - low) / 2
    return GermRing(max(middle - low, high - middle), centre=middle, two_sided=True)


def outwards(end: float) -> float:
    """The end of a box, infinite where it stands for that."""
    return math.copysign(math.inf, end) if abs(end) == LARGEST else end


def finite(window: Window) -> Window:
    """A window, the largest doubles standing for infinities."""
    return max(window[0], -LARGEST), min(window[1], LARGEST)
