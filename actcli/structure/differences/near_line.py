"""How far in from an end a function keeps near to the line that it approaches there."""

from __future__ import annotations

import math
from typing import NamedTuple

from actcli.structure.boxes import Window, outwards
from actcli.structure.differences.less_line import LessLine
from actcli.structure.points.continuity import jumps
from actcli.structure.search.deciding import Deciding
from actcli.structure.search.search import Search
from actcli.structure.search.segments import BAND, CONSTANT, OPEN, SWITCH_PLACE, TINY


class NearLine(NamedTuple):
    """How far in from an end f keeps near to its line."""

    window: Window | None
    """The maximal unbounded interval at that end on which |f - line| < eps; None if there is none,
    or none that is proved."""
    undecided: Window | None
    """Where it was not found out whether the interval goes on."""


def within_eps(distance: LessLine, side: int, eps: float, window: Window) -> NearLine:
    """The maximal unbounded interval at one end on which |f - line| < eps.

    Args:
        distance: f less the line.
        side: -1 or 1, of the end.
        eps: how near.
        window: where it is looked, from double to double.
    """
    bits = max(0, -math.frexp(eps)[1])  # what f and its line have in common cancels
    deciding = Deciding(distance, 0, (-eps, eps), through_kinks=True)
    search = Search(deciding, window, more_bits=bits)
    edge = undecided = None
    for piece in search.inwards(side):
        near = piece.kind == CONSTANT or (piece.kind == BAND and piece.band == 1)
        kink = piece.kind == SWITCH_PLACE and not piece.jumps
        if not (near or kink or piece.kind == TINY):
            undecided = (piece.low, piece.high) if piece.kind == OPEN else None
            break
        if near and edge is not None and jumps(distance, edge) is not False:
            break
        edge = piece.low if side > 0 else piece.high
    if edge is None:
        return NearLine(None, undecided)
    near_line = (outwards(edge), math.inf) if side > 0 else (-math.inf, outwards(edge))
    return NearLine(near_line, undecided)
