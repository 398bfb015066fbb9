"""What germs ask of the ring that they are of; `germ_ring` has the ring itself."""

from __future__ import annotations

from typing import Protocol

from flint import arb

from actcli.formula.germs.expansion import Power
from actcli.formula.germs.exponent import Exponent, G
from actcli.formula.jets.intervals import Interval
from actcli.formula.jets.jets import JetRing


class Ring(JetRing[G], Protocol[G]):
    """Germs in t, for t from 0 to T, or in `t` of a box apart from 0."""

    t: Interval
    T: arb
    terms: int
    mild: bool
    two_sided: bool
    at_infinity: bool

    def enclosed(self, remainder: Interval, p: Power = 0) -> G:
        """t**p times something in an interval."""

    def range(self, u: G, t: Interval | None = None) -> Interval:
        """Everything that a germ is."""

    def powers_of_t(self, p: Power, t: Interval | None = None) -> Interval:
        """The range of t**p."""

    def decay(self, exponent: G, q: Power, t: Interval | None = None) -> Interval:
        """[0, sup] of t**q exp(D) where D goes to -infinity."""

    def way(self, u: G) -> int:
        """The sign of the infinity that a germ goes to, 0 where it is bounded."""

    def ratio(self, a: G, b: G) -> tuple[Exponent[G] | None, G | None]:
        """The exponential of b over that of a."""

    def dominance(self, a: G, b: G) -> int:
        """-1 where b is exponentially smaller than a, 1 where larger, 0 where neither."""

    def exponential(self, exponent: Exponent[G]) -> tuple[Exponent[G] | None, G | None]:
        """What exp of an exponent is: itself, or a germ where it is bounded."""

    def small_exponential(self, u: G, way: int, factor: int) -> G:
        """exp(-factor |u|) where u goes to infinity that way."""

    def gaussian(self, u: G, half: bool) -> G:
        """exp(-u**2), or exp(-u**2/2)."""

    def exp(self, u: G) -> G:
        """The exponential."""

    def compose(self, name: str, u: G) -> G:
        """A function of a bounded germ."""
