"""What a number may be."""

from __future__ import annotations

import math
from typing import NamedTuple


class Bounds(NamedTuple):
    """Finite numbers within bounds; `above` and `below` are open, `least` and `most` closed."""

    above: float = -math.inf
    """It is greater than that (open); null: no such bound."""
    below: float = math.inf
    """It is less than that (open)."""
    least: float = -math.inf
    """It is at least that (closed)."""
    most: float = math.inf
    """It is at most that (closed)."""
    gap: float = 0.0
    """The least size, but for 0 itself where that is allowed."""
    nonzero: bool = False
    """Whether it is not 0."""

    def admit(self, value: float) -> bool:
        """Whether the value is finite and within the bounds."""
        return (
            math.isfinite(value)
            and self.above < value < self.below
            and self.least <= value <= self.most
            and (abs(value) >= self.gap or value == 0)
            and not (self.nonzero and value == 0)
        )

    def __str__(self) -> str:
        said = [
            ("greater than", self.above),
            ("less than", self.below),
            ("at least", self.least),
            ("at most", self.most),
        ]
        bounds = " and ".join(f"{word} {bound:g}" for word, bound in said if math.isfinite(bound))
        zero = "" if self.nonzero else "0 or "
        size = f"{zero}at least {self.gap:g} in size" if self.gap else "not 0" if not zero else ""
        return ", and ".join(filter(None, [bounds, size])) or "a finite number"
