"""Round numbers along an axis: steps of 1, 2, 2.5 and 5, powers of ten where it is logarithmic."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

PLAIN = (1e-4, 1e6)
"""Magnitudes that are written without an exponent."""


EVERY = (1, 2, 3, 5, 10, 20, 25, 50, 100, 200, 400)
"""Decades between two ticks of a logarithmic axis."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis and what is written there."""

    at: float
    text: str


@dataclass(frozen=True)
class TickStep:
    """A round distance between ticks, and the decimals its multiples need (negative: zeros)."""

    size: float
    decimals: int

    def multiples(self, low: float, high: float) -> range:
        """Which multiples lie between low and high, give or take a billionth of a step."""
        first, last = low / self.size, high / self.size
        if max(abs(first), abs(last)) > 2.0**50:
            return range(2**50)  # too fine to be told apart: more than any axis has room for
        return range(math.ceil(first - 1e-9), math.floor(last + 1e-9) + 1)


def ticks(low: float, high: float, most: int, log: bool = False) -> tuple[Tick, ...]:
    """At most `most` ticks between low and high (finite, low < high), ascending, no text twice."""
    if log and (powers := _powers(low, high, most)):
        return tuple(Tick(power, f"{power:g}") for power in powers)
    largest = max(abs(low), abs(high))
    for step in _steps(low, high, most):
        if len(multiples := step.multiples(low, high)) <= most:
            places = [n * step.size for n in multiples if n > 0 or not log]
            texts = {label(at, step, largest): at for at in places}
            return tuple(Tick(at, text) for text, at in texts.items())
    return ()


def label(at: float, step: TickStep, largest: float) -> str:
    """The number with the digits its step calls for, written like the largest on its axis.

    So -0.5, 20, 1e+06, 2.5e-07.
    """
    if at == 0:
        return "0"
    if PLAIN[0] <= largest < PLAIN[1] and step.decimals < 8:
        text = f"{at:.{max(step.decimals, 0)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = math.floor(math.log10(abs(at)) + 1e-9) + step.decimals + 1
    return f"{at:.{max(1, min(digits, 17))}g}"


def _steps(low: float, high: float, most: int) -> Iterator[TickStep]:
    """Round steps from fine to coarse: the first is too fine for `most`, the last coarse enough."""
    finest = (high / 2 - low / 2) / max(most, 1)
    exponent = math.floor(math.log10(finest)) if finest else -324
    for n in range(exponent, exponent + 4):
        for factor, more in (("1", 0), ("2", 0), ("2.5", 1), ("5", 0)):
            size = float(f"{factor}e{n}")
            if 0 < size < math.inf:
                yield TickStep(size, more - n)


def _powers(low: float, high: float, most: int) -> list[float]:
    """Powers of ten between low and high (positive), thinned out evenly; [] if there is but one."""
    first = math.ceil(math.log10(low) - 1e-9)
    last = math.floor(math.log10(high) + 1e-9)
    if last <= first:
        return []
    evenly = ([n for n in range(first, last + 1) if n % every == 0] for every in EVERY)
    exponents = next((found for found in evenly if len(found) <= most), [])
    return [float(f"1e{n}") for n in exponents]
