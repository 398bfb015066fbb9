"""The simplest number within an interval: what a computed neighbourhood stands for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice


def simplest(low: float, high: float) -> float:
    """The double in [low, high] with the fewest significant digits; 0 before all others."""
    return next(x for x in _ever_longer(low, high) if low <= x <= high)


def plain(low: float, high: float, digits: int) -> float | None:
    """The simplest double in [low, high], if it has no more than so many significant digits."""
    candidates = islice(_ever_longer(low, high), digits + 1)
    return next((x for x in candidates if low <= x <= high), None)


def _ever_longer(low: float, high: float) -> Iterator[float]:
    """0, and the middle of the interval rounded to 1, 2, ... 17 digits; the middle at last."""
    middle = low + (high - low) / 2
    yield 0.0
    yield from (float(f"{middle:.{count}e}") for count in range(17))
    yield middle
    yield low
