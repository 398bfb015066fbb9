"""Where an activation is saturated and where it is flat, as tests on values: exact at the edges."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from flint import ctx
from numpy.typing import NDArray

from actcli.activations.base import Activation
from actcli.networks.inspection.summaries.buckets import Floats, least
from actcli.structure.flat_ranges import FlatRanges
from actcli.structure.structure import PRECISE, Structure

Mask = NDArray[np.bool_]


class Stretch(NamedTuple):
    """All numbers from `low` to `high`, both included."""

    low: float
    high: float

    def holds(self, values: Floats) -> Mask:
        """Which of the values lie in it, decided in their own type without rounding."""
        low, high = least(self.low, values.dtype), -least(-self.high, values.dtype)
        if self.low == -math.inf and self.high < math.inf:
            below: Mask = values <= high
            return below
        if low == high:
            equal: Mask = values == low
            return equal
        above: Mask = np.greater_equal(values, low)
        if self.high < math.inf:
            above &= values <= high
        return above

    def may_hold(self, low: float, high: float, kind: np.dtype[np.floating]) -> bool:
        """Whether it has a number of a type among those from one to another."""
        first, last = least(self.low, kind), -least(-self.high, kind)
        return bool(max(float(first), low) <= min(float(last), high))


class Regimes:
    """An activation by the regimes of its slope, for one threshold eps.

    A value is saturated where |f'| < eps around it (see `analysis.saturation`), and flat where
    f' = 0 at it, at a kink by PyTorch's convention. Of a function that turns for ever, or whose
    ranges are not all decided, f' at the value itself tells both.
    """

    def __init__(self, activation: Activation, eps: float) -> None:
        """Find the ranges."""
        self.activation, self.eps = activation, eps
        self._saturated = self._flat = None
        if self.structure is not None:
            self._saturated = self._stretches(self.structure.flat(eps), self._is_saturated)
            flat = self._stretches(self.structure.flat(0.0), self._is_flat)
            self._flat = None if flat is None else (*flat, *self._turns_outside(flat))

    @cached_property
    def structure(self) -> Structure | None:
        """What is proved of the function over the whole line; None where it turns for ever."""
        found = Structure(self.activation)
        return None if found.is_endless else found

    @cached_property
    def kinks(self) -> tuple[float, ...]:
        """Where f or f' is not continuous, as far as is known: the doubles next to the places."""
        points = self.structure.branches.points if self.structure else ()
        return tuple(dict.fromkeys(x for point in points for x in (point.after, point.x)))

    def saturated(self, values: Floats, low: float, high: float) -> Mask | None:
        """Which of the values, from the lowest to the highest, are saturated; None: none is."""
        if self._saturated is None:
            return np.less(np.abs(self.activation.derivative(values)), self.eps)
        return _in_any(self._saturated, values, low, high)

    def flat(self, values: Floats, low: float, high: float) -> Mask | None:
        """At which of the values, from the lowest to the highest, f' is 0; None: at none."""
        if self._flat is None:
            return np.equal(self.activation.derivative(values), 0)
        return _in_any(self._flat, values, low, high)

    def _stretches(
        self, found: FlatRanges, holds: Callable[[float], bool]
    ) -> tuple[Stretch, ...] | None:
        """Open ranges by the doubles that they hold; None where not all is decided.

        An edge is a rounded number: whether that double lies in the range is asked of itself.
        """
        if found.undecided:
            return None
        return tuple(
            Stretch(
                one.low if holds(one.low) else math.nextafter(one.low, math.inf),
                one.high if holds(one.high) else math.nextafter(one.high, -math.inf),
            )
            for one in found.ranges
        )

    def _is_saturated(self, x: float) -> bool:
        """Whether |f'| < eps on both sides of a number."""
        if math.isinf(x):
            return True
        if not self.eps:
            return False
        assert self.structure is not None
        with ctx.workprec(PRECISE):
            jet = self.structure.function.at(x)
            return jet.has_value and (jet.slope is None or bool(jet.slope.magnitude < self.eps))

    def _is_flat(self, x: float) -> bool:
        """Whether f' is 0 at a number."""
        return math.isinf(x) or float(self.activation.derivative(x)) == 0

    def _is_turn(self, x: float) -> bool:
        """Whether the formula's f' is 0 at a double, not merely its rounding."""
        assert self.structure is not None
        jet = self.structure.function.at(x)
        return jet.has_value and (jet.slope is None or bool(jet.slope.is_zero()))

    def _turns_outside(self, flat: Sequence[Stretch]) -> tuple[Stretch, ...]:
        """Doubles at which f' is 0 though it is not around them."""
        assert self.structure is not None
        found = {x for piece in self.structure.pieces for x in (piece.low, piece.high)}
        kinks = set(self.kinks)
        return tuple(
            Stretch(x, x)
            for x in sorted(found | kinks)
            if not any(one.low <= x <= one.high for one in flat)
            and self._is_flat(x)
            and (x in kinks or self._is_turn(x))
        )


def _in_any(stretches: Sequence[Stretch], values: Floats, low: float, high: float) -> Mask | None:
    found: Mask | None = None
    for stretch in stretches:
        if stretch.may_hold(low, high, values.dtype):
            holds = stretch.holds(values)
            found = holds if found is None else np.logical_or(found, holds, out=found)
    return found


@lru_cache(maxsize=256)
def regimes(activation: Activation, eps: float) -> Regimes:
    """The regimes of an activation, found once."""
    return Regimes(activation, eps)
