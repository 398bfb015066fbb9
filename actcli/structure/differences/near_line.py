"""How far in from an end a function keeps near to the line that it approaches there."""

from __future__ import annotations

import math
from typing import NamedTuple

from flint import arb, ctx

from actcli.structure.boxes import Window, outwards
from actcli.structure.differences.less_line import LessLine
from actcli.structure.points.continuity import jumps
from actcli.structure.points.places import between
from actcli.structure.search.crossing import crossing
from actcli.structure.search.deciding import Deciding
from actcli.structure.search.search import BITS, Search
from actcli.structure.search.segments import BAND, CONSTANT, OPEN, SWITCH_PLACE, TINY, Segment


class NearLine(NamedTuple):
    """How far in from an end f keeps near to its line."""

    window: Window | None
    """The maximal unbounded interval at that end on which |f - line| < eps; None if there is none,
    or none that is proved."""
    undecided: Window | None
    """Where it was not found out whether the interval goes on."""


def within_eps(
    distance: LessLine, side: int, eps: float, window: Window, tail: Segment | None = None
) -> NearLine:
    """The maximal unbounded interval at one end on which |f - line| < eps.

    Args:
        distance: f less the line.
        side: -1 or 1, of the end.
        eps: how near.
        window: where it is looked, from double to double.
        tail: the part of it at that end, if f, and the distance, are monotone there.
    """
    bits = max(0, -math.frexp(eps)[1])  # what f and its line have in common cancels
    if tail is not None and tail.kind == BAND and (tail.low, tail.high)[side > 0] in window:
        with ctx.workprec(BITS + bits):
            edge = _on_tail(distance, side, eps, tail)
        if edge is not None:
            return NearLine(_from(edge, side), None)
    deciding = Deciding(distance, 0, (-eps, eps), through_kinks=True)
    search = Search(deciding, window, more_bits=bits)
    edge = undecided = None
    for piece in search.inwards(side):
        near = piece.kind == CONSTANT or (piece.kind == BAND and piece.band == 1)
        kink = piece.kind == SWITCH_PLACE and not piece.jumps
        if not (near or kink or piece.kind == TINY):
            undecided = (piece.low, piece.high) if _is_open(distance, piece) else None
            if edge is not None and undecided is None and piece.kind == SWITCH_PLACE:
                edge = piece.place
            break
        if near and edge is not None and (jump := jumps(distance, edge)) is not False:
            undecided = (piece.low, piece.high) if jump is None else None
            break
        edge = piece.low if side > 0 else piece.high
    if edge is None:
        return NearLine(None, undecided)
    return NearLine(_from(edge, side), undecided)


def _is_open(distance: LessLine, piece: Segment) -> bool:
    """Whether it is not known if f keeps near to the line on a piece."""
    may_jump = piece.kind == SWITCH_PLACE and between(distance, piece.low, piece.high) is None
    return piece.kind == OPEN or may_jump


def _from(edge: float, side: int) -> Window:
    return (outwards(edge), math.inf) if side > 0 else (-math.inf, outwards(edge))


def _on_tail(distance: LessLine, side: int, eps: float, tail: Segment) -> float | None:
    """Where the distance, monotone and going to 0 on a tail, passes eps; None if not there."""
    inner, outer = (tail.low, tail.high)[::side]
    far, near = distance.limit(inner, side), distance.limit(outer, -side)
    if far is None or near is None or not (near.magnitude < eps and abs(far.ball) > eps):
        return None
    level = arb(eps if far.ball > 0 else -eps)
    return crossing(distance, 0, level, (tail.low, tail.high), rising=tail.band == 1)
