"""Means of an activation and its derivative over normal inputs: enclosed, or quick in doubles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from flint import arb

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.numeric.arrays import Array
from actcli.numeric.late import np
from actcli.structure.function import ProvedFunction
from actcli.structure.integrals.analytic_pieces import analytic_pieces
from actcli.structure.integrals.means import Means, means
from actcli.structure.structure import EFFORT, Structure
from actcli.structure.undecided import Undecided

if TYPE_CHECKING:
    from actcli.numeric.integrals.gaussian import Factors

REACH = 13.0
"""Standard deviations within which doubles are integrated with cuts."""

_SECONDS = 0.5
"""Of CPU, in which the cuts are to be found."""

_SHARE = 0.75
"""Of the effort, for the integrals: the rest goes for what is looked at last."""

_GREATEST = arb(2) ** 1024


class Moments(NamedTuple):
    """Means over x ~ N(0, q) in doubles: for iterations, whose ends are then enclosed."""

    second: float
    """E f^2."""
    second_slope: float
    """E f'^2."""
    growth: float
    """E x f f': the rate at which E f^2 grows with log q."""


@lru_cache(maxsize=1024)
def enclosed(activation: Activation, q: float, effort: float = EFFORT) -> Means:
    """The means for one variance, proved, in about so many seconds of CPU at most.

    Raises:
        ActcliError: f has no value on an interval, or E f^2 is infinite or overflows.
    """
    found = means(activation, q, effort * _SHARE)
    if found.undefined is not None:
        raise ActcliError(
            f"{activation} has no value at {found.undefined:.3g}, for one: it has no mean over "
            "normal inputs; take a function that is defined everywhere"
        )
    if found.second == arb.pos_inf() or found.second > _GREATEST:
        what = "overflows" if found.second.is_finite() else "is infinite"
        raise ActcliError(
            f"E f^2 of {activation} {what} for inputs of variance {q:g}: "
            "take a smaller variance, or a function that grows more slowly"
        )
    return found


def known(activation: Activation, q: float) -> Means:
    """The means for one variance, of which E f^2 was enclosed.

    Raises:
        ActcliError: as of `enclosed`, or E f^2 was not.
    """
    found = enclosed(activation, q)
    if found.second.is_nan():
        raise ActcliError(
            f"E f^2 of {activation} could not be found for inputs of variance {q:g}: "
            f"{undecided(found.open)}"
        )
    return found


@lru_cache(maxsize=1024)
def quick(activation: Activation, q: float) -> Moments:
    """The means for one variance, right to some 1e-13 where doubles resolve them.

    Raises:
        ActcliError: E f^2 is infinite, overflows, or could not be found.
    """
    from actcli.numeric.integrals.gaussian import mean_products

    found = Moments(*mean_products(_factors(activation), q, cuts(activation, q)).tolist())
    if all(map(math.isfinite, found)):
        return found
    proved = known(activation, q)
    return Moments(*map(number, (proved.second, proved.second_slope, proved.growth)))


def _factors(activation: Activation) -> Factors:
    def factors(x: Array) -> tuple[Array, Array]:
        f, df = activation.sampled.value_and_derivative(x)
        return np.stack([f, df, f]), np.stack([f, df, x * df])

    return factors


def number(mean: arb) -> float:
    """The double nearest to a mean: 0 where it may be 0, NaN where nothing is known."""
    if mean.is_nan():
        return math.nan
    return 0.0 if mean.is_finite() and mean.contains(0) else float(mean.mid())


def undecided(parts: Sequence[Undecided]) -> str:
    """Where means are open, in words."""
    first = parts[0]
    more = f", and {len(parts) - 1} more" if parts[1:] else ""
    return f"not decided from {first.low:.12g} to {first.high:.12g} ({first.why}){more}"


def cuts(activation: Activation, q: float) -> tuple[float, ...]:
    """Where an integral over N(0, q) has to be cut."""
    return _breaks(activation).within(within_reach(q)[1])


class _Breaks:
    """The places where a function changes branch, found as far out as they were asked for."""

    def __init__(self, activation: Activation) -> None:
        self._function = ProvedFunction.of(activation)
        self._reach = 0.0
        self._places: set[float] = set()

    def within(self, reach: float) -> tuple[float, ...]:
        """Those between -reach and reach, ascending."""
        if reach > self._reach:
            rings = [(-reach, -self._reach), (self._reach, reach)] if self._reach else []
            for window in rings or [(-reach, reach)]:
                pieces = analytic_pieces(self._function, window, _SECONDS).pieces
                self._places |= {end for piece in pieces for end in piece} - set(window)
            self._places |= {x for x in (-reach, reach) if self._function.at(x).marks}
            self._reach = reach
        return tuple(sorted(x for x in self._places if abs(x) < reach))


@lru_cache(maxsize=64)
def _breaks(activation: Activation) -> _Breaks:
    return _Breaks(activation)


def jumps(activation: Activation, q: float) -> tuple[float, ...]:
    """Where the value jumps, ascending; of a function that repeats, in one period."""
    return known(activation, q).jumps


@lru_cache(maxsize=64)
def is_endless(activation: Activation) -> bool:
    """Whether it turns or changes branch for ever."""
    return Structure(activation).is_endless


def within_reach(q: float) -> tuple[float, float]:
    """What N(0, q) reaches, up to a factor of 2, so that neighbouring variances share it."""
    reach = 2.0 ** math.ceil(math.log2(REACH * math.sqrt(q)))
    return -reach, reach
