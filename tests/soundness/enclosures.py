"""What the algebras of proofs enclose, against the formula's values: intervals, jets and germs.

A slope is judged without a derivative: by the mean value theorem some slope on an interval is the
difference quotient of its ends, and half of some curvature the second one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

from flint import arb, ctx

from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import Interval
from actcli.formula.jets.jets import JUMP, PARTIAL, TIE, UNDEFINED, Jet, UndecidedError
from actcli.structure.function import LARGEST, ProvedFunction
from tests.soundness.numbers import (
    Known,
    Ordered,
    inside,
    is_missed,
    is_outside,
    known,
    near,
    places,
    shown,
)

_BITS = 200
"""Of the enclosures; the values have at least as many."""
_DIVIDED = 9000
"""Bits with which differences are divided."""


def wrong_enclosures(text: str, function: ProvedFunction, random: Random) -> Iterator[str]:
    """What is refuted, in words."""
    found = places(text, random)
    with ctx.workprec(random.choice((80, _BITS))):
        for x in found[:3]:
            yield from _at_point(text, function, x)
        for low, high in _boxes(found, random):
            yield from _on_box(text, function, low, high, random)
        for ring in _rings(found, random):
            yield from _germs(text, function, ring, random)


def _boxes(found: list[float], random: Random) -> Iterator[tuple[float, float]]:
    for _ in range(3):
        low, high = sorted(random.sample(found, 2))
        if low < high:
            yield low, high
    x = random.choice(found)
    yield x, x + abs(x) * 10.0 ** random.uniform(-15, 0) + 5e-324
    yield random.choice(
        ((-LARGEST, -1.0), (0.0, 1.0), (-0.5, 0.0), (16.0, LARGEST), (-5e-324, 0.0))
    )


def _rings(found: list[float], random: Random) -> Iterator[GermRing]:
    side, reach = random.choice((-1, 1)), 10.0 ** random.uniform(-12, 0)
    yield GermRing(10.0 ** random.uniform(0, 12), side=side, at_infinity=True)
    yield GermRing(4.0, side=-side, at_infinity=True, mild=random.random() < 0.3)
    yield GermRing(reach, side=side)
    centre = random.choice(found)
    yield GermRing(reach * (abs(centre) or 1), side=side, centre=centre)
    yield GermRing(reach, centre=random.choice(found), two_sided=True)


def _at_point(text: str, function: ProvedFunction, x: float) -> Iterator[str]:
    jet = function.at(x)
    here = known(text, x)
    if here is not None:
        yield from _compared(f"value at {x!r}", jet, here)
    for side in (-1, 1):
        beside = function.at(x, side)
        if abs(x) == LARGEST or beside.marks & ~TIE or not beside.has_value:
            continue
        points = near(text, arb(x), side)
        if points is not None:
            yield from _approached(f"limit at {x!r}, side {side}", beside, points)


def _on_box(
    text: str, function: ProvedFunction, low: float, high: float, random: Random
) -> Iterator[str]:
    jet = function.on(low, high)
    points = [p for x in inside(arb(low), arb(high), random) if (p := known(text, x))]
    yield from _jet_on(f"({low!r}, {high!r})", jet, points)


def _compared(where: str, jet: Jet, point: Known) -> Iterator[str]:
    x, ball = point
    if ball is None:
        return
    if jet.is_nowhere_defined:
        yield f"{where}: no value, but {shown(ball)} at {shown(x)}"
    elif jet.has_value and is_outside(ball, jet.value):
        yield f"{where}: {jet.value!r}, but {shown(ball)} at {shown(x)}"


def _jet_on(where: str, jet: Jet, points: list[Known]) -> Iterator[str]:
    for point in points:
        yield from _compared(where, jet, point)
    if not jet.has_value:
        return
    if not jet.marks & PARTIAL:
        yield from (f"{where}: no value at {shown(x)}" for x, ball in points if ball is None)
    defined = [(x, ball) for x, ball in points if ball is not None]
    if not jet.marks & (JUMP | PARTIAL | UNDEFINED) and len(defined) == len(points):
        for n, quotients in enumerate(_quotients(defined), 1):
            q = jet.order(n)
            for at, quotient in quotients if n == 1 or not jet.marks else ():
                if is_outside(quotient, Interval(arb(0)) if q is None else q):
                    yield f"{where}: derivative {n} {q!r}, but {shown(quotient)} at {shown(at)}"


def _quotients(points: list[Known]) -> Iterator[list[tuple[Any, Any]]]:
    """Derivatives of first and second order somewhere between neighbours."""
    with ctx.workprec(_DIVIDED):
        first = [(x, (v - u) / (y - x)) for (x, u), (y, v) in pairwise(points) if y > x]
        yield first
        yield (
            [
                (x, 2 * (b - a) / (z - x))
                for (x, a), (_, b), (z, _) in zip(first, first[1:], points[2:], strict=False)
                if z > x
            ]
            if len(first) == len(points) - 1
            else []
        )


def _approached(where: str, jet: Jet, points: list[Known]) -> Iterator[str]:
    """Whether the values go to the limit: the distance shrinks, to nothing or for ever."""
    if is_missed(jet.value, points):
        yield f"{where}: {jet.value!r}, but {[shown(ball) for _, ball in points]}"


def _germs(text: str, function: ProvedFunction, ring: GermRing, random: Random) -> Iterator[str]:
    try:
        jet = function.germ(ring)
    except UndecidedError:
        return
    t = ring.T
    if t.is_zero():
        return
    start = -t if ring.two_sided else 0 * t
    inner = sorted((t * 2.0**-n for n in (1, random.randint(1, 40), 300)), key=float)
    lows = [*inner] if not ring.two_sided else inner[1:]
    where = f"germ {ring.key}"

    def x_of(s: Any) -> Any:
        with ctx.workprec(2200):
            return (ring.side / s if ring.at_infinity else ring.centre + ring.side * s).mid()

    def points_in(low: Any, high: Any) -> list[Known]:
        numbers = [x_of(s) for s in inside(low, high, random)]
        numbers.sort(key=lambda x: x.mid().man_exp() and Ordered(x))
        return [p for x in numbers if (p := known(text, x))]

    if not jet.has_value:
        if jet.is_nowhere_defined:
            for point in points_in(start, t):
                yield from _compared(where, jet, point)
        return
    whole = _over(ring, jet, None)
    if whole is not None:
        yield from _jet_on(where, whole, points_in(start, t))
    for low, high in pairwise(lows):
        part = _over(ring, jet, Interval(low, high)) if low < high else None
        if part is not None:
            yield from _jet_on(f"{where} on {low}..{high}", part, points_in(low, high))
    if not ring.two_sided:
        limit = ring.limit(jet.value)
        side = ring.side
        points = near(text, ring.centre, side, at_infinity=ring.at_infinity)
        if points is not None and is_missed(limit, points):
            yield f"{where} limit: {limit!r}, but {[shown(ball) for _, ball in points]}"


def _over(ring: GermRing, jet: Jet, t: Interval | None) -> Jet | None:
    """The ranges of the germs of a jet; what is not known is everything."""
    everything = Interval(arb.neg_inf(), arb.pos_inf())
    orders: list[Any] = []
    for n in range(3):
        u = jet.order(n)
        try:
            orders.append(None if u is None else ring.range(u, t))
        except UndecidedError:
            orders.append(everything)
    value, slope, curvature = orders
    return Jet(value, slope, curvature, jet.marks)
