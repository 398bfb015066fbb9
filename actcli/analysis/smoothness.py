"""How smooth a function is where its formula changes branch: jumps, kinks, jumps of f'' and on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import comb
from typing import NamedTuple

import numpy as np

from actcli.activation import Activation, Array
from actcli.analysis.limits import one_sided_at
from actcli.numeric.floats import ulp

HIGHEST = 5
"""The highest derivative whose jump is looked for; a function without one is called smooth."""

_SAME = 32
"""Ulp by which two one-sided limits may differ and still be one number."""


class Kink(NamedTuple):
    """A place where the value or the derivative jumps. Infinite at a pole, NaN where undefined."""

    x: float
    value_left: float
    value_right: float
    derivative_left: float
    derivative_right: float
    derivative: float
    """f'(x) by convention: PyTorch's, for the functions that PyTorch has."""
    value: float
    """f(x) itself."""

    @property
    def is_edge(self) -> bool:
        """Whether the function is defined on one side only."""
        return math.isnan(self.value_left) or math.isnan(self.value_right)

    @property
    def is_jump(self) -> bool:
        """Whether the function is not continuous there; one value put out of its way is a jump."""
        at = self.value_left if math.isnan(self.value) else self.value
        return not (self.is_edge or (_same(self.value_left, at) and _same(at, self.value_right)))

    @property
    def is_bend(self) -> bool:
        """Whether the function is continuous, but its derivative is not."""
        return not (
            self.is_edge or self.is_jump or _same(self.derivative_left, self.derivative_right)
        )


def at_switches(activation: Activation, places: Sequence[float]) -> list[Kink]:
    """What the function does where its formula changes branch: kinks, it may be."""
    value, derivative = activation.sampled.value_and_derivative(np.array(places, np.float64))
    columns = (
        places,
        *(one_sided_at(activation.sampled.value, places, side) for side in (-1, 1)),
        *(one_sided_at(activation.sampled.derivative, places, side) for side in (-1, 1)),
        (derivative + 0.0).tolist(),
        (value + 0.0).tolist(),
    )
    return list(map(Kink, *columns))


def smoothness(activation: Activation, switches: Sequence[Kink], cuts: Sequence[float]) -> str:
    """`jump`, `kink`, `C1` (f'' jumps), `C2`, `C3`, `C4` or `smooth`.

    Args:
        activation: the function.
        switches: every place where its formula changes branch.
        cuts: other places where its character changes; no difference is taken across one.
    """
    if any(switch.is_jump for switch in switches):
        return "jump"
    if any(switch.is_bend for switch in switches):
        return "kink"
    orders = [
        order
        for switch in switches
        if not switch.is_edge
        for order in range(1, HIGHEST)
        if _jumps(activation, switch, order, _scale(switch.x, cuts))
    ]
    return f"C{min(orders)}" if orders else "smooth"


def _scale(x: float, cuts: Sequence[float]) -> float:
    """A power of two within which nothing but the switch at x is to be seen."""
    room = min([abs(cut - x) for cut in cuts if cut != x], default=math.inf)
    return math.ldexp(0.5, math.frexp(min(room / HIGHEST, max(1.0, abs(x))))[1])


@np.errstate(all="ignore")
def _jumps(activation: Activation, switch: Kink, order: int, scale: float) -> bool:
    """Whether the derivative of this order of f' differs on the two sides.

    The gap between its difference quotients stays as the step shrinks where it jumps, grows where
    it is infinite, and shrinks with the step where it is continuous.
    """
    fine = scale * 2.0 ** -math.floor(52 / (order + 2))
    coarse_gap, fine_gap = (_gap(activation, switch, order, h) for h in (8 * fine, fine))
    slopes = activation.sampled.derivative(switch.x + fine * np.arange(-order, order + 1.0))
    noise = 2.0 ** (order + 6) * ulp(float(np.nanmax(np.abs(slopes), initial=0.0)))
    return bool(8**order * fine_gap > 0.5 * coarse_gap and fine_gap > noise)


def _gap(activation: Activation, switch: Kink, order: int, h: float) -> float:
    right = _difference(activation, switch.x, switch.derivative_right, order, h)
    left = _difference(activation, switch.x, switch.derivative_left, order, -h)
    return abs(right - (-1.0) ** order * left)


def _difference(activation: Activation, x: float, start: float, order: int, h: float) -> float:
    """The finite difference of f' of this order, beginning with the limit at x."""
    slopes: Array = activation.sampled.derivative(x + h * np.arange(order + 1.0))
    slopes[0] = start
    signs = [(-1) ** (order - i) * comb(order, i) for i in range(order + 1)]
    return float(np.dot(signs, slopes))


def _same(a: float, b: float) -> bool:
    """Whether two limits are one number; an infinite one is none."""
    return abs(a - b) <= _SAME * ulp(max(abs(a), abs(b))) < math.inf
