"""The ranges on which |f'| < eps, derived once more from boxes that are confirmed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import arb

from tests.certificates.answers.suprema import TIGHT
from tests.certificates.claims import Claim, confirm
from tests.certificates.course import Course, Piece, break_at, break_between, least
from tests.certificates.doubles import agrees, high_end, low_end, same
from tests.certificates.function import Function, RefutedError, Side, UnconfirmedError


@dataclass(frozen=True)
class Edge:
    """An end of a flat range: a double or infinity, or the double next to a break."""

    x: float
    inner: Side | None
    outer: Side | None
    is_crossing: bool


@dataclass(frozen=True)
class Flat:
    """A maximal interval on which |f'| < eps."""

    low: Edge
    high: Edge
    run: Sequence[Piece]

    @property
    def position(self) -> str:
        ends = math.isinf(self.low.x), math.isinf(self.high.x)
        names = {(True, True): "everywhere", (True, False): "left", (False, True): "right"}
        return names.get(ends, "interior")


def flat_ranges(
    f: Function,
    course: Course,
    cover: Mapping[str, Any],
    pieces: Sequence[Piece],
    said: Any,
    tops: Sequence[float | None],
) -> None:
    """That |f'| < eps on these ranges and on no others, and what f does on them.

    `tops` are places where |f'| may be largest.
    """
    eps, (low, high) = said["eps"], said["window"] or (-math.inf, math.inf)
    same("levels", cover["levels"], [-eps, eps] if eps else [0.0])
    flats = [
        Flat(_edge(f, cover, pieces, run[0], -1), _edge(f, cover, pieces, run[-1], 1), run)
        for run in _runs(f, pieces, eps)
    ]
    flats = [flat for flat in flats if flat.low.x < high and flat.high.x > low]
    parts = [(max(flat.low.x, low), min(flat.high.x, high)) for flat in flats]
    same("ranges", [(low_end(one["low"]), high_end(one["high"])) for one in said["ranges"]], parts)
    for one, flat, part in zip(said["ranges"], flats, parts, strict=True):
        same("position", one["position"], flat.position)
        _hardness(f, cover, pieces, one, flat, part)
        _kind(f, one, flat)
        values = [value for value, _ in course.values_on(*part)]
        agrees("the lowest value", one["value_low"], least(values))
        agrees("the highest value", one["value_high"], -least([-v for v in values]))
        places = [x for x in tops if x is not None and part[0] < x < part[1]]
        _steepest(f, one, flat, part, eps, places)


def _runs(f: Function, pieces: Sequence[Piece], eps: float) -> list[list[Piece]]:
    """The flat pieces, those together over whose common end |f'| stays below eps."""
    runs: list[list[Piece]] = []
    before: Piece | None = None
    for piece in (p for p in pieces if p.claim != "tiny"):
        if piece.claim == "zero" or (piece.claim == "between" and eps and piece.above == eps):
            if runs and runs[-1][-1] is before and _goes_on(f, runs[-1][-1], piece, eps):
                runs[-1].append(piece)
            else:
                runs.append([piece])
            before = piece
        elif piece.claim != "break":
            before = piece
    return runs


def _goes_on(f: Function, before: Piece, piece: Piece, eps: float) -> bool:
    is_break = before.high < piece.low and not before.high <= 0 <= piece.low
    here = break_between(f, before.high, piece.low) if is_break else break_at(f, piece.low)
    if here.is_jump or here.left is None or here.right is None:
        return False
    return not eps or all(bool(abs(side.d) < eps) for side in (here.left, here.right))


