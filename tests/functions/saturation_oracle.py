"""Saturated ranges by brute force: the formula in multiprecision, a dense grid, plain bisection.

It shares no search, no kernel and no representation with the code under test; it takes from the
activation its formula, and its kinks from a table.
"""

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise

from mpmath import mpf

from actcli.activations.base import Activation
from tests.activations.known import kinks
from tests.oracle import exact_derivative, exact_value

PER_DECADE = 14
FAR_OUT = 2
"""Points a decade from 1000 on, where nothing happens but decay."""

FAR = 1e19


Interval = tuple[float, float]


class Oracle:
    """The slope of one activation on a grid, and the ranges that it shows."""

    def __init__(self, activation: Activation, window: Interval | None = None) -> None:
        self.activation = activation
        self.window = window
        low, high = window or (-FAR, FAR)
        grid = {low, high, 0.0, *_linear(max(low, -25), min(high, 25), 1000)}
        if window is None:
            powers = [10 ** (k / PER_DECADE) for k in range(-12 * PER_DECADE, 3 * PER_DECADE)]
            powers += [10 ** (k / FAR_OUT) for k in range(3 * FAR_OUT, 19 * FAR_OUT)]
            grid |= {*powers, *(-p for p in powers)}
        self.kinks = [k for k in kinks(activation) if low < k < high]
        for kink in self.kinks:
            grid |= {math.nextafter(kink, -math.inf), math.nextafter(kink, math.inf)}
        self.grid = sorted(grid - set(self.kinks))
        self.slope = cache(lambda x: exact_derivative(activation, x))
        self.steepness = cache(lambda x: abs(self.slope(x)))
        self.rounded = cache(lambda x: float(self.steepness(x)))
        self.crossing = cache(self._crossing)
        self.dip = cache(self._dip)

    def ranges(self, eps: float) -> list[tuple[float, float, str | None]]:
        """(low, high, kind) of every maximal open interval on which |f'| < eps."""
        found: list[Interval] = []
        flat = [self._is_flat(x, eps) for x in self.grid]
        start = self._edge_of_world(-1) if flat[0] else None
        for n, (a, b) in enumerate(pairwise(self.grid)):
            kink = next((k for k in self.kinks if a < k < b), None)
            inside = flat[n : n + 2]
            if kink is not None:
                if all(inside) and self._continuous(kink):
                    continue
                if start is not None:
                    found.append((start, kink))
                start = kink if inside[1] else None
            elif start is not None and not inside[1]:
                found.append((start, self._level(b, a, eps)))
                start = None
            elif inside == [False, True]:
                start = self._level(a, b, eps)
            elif not any(inside) and self.slope(a) * self.slope(b) < 0:
                root = self.crossing(a, b)
                found.append((self._level(a, root, eps), self._level(b, root, eps)))
            elif not any(inside) and (dip := self.dip(n)) and self._is_flat(dip, eps):
                found.append((self._level(a, dip, eps), self._level(b, dip, eps)))
        if start is not None:
            found.append((start, self._edge_of_world(1)))
        return [(low, high, self._kind(low, high)) for low, high in found]

    def _edge_of_world(self, side: int) -> float:
        return self.window[side > 0] if self.window else side * math.inf

    def _level(self, outside: float, inside: float, eps: float) -> float:
        """Where |f'| is eps, between a place where it is more and one where it is less."""
        return _halve(lambda x: not self._is_flat(x, eps), outside, inside)

    def _is_flat(self, x: float, eps: float) -> bool:
        """Whether |f'| < eps; two numbers are in the order of their doubles if these differ."""
        here = self.rounded(x)
        return here < eps or (here == eps and bool(self.steepness(x) < mpf(eps)))

    def _is_less(self, x: float, y: float) -> bool:
        """Whether |f'| is less at x than at y."""
        here, there = self.rounded(x), self.rounded(y)
        return here < there or (here == there and bool(self.steepness(x) < self.steepness(y)))

    def _crossing(self, a: float, b: float) -> float:
        """The double nearest to where f' passes through 0."""
        before = self.slope(a) > 0
        end = _halve(lambda x: (self.slope(x) > 0) == before, a, b)
        beside = [end, math.nextafter(end, math.inf), math.nextafter(end, -math.inf)]
        return min(beside, key=self.steepness)

    def _dip(self, n: int) -> float | None:
        """Where |f'| touches 0 between two places of the grid, if it may."""
        before, a, b, after = (
            self.grid[min(max(n + k, 0), len(self.grid) - 1)] for k in range(-1, 3)
        )
        less = self._is_less
        if less(before, a) or less(after, b):
            return None
        if not less(math.nextafter(a, b), a) or not less(math.nextafter(b, a), b):
            return None
        while b - a > 1e-12 * max(abs(a), abs(b)):
            third = (b - a) / 3
            if less(a + third, b - third):
                b -= third
            else:
                a += third
        return a

    def _continuous(self, kink: float) -> bool:
        h = max(abs(kink), 1e-3) * 1e-9
        jump = exact_value(self.activation, kink + h) - exact_value(self.activation, kink - h)
        return bool(abs(jump) < 1e-6)

    def _kind(self, low: float, high: float) -> str | None:
        kinds = {self._end(end) for end in (low, high) if math.isinf(end)}
        for kind in ("leak", "sublinear", "bounded"):
            if kind in kinds:
                return kind
        if (low, high) == self.window:
            return None
        before = self.slope(math.nextafter(low, -math.inf))
        after = self.slope(math.nextafter(high, math.inf))
        still = [self.slope(low + (high - low) * t) == 0 for t in (0.3, 0.45, 0.6, 0.7)]
        return "dead zone" if all(still) and before * after > 0 else "plateau"

    def _end(self, end: float) -> str:
        near, far = math.copysign(1e16, end), math.copysign(1e19, end)
        moved = abs(exact_value(self.activation, far) - exact_value(self.activation, near))
        return "leak" if moved > 1e14 else "bounded" if moved < 1e-9 else "sublinear"


def _linear(low: float, high: float, count: int) -> list[float]:
    return [low + (high - low) * i / count for i in range(count + 1)]


def _halve(holds: Callable[[float], bool], yes: float, no: float) -> float:
    """The last double at which a condition holds, on the way from `yes` to `no`."""
    while math.nextafter(yes, no) != no and yes != no:
        middle = yes + (no - yes) / 2
        if middle in (yes, no):
            break
        if holds(middle):
            yes = middle
        else:
            no = middle
    return yes
