"""How far in from an end a function keeps near to the line that it approaches there."""

from __future__ import annotations

import math

from actcli.structure.boxes import Window, outwards
from actcli.structure.differences.less_line import LessLine
from actcli.structure.points.continuity import jumps
from actcli.structure.search.deciding import Deciding
from actcli.structure.search.search import Search
from actcli.structure.search.segments import BAND, CONSTANT, SWITCH_PLACE, TINY


def within_eps(distance: LessLine, side: int, eps: float, window: Window) -> Window | None:
    """The maximal unbounded interval at one end on which |f - line| < eps; None if there is none.

    Args:
        distance: f less the line.
        side: -1 or 1, of the end.
        eps: how near.
        window: where it is looked, from double to double.
    """
    search = Search(Deciding(distance, 0, (-eps, eps), through_kinks=True), window)
    edge = None
    for piece in search.inwards(side):
        near = piece.kind == CONSTANT or (piece.kind == BAND and piece.band == 1)
        kink = piece.kind == SWITCH_PLACE and not piece.jumps
        if not (near or kink or piece.kind == TINY):
            break
        if near and edge is not None and jumps(distance, edge) is not False:
            break
        edge = piece.low if side > 0 else piece.high
    if edge is None:
        return None
    return (outwards(edge), math.inf) if side > 0 else (-math.inf, outwards(edge))
