"""The integrands of the moments, as products: over balls, germs, orders, and bounds of sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

COUNT = 5
SQUARES = (1, 3)
"""Which of the integrands are nowhere negative."""


class Products(NamedTuple):
    """The integrands g, g**2, f', f'**2 and x (f f' - c d), for g = f - c - slope*x.

    c and d, which are near the means of f and f', and the slope are taken out so that nothing
    cancels where f hardly varies.
    """

    c: Any
    d: Any
    slope: Any = 0

    def of(
        self,
        x: Any,
        f: Any,
        df: Any,
        const: Callable[[Any], Any] = lambda a: a,
        size: Callable[[Any], Any] = lambda a: a,
    ) -> Sequence[Any]:
        """The integrands from x, f and f', numbers of any kind.

        Args:
            x: the argument.
            f: the value.
            df: the derivative.
            const: makes such a number.
            size: what the products are made of in the place of each factor: its absolute value,
                for bounds of the integrands.
        """
        g = f - const(self.c)
        if self.slope:
            g = g - x * const(self.slope)
        e = size(df - const(self.d))
        x, g, df, c = size(x), size(g), size(df), size(const(self.c))
        return [g, g * g, df, df * df, x * (g * df + c * e)]

    def recentred(self, raw: Sequence[Any], mass: Any, first: Any) -> Sequence[Any]:
        """The integrals of the products, from those with c = d = 0, for slope 0.

        `mass` and `first` are the integrals of 1 and of x.
        """
        f, square, df, slopes, growth = raw
        g = f - self.c * mass
        squares = square - 2 * self.c * f + self.c**2 * mass
        return [g, squares, df, slopes, growth - self.c * self.d * first]
