"""What is read off a germ: the powers of one term, its range, whether it is a number."""

from __future__ import annotations

from typing import Any, Self

from flint import arb

from actcli.formula.germs.expansion import Power, horner
from actcli.formula.germs.exponent import Exponent
from actcli.formula.germs.rings import Ring
from actcli.formula.jets.intervals import ZERO, Interval
from actcli.formula.jets.jets import UndecidedError


class GermTerm:
    """t**p * exp(U) * (c[0] + c[1] t + ... + R t**m), and what else is known of it."""

    __slots__ = (
        "R", "U", "_sum", "c", "has_no_lead", "is_never_zero",
        "multiple_of", "p", "ring", "smaller",
    )  # fmt: skip

    def __init__(
        self,
        ring: Ring[Any],
        p: Power,
        U: Exponent[Any] | None,  # noqa: N803
        c: list[arb],
        R: Interval,  # noqa: N803
    ) -> None:
        zeros = 0
        while zeros < len(c) and c[zeros].is_zero():
            zeros += 1
        self.has_no_lead = zeros == len(c) and R.is_zero()
        """Whether it is 0 but for a smaller term."""
        if self.has_no_lead:
            p, U, c = 0, None, []  # noqa: N806
        elif zeros:
            p, c = p + zeros, c[zeros:]
        self.ring, self.p, self.U, self.c, self.R = ring, p, U, c, R
        self.smaller: Self | None = None
        """A second term, exponentially smaller, that is added."""
        self.multiple_of: tuple[Self, arb] | None = None
        """The germ and the factor that this is an exact multiple of."""
        self.is_never_zero = False
        """Whether it is known not to be 0, though an end of its range may be."""
        self._sum: Interval | None = None

    def is_zero(self) -> bool:
        """Whether it is exactly 0."""
        return self.has_no_lead and self.smaller is None

    def sum(self, t: Interval | None = None) -> Interval:
        """The range of the sum c[0] + c[1] t + ..."""
        if t is not None:
            return horner(self.c, self.R, t)
        if self._sum is None:
            self._sum = horner(self.c, self.R, self.ring.t)
        return self._sum

    def cut(self, m: int) -> tuple[list[arb], Interval]:
        """The first m coefficients, and the remainder after them."""
        return self.c[:m], horner(self.c[m:], self.R, self.ring.t)

    @property
    def is_point(self) -> bool:
        """A germ is no single number."""
        return False

    @property
    def low(self) -> arb:
        """The infimum of its range."""
        return self.ring.range(self).low

    @property
    def high(self) -> arb:
        """The supremum of its range."""
        return self.ring.range(self).high

    def number(self) -> arb:
        """The constant that it is.

        Raises:
            UndecidedError: it is no constant.
        """
        varies = any(not a.is_zero() for a in self.c[1:]) or not self.R.is_zero()
        if self.p or self.U or self.smaller is not None or varies:
            raise UndecidedError
        return self.c[0] if self.c else ZERO

    def is_thin(self) -> bool:
        """Whether fewer than two coefficients that are certainly not 0 are left."""
        if self.R.is_zero() or self.U is not None:
            return False
        return sum(not c.contains(0) for c in self.c) < 2
