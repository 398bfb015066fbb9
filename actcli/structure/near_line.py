"""How far from an end a function stays near the line that it approaches there."""

from __future__ import annotations

import math
from typing import Any

from actcli.structure.boxes import Window
from actcli.structure.differences.less_line import LessLine
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.points.continuity import jumps
from actcli.structure.search.deciding import Deciding
from actcli.structure.search.search import Search
from actcli.structure.search.segments import BAND, CONSTANT, SWITCH_PLACE, TINY


def near_line(
    function: ProvedFunction, window: Window, side: int, eps: float, line: tuple[Any, Any]
) -> Window | None:
    """The maximal unbounded interval at one end on which |f - line| < eps."""
    distance = LessLine(function, side, *line)
    search = Search(Deciding(distance, 0, (-eps, eps), through_kinks=True), window)
    edge = None
    for piece in search.inwards(side):
        near = piece.kind == CONSTANT or (piece.kind == BAND and piece.band == 1)
        kink = piece.kind == SWITCH_PLACE and not piece.jumps
        if not (near or kink or piece.kind == TINY):
            break
        if near and edge is not None and jumps(function, edge) is not False:
            break
        edge = piece.low if side > 0 else piece.high
    if edge is None:
        return None
    edge = math.copysign(math.inf, edge) if abs(edge) == LARGEST else edge
    return (edge, math.inf) if side > 0 else (-math.inf, edge)
