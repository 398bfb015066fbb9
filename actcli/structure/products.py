"""The integrands of the moments, as products: over balls, germs, orders, and bounds of sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Products(NamedTuple):
    """The integrands g, g**2, f', f'**2, x g f' and x (f' - d), for g = f - c - slope*x.

    c and d, which are near the means of f and f', and the slope are taken out so that nothing
    cancels where f hardly varies.
    """

    c: Any
    d: Any
    slope: Any = 0

    def centred(
        self, x: Any, f: Any, df: Any, const: Callable[[Any], Any] = lambda a: a
    ) -> tuple[Any, Any]:
        """The g and f' - d for numbers of any kind; `const` makes such numbers."""
        g = f - const(self.c)
        if self.slope:
            g = g - x * const(self.slope)
        return g, df - const(self.d)

    @staticmethod
    def of(x: Any, df: Any, g: Any, e: Any) -> Sequence[Any]:
        """The integrands from x, f', g and f' - d; from bounds of their sizes, bounds."""
        return [g, g * g, df, df * df, x * g * df, x * e]


COUNT = 6
SQUARES = (1, 3)
"""Which of the integrands are nowhere negative."""
NEEDS_SLOPE = (2, 3, 4, 5)
