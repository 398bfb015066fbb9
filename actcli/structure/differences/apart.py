"""How far two functions are apart, proved from the formula of their difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property

from flint import arb, ctx

from actcli.activations.base import Activation
from actcli.formula.jets.jets import OutOfTimeError
from actcli.structure.asymptotes import nearest
from actcli.structure.boxes import EVERYWHERE, Window
from actcli.structure.differences.difference import Difference
from actcli.structure.function import LARGEST
from actcli.structure.integrals.mean_square import mean_square
from actcli.structure.search.search import BITS
from actcli.structure.search.supremum import Supremum, supremum
from actcli.structure.symmetries.beyond import without_bound
from actcli.structure.symmetries.endless import is_endless
from actcli.structure.symmetries.repetition import repetition


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
        self._function = Difference(f, g)
        self._window = max(window[0], -LARGEST), min(window[1], LARGEST)
        self._seconds, self._places = seconds, places

    @property
    def is_one_formula(self) -> bool:
        """Whether f and g are the same formula: the one has values where the other has."""
        return self._function.is_one_formula

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
            with suppress(OutOfTimeError):
                if self._window == EVERYWHERE and is_endless(self._function):
                    ends = without_bound(self._function, order)
                    if ends:
                        return Supremum(math.inf, math.inf, tuple(ends))
            return supremum(self._function, order, self._window, self._places)

    def root_mean_square(self, low: float, high: float, seconds: float) -> arb | None:
        """The root of the mean of (f - g)**2 over a range, in so many seconds of CPU at most.

        A ball; infinite where the integral is, as around a pole; NaN where nothing is known; None
        where not both are defined all over the range.
        """
        mean = mean_square(self._function, low, high, seconds)
        if mean is None or mean.lower() > 0 or not mean.is_finite():
            return mean and mean.sqrt()
        return mean.upper().sqrt() * arb(0.5, 0.5)
