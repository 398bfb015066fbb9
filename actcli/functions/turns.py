"""Where a function rises, falls and turns, from its monotone pieces and its branch points."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from flint import ctx

from actcli.functions.kinks import Kink
from actcli.structure.asymptotes import is_told, nearest
from actcli.structure.out_of_time import otherwise
from actcli.structure.points.branch_point import REMOVABLE
from actcli.structure.points.turn import at_turn
from actcli.structure.search.segments import BAND, CONSTANT, OPEN, UNDEFINED_PIECE, Segment
from actcli.structure.structure import PRECISE, Structure
from actcli.structure.symmetries.beyond import is_decided
from actcli.structure.symmetries.composition import way_of


class Extremum(NamedTuple):
    """An isolated local minimum or maximum."""

    x: float
    """Where it is: the double nearest to it."""
    value: float
    """f there; null where the double nearest to it is not decided."""
    kind: str
    """`minimum` or `maximum`."""


def monotone(structure: Structure, jumps: Sequence[Kink]) -> str | None:
    """The way that f goes, jumps and what is beyond its window included; None: not decided."""
    ways = {way for piece in structure.pieces if (way := _way(piece)) is not None}
    for jump in jumps:
        ways |= _ways_of(jump)
    if {1, -1} <= ways:
        return "no"
    for part in structure.beyond:
        ways |= part.ways or set()
    if {1, -1} <= ways:
        return "no"
    is_known = all(part.ways is not None for part in structure.beyond)
    if not (is_known and is_decided(structure.beyond, structure.branches)):
        whole = way_of(structure.function)
        if whole.way not in ways or (0 not in ways and not whole.is_strict):
            return None
    for way, strict, weak in (
        (1, "strictly increasing", "nondecreasing"),
        (-1, "strictly decreasing", "nonincreasing"),
    ):
        if way in ways:
            return weak if 0 in ways else strict
    return "constant"


def _way(piece: Segment) -> int | None:
    """1 where f rises, -1 where it falls, 0 where it is constant."""
    if piece.kind == CONSTANT:
        return 0
    return (1 if piece.band else -1) if piece.kind == BAND else None


def _ways_of(jump: Kink) -> set[int]:
    """The ways that f goes across a jump."""
    levels = (jump.value_left, jump.value, jump.value_right)
    ways = {_compared(a, b) for a, b in pairwise(levels) if not math.isnan(a + b)}
    return (ways | {_compared(jump.value_left, jump.value_right)}) - {0}


def _compared(a: float, b: float) -> int:
    return (b > a) - (b < a)


def extrema(structure: Structure, jumps: Sequence[Kink]) -> Iterator[Extremum]:
    """Where f stands out on both sides."""
    at = {jump.x: jump for jump in jumps}
    places = {
        point.x: point.left if point.kind == REMOVABLE and point.value is None else point.value
        for point in structure.branches.points
    }
    for before, after in _neighbours(structure.pieces):
        left, right = _way(before), _way(after)
        if left is None or right is None or _is_parted(before, after):
            continue
        x = before.high if before.high in places else after.low
        exact = places.get(x)
        turns = before.crosses and after.follows_crossing
        value: float | None
        if turns:
            value = _at_turn(structure, before, after)
        elif x in at:
            value = at[x].value
        else:
            value = structure.limit(x, 1) if exact is None else nearest(exact.ball)
        if value is not None and not math.isfinite(value):
            continue
        left, right = left, -right
        if x in at and not turns and value is not None:
            left = _compared(at[x].value_left, value) or left
            right = _compared(at[x].value_right, value) or right
        if left == right != 0:
            kind = "maximum" if left > 0 else "minimum"
            yield Extremum(x, math.nan if value is None else value, kind)


@otherwise(math.nan)
def _at_turn(structure: Structure, before: Segment, after: Segment) -> float | None:
    """The value where f turns between two pieces; None if not known."""
    piece, side = (before, -1) if before.low == before.high else (after, 1)
    with ctx.workprec(PRECISE):
        turn = at_turn(structure.function, piece, side)
        return nearest(turn) if turn is not None and is_told(turn) else None


def _neighbours(pieces: Sequence[Segment]) -> Iterator[tuple[Segment, Segment]]:
    """Pieces beside each other, what is between adjacent doubles left out."""
    kinds = (BAND, CONSTANT, OPEN, UNDEFINED_PIECE)
    return pairwise(piece for piece in pieces if piece.kind in kinds)


def _is_parted(before: Segment, after: Segment) -> bool:
    """Whether more than a number lies between two pieces."""
    gap = math.nextafter(before.high, math.inf)
    return after.low > gap and not before.high <= 0 <= after.low
