"""The line cut into pieces on which a function is analytic, and what lies between them."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import NamedTuple

from actcli.formula.jets.jets import Jet
from actcli.structure.boxes import Window
from actcli.structure.function import ProvedFunction
from actcli.structure.search.search import Search
from actcli.structure.search.segments import BAND, OPEN, UNDEFINED_PIECE, Segment


class AnalyticPieces(NamedTuple):
    """A window of doubles, taken apart; together the parts fill it."""

    pieces: list[Window]
    """Inside these no branch changes, and f and f' are finite."""
    between: list[Window]
    """Adjacent doubles, between which a branch changes or f is singular."""
    undefined: list[Window]
    undecided: list[Window]


class _Deciding:
    """Goes on until f and f' are finite and of one branch."""

    def __init__(self, function: ProvedFunction) -> None:
        self.function = function
        self.by_what: Mapping[int, Jet] = {}

    def on(
        self, low: float, high: float, _holes: Collection[float], _switches: Collection[float]
    ) -> list[Segment] | None:
        jet = self.function.on(low, high)
        self.by_what = self.function.deciding
        if jet.is_nowhere_defined:
            return [Segment(low, high, UNDEFINED_PIECE)]
        if jet.marks or not all(q is None or q.is_finite() for q in (jet.value, jet.slope)):
            return None
        return [Segment(low, high, BAND)]


def analytic_pieces(function: ProvedFunction, window: Window, seconds: float) -> AnalyticPieces:
    """The analytic pieces in a window, ascending."""
    search = Search(_Deciding(function), window, more_bits=_bits_beside_1(window))
    found = AnalyticPieces([], [], [], [])
    breaks = set()
    with function.within(seconds):
        segments = search.run()
    breaks.update(search.switches)
    for segment in segments:
        part = (segment.low, segment.high)
        if segment.kind == BAND:
            goes_on = found.pieces and found.pieces[-1][1] == segment.low
            if goes_on and segment.low not in breaks:
                part = found.pieces.pop()[0], segment.high
            found.pieces.append(part)
        elif segment.kind == UNDEFINED_PIECE:
            found.undefined.append(part)
        elif segment.kind == OPEN:
            found.undecided.append(part)
        else:
            found.between.append(part)
    return found


def _bits_beside_1(window: Window) -> int:
    """With so many more 1 is told from 1 + x, and from 1 + x*x as in a cosine."""
    size = max(map(abs, window))
    return max(0, -2 * math.frexp(size)[1]) if size else 0
