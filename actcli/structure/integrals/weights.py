"""What a function is integrated against: a normal density, or a constant one over a cell."""

from __future__ import annotations

import math
from typing import Any, Protocol

from flint import arb

from actcli.formula.germs.germ import Germ
from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import Real
from actcli.formula.values.balls import each


class Weight(Protocol):
    """A density."""

    unit: float
    """How wide it is."""

    def at(self, x: Any) -> Any:
        """The density at balls, real or complex, in an array."""

    def mass(self, low: Real, high: Real) -> arb:
        """Its integral between two balls."""

    def powers(self, low: arb, high: arb) -> tuple[arb, arb, arb]:
        """The integrals of 1, x and x**2 between two balls."""

    def germ(self, ring: GermRing) -> Germ:
        """The density as a germ."""


class Normal:
    """The density of N(0, q)."""

    def __init__(self, q: float) -> None:
        self.q, self.unit = arb(q), math.sqrt(q)

    def at(self, x: Any) -> Any:
        """The density."""
        rate, height = -1 / (2 * self.q), 1 / (2 * arb.pi() * self.q).sqrt()
        return each(lambda y: (y * y * rate).exp() * height)(x)

    def germ(self, ring: GermRing) -> Germ:
        """The density."""
        exponential = ring.exp(ring.x().square().scale(-1 / (2 * self.q)))
        return exponential.scale(1 / (2 * arb.pi() * self.q).sqrt())

    def mass(self, low: Real, high: Real) -> arb:
        """The probability of (low, high), without cancellation in the tails."""
        if high < 0:
            return self.mass(-high, -low)
        unit = (2 * self.q).sqrt()
        low, high = arb(low) / unit, arb(high) / unit
        if low > 0:
            return (low.erfc() - high.erfc()) / 2
        return (high.erf() - low.erf()) / 2

    def powers(self, low: arb, high: arb) -> tuple[arb, arb, arb]:
        """By the derivatives of the density."""
        mass, ends = self.mass(low, high), (self.at(low), self.at(high))
        second = mass + low * ends[0] - high * ends[1]
        return mass, self.q * (ends[0] - ends[1]), self.q * second

    def tail(self, reach: arb, power: arb | float) -> arb:
        """The integral of x**power from `reach` to infinity."""
        half = (arb(power) + 1) / 2
        incomplete = (reach * reach / (2 * self.q)).gamma_upper(half)
        return (2 * self.q) ** (arb(power) / 2) * incomplete / (2 * arb.pi().sqrt())


class Uniform:
    """The density 1/width, over whatever is integrated."""

    def __init__(self, width: arb) -> None:
        self.width, self.unit = width, float(width)

    def at(self, x: Any) -> Any:
        """The density."""
        return each(lambda _: 1 / self.width)(x)

    def germ(self, ring: GermRing) -> Germ:
        """The density."""
        return ring.const(1 / self.width)

    def mass(self, low: Real, high: Real) -> arb:
        """The share of (low, high)."""
        return (arb(high) - arb(low)) / self.width

    def powers(self, low: arb, high: arb) -> tuple[arb, arb, arb]:
        """By the powers of the ends."""
        one, x, xx = ((high**n - low**n) / (n * self.width) for n in (1, 2, 3))
        return one, x, xx
