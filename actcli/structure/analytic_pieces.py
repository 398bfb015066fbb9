"""The line cut into pieces on which a function is analytic, and what lies between them."""

from __future__ import annotations

from typing import NamedTuple

from actcli.expression.germ_ring import GermRing
from actcli.expression.jets import Jet
from actcli.structure.boxes import Window
from actcli.structure.function import ProvedFunction
from actcli.structure.one_switch import switch_in
from actcli.structure.search import (
    BAND,
    CONSTANT,
    OPEN,
    SWITCH_PLACE,
    UNDEFINED_PIECE,
    Search,
    Segment,
)

_NARROW = 0.25
"""How narrow, relative to where it is, a box is that is asked whether it holds one switch alone."""


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

    def _decide(self, low: float, high: float) -> list[Segment] | None:
        decided = super()._decide(low, high)
        if decided is None and 0 < high - low < _NARROW * max(abs(low), abs(high)):
            return self._at_one_switch(low, high)
        return decided

    def _at_one_switch(self, low: float, high: float) -> list[Segment] | None:
        """A narrow box cut where the choices change, if that leaves two analytic pieces."""
        cut = switch_in(self.function, low, high)
        if cut is None:
            return None
        pieces = [Segment(*part, BAND) for part in ((low, cut[0]), (cut[1], high))]
        if cut[0] < cut[1]:
            return [*pieces, Segment(*cut, SWITCH_PLACE)]
        self.switches.append(cut[0])
        return pieces

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
