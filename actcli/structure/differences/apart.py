"""How far two functions are apart, proved from the formula of their difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cached_property

import numpy as np
from flint import ctx

from actcli.activations.base import Activation
from actcli.formula.jets.jets import JUMP
from actcli.formula.values.evaluation import values
from actcli.numeric.arrays import Array
from actcli.numeric.floats import ulp
from actcli.structure.asymptotes import nearest
from actcli.structure.boxes import EVERYWHERE, Window
from actcli.structure.differences.difference import Difference
from actcli.structure.function import LARGEST
from actcli.structure.search.heights import bound_of
from actcli.structure.search.search import BITS
from actcli.structure.search.supremum import Supremum, supremum
from actcli.structure.symmetries.beyond import without_bound
from actcli.structure.symmetries.endless import is_endless
from actcli.structure.symmetries.repetition import repetition

_ERROR = 8.0
"""Ulp of the larger value by which the difference of two may be off."""

_SMALL = 2.0**-40


class Apart:
    """The difference f - g over a closed window, wherever both are defined."""

    def __init__(
        self,
        f: Activation,
        g: Activation,
        window: Window = EVERYWHERE,
        seconds: float = 2.0,
        places: Sequence[float] = (),
    ) -> None:
        """Prepare to answer; all answers together take that many seconds of CPU, or little more.

        `places` are known to be worth a look.
        """
        self._f, self._g, self._function = f, g, Difference(f, g)
        self._window = max(window[0], -LARGEST), min(window[1], LARGEST)
        self._seconds, self._places = seconds, places

    @cached_property
    def largest(self) -> Supremum:
        """The supremum of |f - g|."""
        return self._supremum(0)

    @cached_property
    def steepest(self) -> Supremum:
        """The supremum of |f' - g'|: both sides of a kink count, and a jump is infinitely steep."""
        return self._supremum(1)

    @cached_property
    def period(self) -> float | None:
        """The shortest shift that is seen to leave f - g as it is."""
        with ctx.workprec(BITS):
            found = repetition(self._function)
        return nearest(found.period) if found is not None and found.rise.is_zero() else None

    def _supremum(self, order: int) -> Supremum:
        with self._function.within(self._seconds / 2):
            if self._window == EVERYWHERE and is_endless(self._function):
                ends = without_bound(self._function, order)
                if ends:
                    return Supremum(math.inf, math.inf, tuple(ends))
            return supremum(self._function, order, self._window, self._places)

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Find out about the difference for so many seconds of CPU at most."""
        return self._function.within(seconds)

    def steepest_on(self, low: float, high: float) -> float:
        """A bound on |f' - g'| on an open interval; infinite where there is none, or a jump."""
        with ctx.workprec(BITS):
            jet = self._function.on(low, high)
        if jet.is_nowhere_defined:
            return 0.0
        return (
            math.inf
            if jet.marks & JUMP or not jet.has_value
            else float(bound_of(jet.slope).upper())
        )

    def values(self, x: Array) -> Array:
        """f(x) - g(x) in doubles, 12 digits of the largest of them; NaN where not both are defined.

        Where f and g are too close for that, their difference is evaluated by its own formula.
        """
        with np.errstate(all="ignore"):
            f, g = self._f.value(x), self._g.value(x)
            found = np.asarray(f - g)
            largest = np.max(np.abs(found), initial=0.0, where=np.isfinite(found))
            doubtful = ~(_ERROR * ulp(np.maximum(np.abs(f), np.abs(g))) <= _SMALL * largest)
            found[doubtful] = values(self._function.program, x[doubtful])
        return found
