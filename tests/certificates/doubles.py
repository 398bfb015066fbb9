"""Doubles of an answer beside the balls that they stand for."""

from __future__ import annotations

import math
from typing import Any

from flint import arb

from tests.certificates.function import RefutedError, UnconfirmedError

_FINE = arb(2) ** -200
"""How closely a number near 0 is known that lies between doubles."""


def low_end(x: float | None) -> float:
    return -math.inf if x is None else x


def high_end(x: float | None) -> float:
    return math.inf if x is None else x


def inside(low: Any, high: Any) -> Any:
    """A number inside a box."""
    if not low.is_finite():
        x = arb(1) if not high.is_finite() else high - 1 - abs(high) / 7
    else:
        x = low + (high - low) * 3 / 7 if high.is_finite() else low + 1 + abs(low) / 7
    double = arb(float(x.mid()))
    return double if low < double < high else x.mid()


def beyond(x: float, side: int) -> Any:
    """Half an ulp to one side."""
    return (arb(x) + arb(math.nextafter(x, side * math.inf))) / 2


def agrees(what: str, said: float | None, ball: Any) -> None:
    """That a double is a number in a ball, rounded; null stands for what is not finite."""
    if said is None:
        if ball.is_finite():
            raise RefutedError(f"{what} is {ball.str(10)}")
        return
    if not ball.rad() <= 1e-20 * abs(ball) + _FINE:
        raise UnconfirmedError(f"{what}: {ball.str(10)}")
    if abs(ball - said) > math.ulp(said):
        raise RefutedError(f"{what} is {ball.str(20)}, not {said!r}")


def same(what: str, said: Any, found: Any) -> None:
    if said != found:
        raise RefutedError(f"{what}: {said} should be {found}")
