"""What is said of a formula as a whole, against its values: pieces, jumps, limits, ranges, zeros.

Everything that is said to be undecided is left out. What is certain is compared alone: two balls
that overlap refute nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from flint import arb, ctx

from actcli.formula.expression import expression
from actcli.formula.jets.intervals import Interval
from actcli.structure.function import LARGEST
from actcli.structure.points.branch_point import REMOVABLE
from actcli.structure.points.zeros import Zeros
from actcli.structure.search.segments import BAND, CONSTANT, UNDEFINED_PIECE, Segment
from actcli.structure.structure import Structure
from actcli.structure.symmetries.symmetry import EVEN, ODD
from tests.soundness.breaks import branches, hidden
from tests.soundness.flat import flat
from tests.soundness.numbers import Ordered, inside, is_missed, near, places, shown
from tests.soundness.sampled import FINE, Sampled, divided, numbers_in, some


def wrong_answers(
    text: str, seed: int, seconds: float = 0.5, eps: float | None = None
) -> Iterator[str]:
    """What is refuted of the answers about a formula, in words."""
    structure = Structure(expression(text), seconds=seconds)
    sampled = Sampled(text, seed)
    eps = eps or sampled.random.choice((1e-3, 0.1, 1e-9, 10.0 ** sampled.random.uniform(-20, 1)))
    yield from _pieces(structure, sampled)
    yield from branches(structure, sampled)
    yield from hidden(structure, sampled)
    yield from _ends(structure, sampled)
    sampled.add(places(text, sampled.random))
    yield from flat(structure.flat(eps), eps, structure, sampled)
    points = sorted(sampled.points, key=lambda p: Ordered(p[0]))
    yield from _heights(structure, points)
    yield from _slopes(structure, points)
    yield from _zeros("zeros", structure.zeros, structure, points, sampled)
    less_x = Sampled(f"({text}) - x", seed)
    shifted = [(x, None if v is None else v - x) for x, v in points]
    yield from _zeros("fixed points", structure.fixed_points, structure, shifted, less_x)
    yield from _symmetry(structure, sampled)


def _pieces(structure: Structure, sampled: Sampled) -> Iterator[str]:
    for piece in some(sampled.random, structure.pieces):
        if piece.kind not in (BAND, CONSTANT, UNDEFINED_PIECE):
            continue
        points = sampled.add(inside(*_surely_within(piece), sampled.random))
        yield from _piece(piece, points)


def _surely_within(piece: Segment) -> tuple[Any, Any]:
    """The ends of a piece, half an ulp inwards where it is what they round to."""
    low, high = (arb(max(min(x, LARGEST), -LARGEST)) for x in (piece.low, piece.high))
    if piece.follows_crossing:
        low = (low + math.nextafter(piece.low, math.inf)) / 2
    if piece.crosses:
        high = (high + math.nextafter(piece.high, -math.inf)) / 2
    return low, high


def _piece(piece: Segment, points: list[tuple[Any, Any]]) -> Iterator[str]:
    what = f"{piece.kind} {piece.band} on ({piece.low!r}, {piece.high!r})"
    for x, v in points:
        if (v is None) != (piece.kind == UNDEFINED_PIECE):
            yield f"{what}: {shown(v)} at {shown(x)}"
            return
    if piece.kind == UNDEFINED_PIECE:
        return
    for (x, u), (y, v) in pairwise(points):
        wrong = not u.overlaps(v) if piece.kind == CONSTANT else v < u if piece.band else v > u
        if x < y and wrong:
            yield f"{what}: {shown(u)} at {shown(x)}, {shown(v)} at {shown(y)}"


def _ends(structure: Structure, sampled: Sampled) -> Iterator[str]:
    for side, end in zip((-1, 1), structure.ends, strict=True):
        if end is None:
            continue
        points = near(sampled.text, arb(0), side, at_infinity=True)
        if points is None:
            continue
        if is_missed(end.value, points):
            yield f"end {side}: {end.value!r}, but {[shown(v) for _, v in points]}"
        if end.coefficients is not None:
            m, c = end.coefficients
            with ctx.workprec(FINE):
                rest = [(x, v - m * x) for x, v in points]
            if m.is_exact() and is_missed(Interval(c), rest):
                yield f"end {side}: line {end.line}, but {[shown(v) for _, v in rest]}"


def _heights(structure: Structure, points: list[tuple[Any, Any]]) -> Iterator[str]:
    found = structure.range
    if found is None:
        return
    low, high = (arb(bound.value) for bound in found)
    for x, v in points:
        if v is None:
            continue
        if v < low - math.ulp(found.low.value) or v > high + math.ulp(found.high.value):
            yield f"range {found}: {shown(v)} at {shown(x)}"


def _slopes(structure: Structure, points: list[tuple[Any, Any]]) -> Iterator[str]:
    most = structure.steepness
    if not math.isfinite(most.bound):
        return
    for (x, u), (y, v) in pairwise(points):
        if u is None or v is None or not x < y:
            continue
        q = abs(divided(x, u, y, v))
        if q > arb(most.bound) * (1 + arb(2) ** -50):
            yield f"Lipschitz {most}: {shown(q)} from {shown(x)} to {shown(y)}"


def _zeros(
    what: str, found: Zeros, structure: Structure, points: list[tuple[Any, Any]], sampled: Sampled
) -> Iterator[str]:
    random = sampled.random
    for x in some(random, found.points):
        yield from _zero(what, x, sampled)
    for one in some(random, found.stretches):
        low, high = one
        for x in numbers_in(low, high, random):
            v = sampled.at(x)
            if v is None or (v is not False and not v.contains(0)):
                yield f"{what} on {one}: {shown(v)} at {shown(x)}"
    for x, v in points:
        if v is not None and v.is_zero() and not _has_zero(found, structure, x, x):
            yield f"{what}: {shown(x)} is missing"
    for (x, u), (y, v) in pairwise(points):
        if u is None or v is None or not ((u > 0 and v < 0) or (u < 0 and v > 0)):
            continue
        if not _has_zero(found, structure, x, y):
            yield f"{what}: changes sign between {shown(x)} and {shown(y)}"


def _zero(what: str, x: float, sampled: Sampled) -> Iterator[str]:
    unit = math.ulp(x)
    below, at, above = (sampled.at(x + k * unit) for k in (-1, 0, 1))
    if any(v is None or v is False for v in (below, at, above)):
        return
    changes = not (below > 0 and above > 0) and not (below < 0 and above < 0)
    touches = not abs(at) > abs(below) or not abs(at) > abs(above)
    if not changes and not touches:
        yield f"{what}: no zero near {x!r}: {shown(below)}, {shown(at)}, {shown(above)}"


def _has_zero(found: Zeros, structure: Structure, x: Any, y: Any) -> bool:
    """Whether a zero, a branch point or something undecided explains a change of sign."""

    def meets(low: float, high: float) -> bool:
        return bool(low - math.ulp(low) <= y and x <= high + math.ulp(high))

    return (
        any(meets(at, at) for at in found.points)
        or any(meets(*one) for one in found.stretches)
        or any(meets(*part[:2]) for part in found.undecided)
        or any(meets(p.x, p.x) for p in structure.branches.points if p.kind != REMOVABLE or p.value)
        or any(meets(*part[:2]) for part in structure.branches.undecided)
    )


def _symmetry(structure: Structure, sampled: Sampled) -> Iterator[str]:
    found = structure.symmetry
    if found is None or found.kind not in (EVEN, ODD):
        return
    for x in places(sampled.text, sampled.random):
        u, v = sampled.at(x), sampled.at(-x)
        if u is False or v is False:
            continue
        same = (u is None) == (v is None)
        if not same or (u is not None and not u.overlaps(v if found.kind == EVEN else -v)):
            yield f"{found.kind}: {shown(u)} at {x!r}, {shown(v)} at {-x!r}"
