"""The integrands of the moments, as products: over balls, germs, orders, and bounds of sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flint import arb, ctx

from actcli.formula.jets.intervals import ZERO

COUNT = 6
SQUARES = (1, 3)
"""Which of the integrands are nowhere negative."""
NEEDS_SLOPE = (2, 3, 5)
_SPARE = 60
"""Bits to which that is known which is left of a straight line."""


class Factors(NamedTuple):
    """What the integrands are products of; or bounds of the sizes of that."""

    x: Any
    g: Any
    df: Any
    e: Any
    """f' - d."""
    line: Any
    """c + d x."""

    def products(self) -> Sequence[Any]:
        """The integrands; of sizes, bounds of them."""
        x, g, df, e, line = self
        return [g, g * g, df, df * df, x * g, x * (g * df + line * e)]


class Products(NamedTuple):
    """The integrands g, g**2, f', f'**2, x g and x (f f' - d (c + d x)), for g = f - c - d x.

    The line c + d x, which is near f where most inputs are, is taken out so that nothing cancels
    where f hardly bends.
    """

    c: arb
    d: arb

    def factors(
        self, x: Any, f: Any, df: Any, const: Callable[[arb], Any] = lambda a: a
    ) -> Factors:
        """From x, f and f', numbers of any kind; `const` makes such a number."""
        line = const(self.c) + x * const(self.d)
        return Factors(x, f - line, df, df - const(self.d), line)

    def of(
        self, x: Any, f: Any, df: Any, const: Callable[[arb], Any] = lambda a: a
    ) -> Sequence[Any]:
        """The integrands from x, f and f'."""
        return self.factors(x, f, df, const).products()

    def least(self, q: arb) -> list[arb]:
        """What the integrals are added to, for x of variance q: so small they need not be known."""
        d = abs(self.d)
        roundoff = d * q.sqrt() * arb(2) ** (_SPARE - ctx.prec)
        return [abs(self.c) + roundoff, d * d * q, ZERO, ZERO, d * q, d * d * q]

    def recentred(self, raw: Sequence[arb], powers: Sequence[arb], sign: int = -1) -> list[arb]:
        """The integrals of the products, from those with c = d = 0 and those of 1, x and x**2.

        With sign 1, from the sizes of all these: the sizes of what is added up.
        """
        f, square, df, slopes, first, growth = raw
        c, d = self.c, self.d
        one, x, xx = powers
        line, x_line = c * one + d * x, c * x + d * xx
        squares = square + sign * 2 * (c * f + d * first) + c * line + d * x_line
        g, x_g, rest = f + sign * line, first + sign * x_line, growth + sign * d * x_line
        return [g, squares, df, slopes, x_g, rest]

    def moments(self, integrals: Sequence[arb], q: arb) -> tuple[arb, arb, arb, arb]:
        """E f, E f**2, Var f and E x f f' for x of variance q."""
        g, squares, _, _, first, growth = integrals
        line = self.d * self.d * q
        spread = line + squares + 2 * self.d * first
        return self.c + g, spread + 2 * self.c * g + self.c * self.c, spread - g * g, line + growth
