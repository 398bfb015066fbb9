"""The line cut into pieces on which a function is analytic, and what lies between them."""

from __future__ import annotations

from typing import NamedTuple

from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.jets import Jet
from actcli.structure.boxes import Window
from actcli.structure.function import ProvedFunction
from actcli.structure.search.search import BAND, CONSTANT, OPEN, UNDEFINED_PIECE, Search, Segment


class AnalyticPieces(NamedTuple):
    """A window of doubles, taken apart; together the parts fill it."""

    pieces: list[Window]
    """Inside these no branch changes, and f and f' are finite."""
    between: list[Window]
    """Adjacent doubles, between which a branch changes or f is singular."""
    undefined: list[Window]
    undecided: list[Window]


class _Cutting(Search):
    """A search that goes on until f and f' are finite and of one branch."""

    def _judged(self, jet: Jet, low: float, high: float) -> list[Segment] | None:
        finite = jet.value.is_finite() and (jet.slope is None or jet.slope.is_finite())
        return [Segment(low, high, BAND)] if finite and not jet.marks else None

    def _by_taylor(self, low: float, high: float) -> None:
        return None

    def _by_germ(self, ring: GermRing, low: float, high: float) -> None:
        return None


def analytic_pieces(function: ProvedFunction, window: Window, seconds: float) -> AnalyticPieces:
    """The analytic pieces in a window, ascending."""
    search = _Cutting(function, 1, (0.0,), window=window, seconds=seconds)
    found = AnalyticPieces([], [], [], [])
    breaks = set()
    segments = search.run()
    breaks.update(search.switches)
    for segment in segments:
        part = (segment.low, segment.high)
        if segment.kind in (BAND, CONSTANT):
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
