"""How far two functions are apart: the suprema of |f - g| and of |f' - g'|, and where they are.

Between neighbouring switches of the two formulas f - g is analytic. There |f - g| is largest where
f' - g' passes through 0, and |f' - g'| where it turns; both are found on the integer image of the
doubles, as for saturation. To these come the one-sided limits at the switches and at the ends.

A difference of a few ulp is what two kernels may differ by where the functions are the same: it
counts as none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from actcli.activation import Activation, Array
from actcli.analysis.limits import Function, one_sided
from actcli.analysis.pieces import Pieces, Window, pieces
from actcli.analysis.shape import crossings
from actcli.analysis.slopes import EVERYWHERE
from actcli.analysis.switches import switches
from actcli.numeric.quadrature import integrate

ROUNDOFF = 8
"""Ulp of the larger value by which two kernels may differ."""

_MEASURED = 1e-9
"""An intercept that small may be the roundoff of measuring it."""

_SAME = 1e-13
"""How far, relative to it, a difference may stay below the largest and still be it."""

_SAMPLES = 1 << 13
"""Further samples in a window: a function seen in one may turn often."""

_PANELS = 64
_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Supremum:
    """The least upper bound of a distance, and the places where it is attained or approached."""

    height: float
    places: tuple[float, ...]
    """Ascending; none where the distance is 0. Infinite where it is approached without end."""


@dataclass(frozen=True)
class Difference:
    """f - g, seen in a window."""

    f: Activation
    g: Activation
    window: Window = EVERYWHERE

    def value(self, x: Array) -> Array:
        """f(x) - g(x)."""
        return _difference(self.f.value(x), self.g.value(x))

    def derivative(self, x: Array) -> Array:
        """f'(x) - g'(x)."""
        return _difference(self.f.derivative(x), self.g.derivative(x))

    @cached_property
    def switches(self) -> tuple[float, ...]:
        """Where either formula changes branch."""
        return tuple(sorted({*switches(self.f, self.window), *switches(self.g, self.window)}))

    @cached_property
    def slopes(self) -> Pieces:
        """The pieces on which f' - g' is monotone."""
        if self.window == EVERYWHERE:
            return pieces(self.derivative, self.switches)
        samples = np.linspace(*self.window, _SAMPLES)
        return pieces(self.derivative, self.switches, self.window, samples)

    @cached_property
    def turns(self) -> tuple[float, ...]:
        """Where f - g turns smoothly."""
        return tuple(x for x, _, _ in crossings(self.derivative, self.slopes.low, self.slopes.high))

    def largest(self) -> Supremum:
        """The supremum of |f - g|."""
        return self._supremum(self.turns, self.value, self.f.value, self.g.value, 0)

    def steepest(self) -> Supremum:
        """The supremum of |f' - g'|; at a kink both sides count."""
        turns = self.slopes.turns()
        return self._supremum(turns, self.derivative, self.f.derivative, self.g.derivative, 1)

    def rms(self, low: float, high: float) -> float:
        """The root of the mean of (f - g)**2 over a finite range; NaN where either is undefined."""

        def square(x: Array) -> tuple[Array, Array]:
            rows = self.value(x)[np.newaxis] ** 2
            return rows, rows

        cuts = [x for x in (*self.switches, *self.turns) if low < x < high]
        edges = np.unique([*cuts, *np.linspace(low, high, _PANELS + 1)])
        with np.errstate(all="ignore"):
            (total,) = integrate(square, edges, _TOLERANCE).values
        return math.sqrt(total / (high - low))

    def _supremum(
        self, turns: tuple[float, ...], h: Function, f: Function, g: Function, order: int
    ) -> Supremum:
        """The supremum of |h|, where h = f - g are values or derivatives."""
        inside = [(x, abs(y)) for x, y in zip(turns, h(np.array(turns)).tolist(), strict=True)]
        for x, sides in self._borders():
            inside += [(x, abs(one_sided(f, x, side) - one_sided(g, x, side))) for side in sides]
            if order == 0:
                inside.append((x, abs(float(h(np.array([x]))[0]))))
        outside = [*self._ends(h, order)]
        return _highest(inside, outside) or _highest(self._samples(h), outside)
