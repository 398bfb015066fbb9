"""Mean-field theory: what an infinitely wide random network does to variance and correlation.

Weights are N(0, sigma_w^2/width), biases N(0, sigma_b^2). Poole et al. 2016, arXiv:1606.05340;
Schoenholz et al. 2017, arXiv:1611.01232.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.meanfield.moments import (
    Moments,
    cuts,
    is_endless,
    jumps,
    known,
    number,
    quick,
    undecided,
)
from actcli.numeric.floats import bisect
from actcli.numeric.integrals.binormal import mean_product
from actcli.structure.undecided import Undecided

VANISHING = 1e-120
"""A variance that stands for the limit at 0."""

_NOTHING = 1e-12
_HUGE = 1e12
_HUGE_WAVES = 1e6
"""Variances at which the search for a fixed point gives up: the variance goes to 0, to infinity.

Earlier where a function has waves without end, which are the more work the farther out one looks.
"""

_EQUAL = 1e-14

_SMALL = 2.0**-20
_ROUNDOFF = 1e-13
_VANISHED = 1e-300
"""A mean square that is smaller may be subnormal, and have lost its digits."""
_MARGIN = 1e-9
"""How far from 1 a growth may be that is 1: computed directly, and through a fixed point."""


class ProvedChi(NamedTuple):
    """How a layer multiplies, and over which parts of the line that is not proved."""

    chi_1: float
    """The mean square of a gradient."""
    chi_q: float
    """A deviation of the variance."""
    open: Sequence[Undecided]


@dataclass(frozen=True)
class RandomNetwork:
    """A random network of infinite width, the same in every layer."""

    activation: Activation
    sigma_w: float
    sigma_b: float

    def variance(self, q: float) -> float:
        """The variance of the pre-activations one layer on."""
        return self.sigma_w**2 * self._second(q) + self.sigma_b**2

    def chi_1(self, q: float) -> float:
        """The factor by which a layer multiplies the gradient's mean square."""
        return self._finite_chi_1(self._moments(q).second_slope, q)

    def proved_chi(self, q: float) -> ProvedChi:
        """Both factors, enclosed."""
        found = known(self.activation, q or VANISHING)
        second_slope, growth = number(found.second_slope), number(found.growth)
        return ProvedChi(
            self._finite_chi_1(second_slope, q),
            self.sigma_w**2 * (growth / (q or VANISHING)),
            found.open,
        )

    def _finite_chi_1(self, second_slope: float, q: float) -> float:
        if math.isnan(second_slope):
            why = undecided(known(self.activation, q or VANISHING).open)
            raise ActcliError(f"E f'^2 of {self.activation} could not be found: {why}")
        if math.isinf(second_slope):
            raise ActcliError(f"E f'^2 of {self.activation} is infinite: no gradient survives it")
        return self.sigma_w**2 * second_slope

    def chi_q(self, q: float) -> float:
        """The derivative of `variance`: by how much a layer multiplies a deviation from q."""
        return self.sigma_w**2 * (self._moments(q).growth / (q or VANISHING))

    def correlation(self, q: float, correlation: float) -> float:
        """The correlation, one layer on, of two inputs that both have variance q here.

        NaN where no signal is left that could be correlated.
        """
        after, second = self.variance(q), self._second(q)
        if after < _VANISHED:
            return math.nan
        if correlation == 1 or q < _VANISHED or second < _VANISHED:
            return 1.0
        size = math.sqrt(second)
        share = mean_product(
            lambda x: self.activation.sampled.value(x) / size,
            q,
            correlation,
            cuts(self.activation, q),
        )
        product = self.sigma_w**2 * second * share
        return min(1.0, max(-1.0, (product + self.sigma_b**2) / after))

    def fixed_point(self, q: float) -> float:
        """Where the variance goes that starts at q: a fixed point, 0 or infinity."""
        sense = self._sense(q)
        if not sense:
            return q
        huge = _HUGE_WAVES if is_endless(self.activation) else _HUGE
        moving = ahead = q
        while True:
            ahead *= 2.0**sense
            if ahead > huge:
                return math.inf
            if ahead < _NOTHING and not self._starts_anew:
                return 0.0
            try:
                there = self._sense(ahead)
            except ActcliError:
                return math.inf
            if there == -sense:
                return bisect(lambda q: self._sense(q) == sense, moving, ahead)
            if there == sense:
                moving = ahead

    def stable(self, q: float) -> bool | None:
        """Whether variances near a fixed point go there; None where they stay where they are."""
        if q == 0:
            drift = self.variance(_SMALL) / _SMALL - 1
            return None if abs(drift) <= _ROUNDOFF else drift < 0
        drift = abs(self.chi_q(q)) - 1
        return None if abs(drift) <= _MARGIN else drift < 0

    @property
    def _starts_anew(self) -> bool:
        """Whether a signal of variance 0 gives one that has some."""
        return self.variance(0.0) > 0

    def _sense(self, q: float) -> int:
        """1 where the variance grows from q on, -1 where it shrinks, 0 at a fixed point."""
        after = self.variance(q)
        return 0 if abs(after - q) <= _EQUAL * q else 1 if after > q else -1

    def _second(self, q: float) -> float:
        """E f^2 for inputs of variance q."""
        at_zero = math.nan if q else float(self.activation.sampled.value(0.0))
        return self._moments(q).second if math.isnan(at_zero) else at_zero * at_zero

    def _moments(self, q: float) -> Moments:
        return quick(self.activation, q or VANISHING)


def refuse_jumps(activation: Activation, q: float = 1.0) -> None:
    """Turn away a function whose gradient is not what backpropagation computes.

    Raises:
        ActcliError: the function jumps, so that chi_1 is infinite.
    """
    if places := jumps(activation, q):
        raise ActcliError(
            f"chi_1 of {activation} is infinite because it jumps at x = {places[0]:g}: "
            "it has no edge of chaos, and no gradient to follow through the layers"
        )