def _edge(
    f: Function, cover: Mapping[str, Any], pieces: Sequence[Piece], piece: Piece, side: int
) -> Edge:
    at = pieces.index(piece)
    box, beside = cover["boxes"][at], at + side
    x = piece.low if side < 0 else piece.high
    if 0 <= beside < len(pieces) and pieces[beside].claim == "break":
        b = break_between(f, pieces[beside].low, pieces[beside].high)
        sides = (b.right, b.left) if side < 0 else (b.left, b.right)
        return Edge(b.x, *sides, is_crossing=False)
    is_crossing = box["from_crossing" if side < 0 else "to_crossing"]
    outer = f.beside(x, side) if math.isfinite(x) else None
    return Edge(x, f.beside(x, -side), outer, is_crossing)


def _hardness(
    f: Function,
    cover: Mapping[str, Any],
    pieces: Sequence[Piece],
    one: Mapping[str, Any],
    flat: Flat,
    part: tuple[float, float],
) -> None:
    hard: list[tuple[float, float]] = []
    for piece in flat.run:
        if piece.claim == "zero":
            low, high = (_edge(f, cover, pieces, piece, side).x for side in (-1, 1))
            if hard and hard[-1][1] == low:
                low = hard.pop()[0]
            hard.append((low, high))
    hard = [(max(low, part[0]), min(high, part[1])) for low, high in hard]
    hard = [(low, high) for low, high in hard if low < high]
    same("hard", [(low_end(low), high_end(high)) for low, high in one["hard"]], hard)
    same("hardness", one["hardness"], "hard" if hard == [part] else "mixed" if hard else "soft")


def _kind(f: Function, one: Mapping[str, Any], flat: Flat) -> None:
    ends = [edge.x for edge in (flat.low, flat.high) if math.isinf(edge.x)]
    lines = [f.line(end) for end in ends]
    levels = [line.c for line in lines if line is not None]
    if not ends:
        turns = _way(f, flat.low, -1) * _way(f, flat.high, 1) < 0
        is_dead = any(piece.claim == "zero" for piece in flat.run) and not turns
        kind = "dead zone" if is_dead else "plateau"
    elif any(line is not None and not line.m.contains(0) for line in lines):
        kind = "leak"
    else:
        kind = "sublinear" if None in lines else "bounded"
    same("kind", one["kind"], kind)
    if kind != "bounded":
        same("the limit", one["limit"], None)
    elif one["limit"] is not None or all(level.overlaps(levels[0]) for level in levels):
        for level in levels:
            agrees("the limit", one["limit"], level)


def _way(f: Function, edge: Edge, side: int) -> int:
    """The sign of f' beyond an edge, or beyond the next double."""
    sides = edge.outer, f.beside(math.nextafter(edge.x, side * math.inf), side)
    ways = (0 if one is None else (one.d > 0) - (one.d < 0) for one in sides)
    return next((way for way in ways if way), 0)


def _steepest(
    f: Function,
    one: Mapping[str, Any],
    flat: Flat,
    part: tuple[float, float],
    eps: float,
    places: Sequence[float],
) -> None:
    """That |f'| has this supremum on a part of a range."""
    said, soft = one["max_slope"], [piece for piece in flat.run if piece.claim != "zero"]
    edges = [edge for edge in (flat.low, flat.high) if edge.x in part]
    if not soft or any(edge.is_crossing for edge in edges):
        same("the steepest slope", said, eps if soft else 0.0)
        return
    most = said * (1 + TIGHT)
    sides = [edge.inner for edge in edges]
    sides += [f.beside(x, side) for x, side in zip(part, (1, -1), strict=True)]
    sides += [f.beside(x, 1) for x in places]
    for piece in soft:
        low, high = max(piece.low, part[0]), min(piece.high, part[1])
        if low < high:
            confirm(f, arb(low), arb(high), Claim(1, -most, most))
            sides += [f.beside(low, 1), f.beside(high, -1)]
    if not any(side is not None and bool(abs(side.d) >= said * (1 - TIGHT)) for side in sides):
        raise UnconfirmedError(f"|f'| is not seen to come up to {said} on {part}")
    if not said < eps:
        raise RefutedError(f"steeper than {eps}")
