"""Numbers at which formulas are looked at, and what their values there refute."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from random import Random
from typing import Any

from flint import arb, ctx

from actcli.formula.jets.intervals import Interval
from actcli.structure.function import LARGEST
from tests.soundness.evaluation import value
from tests.soundness.operations import UnclearError

_ENOUGH = 200
"""Bits of a value, so that a short difference has some left."""

_FARTHEST = 10**18
"""2**-n from a place, or 2**n out, beyond which nothing is written that turns yet."""

Known = tuple[Any, Any]
"""A number and the ball around the formula's value there."""


def places(text: str, random: Random) -> list[float]:
    """Doubles at which something may happen, and any others."""
    numbers = [0.0, 1.0, -1.0, *_written(text)]
    at = random.choice(numbers)
    return [
        at,
        math.nextafter(at, random.choice((-math.inf, math.inf))),
        at + random.uniform(-1, 1) * 10.0 ** random.uniform(-12, 1),
        random.uniform(-10, 10),
        random.choice((-1, 1)) * 10.0 ** random.uniform(-300, 300),
        random.choice((-1, 1)) * 10.0 ** random.uniform(-9, 9),
    ]


def _written(text: str) -> list[float]:
    """The numbers in a formula, with both signs."""
    nodes = ast.walk(ast.parse(text, mode="eval"))
    values = [node.value for node in nodes if isinstance(node, ast.Constant)]
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    return [sign * number for number in numbers for sign in (-1, 1) if abs(number) < LARGEST]


def inside(low: Any, high: Any, random: Random) -> list[Any]:
    """Numbers in an open interval, some close to its ends, ascending."""
    with ctx.workprec(1200):
        shares = sorted({*(random.random() for _ in range(3)), 2.0 ** -random.randint(1, 900)})
        width = high - low
        numbers = [low + width * s for s in shares]
        numbers.append(high - width * arb(2.0 ** -random.randint(1, 900)))
        if low >= 0 and high > 4 * low:
            least = low if low > 0 else high * arb(2) ** -1000
            numbers += [least * ((high / least).log() * random.random()).exp().mid()]
        inside = [x.mid() for x in numbers if low < x < high]
        return sorted(inside, key=lambda x: float((x - low) / width) if width else 0.0)


def known(text: str, x: Any) -> Known | None:
    """A number and the value there, None where there is none; None in all where that is unclear."""
    try:
        return x, value(text, x, _ENOUGH)
    except UnclearError:
        return None


def is_outside(ball: Any, interval: Interval) -> bool:
    """Whether a ball has certainly no number in common with an interval."""
    if interval.low.is_nan() or interval.high.is_nan():
        return False
    return bool(ball.upper() < interval.low.lower() or ball.lower() > interval.high.upper())


def near(
    text: str,
    x: Any,
    side: int,
    exponents: Sequence[int] = (80, 400, 3000, 6000),
    *,
    at_infinity: bool = False,
) -> list[Known] | None:
    """Values ever closer to a place."""
    points = []
    for n in exponents:
        with ctx.workprec(20_000):
            t = arb(2) ** -n * (1 if at_infinity or x.is_zero() else abs(x).min(arb(1)))
            point = known(text, side / t if at_infinity else x + side * t)
        if point is None or point[1] is None:
            return None
        points.append(point)
    if at_infinity or x.is_zero():  # elsewhere so small a step is lost in the digits
        far = arb(2) ** (_FARTHEST if at_infinity else -_FARTHEST)
        point = known(text, side * far)
        if point is not None and point[1] is not None:
            points.append(point)
    return points


def is_missed(limit: Interval, points: list[Known]) -> bool:
    """Whether values ever closer to a place do not go to a limit."""
    if not limit.is_point or not (limit.low.is_finite() or limit.low.is_exact()):
        return False
    *_, (_, before), (_, last) = points
    if not limit.low.is_finite():
        return bool(last <= before if limit.low > 0 else last >= before)
    if not is_outside(last, limit):
        return False
    *earlier, distance = (abs(ball - limit.low) for _, ball in points)
    apart = [one for one in earlier if not one.is_zero()]  # it may come back on the way
    return not (apart and distance < (1 - 1e-9) * apart[-1])


class Ordered:
    """A number by which to sort."""

    def __init__(self, x: Any) -> None:
        self.x = x

    def __lt__(self, other: Ordered) -> bool:
        return bool(self.x < other.x)


def shown(ball: Any) -> str:
    return "no value" if ball is None else str(arb(ball).str(17))[:60]
