"""A formula's values at chosen numbers, and the quotients of their differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Any

from flint import arb, ctx

from actcli.structure.function import LARGEST
from tests.soundness.evaluation import compiled, value
from tests.soundness.numbers import inside
from tests.soundness.operations import NoValueError, UnclearError

FINE = 9000
"""Bits of differences."""
_MOST = 24
"""Pieces, points or ranges of one formula that are looked at."""


class Sampled:
    """A formula's values at chosen numbers, ascending."""

    def __init__(self, text: str, seed: int) -> None:
        self.text, self.random = text, Random(seed)
        self.points: list[tuple[Any, Any]] = []

    def add(self, numbers: Sequence[Any]) -> list[tuple[Any, Any]]:
        """The values at these numbers, as far as they are clear; None where there is none."""
        new = [(arb(x), at) for x in numbers if (at := self.at(x)) is not False]
        self.points += new
        return new

    def at(self, x: Any, enough: int = 200) -> Any:
        """The value, None where there is none, False where that is unclear."""
        try:
            return value(self.text, x, enough)
        except UnclearError:
            return False

    def quotient(self, x: Any, y: Any, enough: int = 200) -> Any | None:
        """The difference quotient of two numbers."""
        with ctx.workprec(FINE):
            u, v = self.at(x, enough), self.at(y, enough)
            if u is None or v is None or u is False or v is False:
                return None
            return (v - u) / (arb(y) - arb(x))

    def spread(self, low: Any, high: Any) -> float:
        """At most how steep f is from one number to another, as far as one ball tells."""
        with ctx.workprec(FINE):
            half = (high - low) / 2
            try:
                around = compiled(self.text)(low + half + arb(0, 1) * half)
            except (UnclearError, NoValueError):
                return math.inf
            return float((arb(around.rad()) / half).upper()) if around.is_finite() else math.inf

    def slope(self, x: Any, side: int = 0, short: Any = None) -> Any | None:
        """A ball around f' at an exact number, but for the curvature on a very short interval.

        Args:
            x: the number.
            side: -1 or 1 for the slope on that side alone.
            short: the length of the interval, if not 2**-200 relative to x.
        """
        with ctx.workprec(FINE):
            x = arb(x)
            size = arb(1) if x.is_zero() else abs(x).min(arb(1))
            h = arb(2) ** -200 * size if short is None else short
            bits = 100 + int(float((abs(x).max(arb(1)) / h).log().mid()) / math.log(2))
            if side:
                return self.quotient(x + side * h, x + 2 * side * h, bits)
            below, above = self.quotient(x - h, x, bits), self.quotient(x, x + h, bits)
            return None if below is None or above is None else below.union(above)


def divided(x: Any, u: Any, y: Any, v: Any) -> Any:
    with ctx.workprec(FINE):
        return (v - u) / (y - x)


def some(random: Random, things: Sequence[Any]) -> list[Any]:
    return list(things) if len(things) <= _MOST else random.sample(list(things), _MOST)


def numbers_in(low: float, high: float, random: Random) -> list[Any]:
    """Numbers strictly inside an interval that may be unbounded."""
    return inside(arb(max(low, -LARGEST)), arb(min(high, LARGEST)), random)


def is_undecided(parts: Sequence[Any], place: Any) -> bool:
    return any(
        part[0] - math.ulp(part[0]) <= place <= part[1] + math.ulp(part[1]) for part in parts
    )
