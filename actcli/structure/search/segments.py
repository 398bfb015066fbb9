"""What a search cuts a window into."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

BAND, CONSTANT, UNDEFINED_PIECE, SWITCH_PLACE, TINY, OPEN = (
    "band",
    "constant",
    "undefined",
    "switch",
    "tiny",
    "open",
)


class Segment(NamedTuple):
    """An open piece (low, high) of the window, from double to double."""

    low: float
    high: float
    kind: str
    """`band`; `constant` (the derivative is identically 0); `undefined`; `switch` (between adjacent
    doubles, where the branch changes); `tiny` (between 0 and the smallest double); `open`."""
    band: int = 0
    """How many levels lie below."""
    crosses: bool = False
    """Whether the piece ends where the derivative passes a level."""
    follows_crossing: bool = False
    """Whether it starts where the derivative passes a level."""
    jumps: bool = True
    """Of a switch: whether f is not continuous there, as far as is known."""
    place: float = math.nan
    """Of a switch: the double that is nearer to it."""
    beside: int = 0
    """Of one whose ends round to the same double: the side of that on which it lies, if known."""

    def beside_end_of(self, low: float, high: float) -> Segment:
        """It, as a part of a box: whether it is narrower than doubles and beside an end of that."""
        if self.low < self.high:
            return self
        return self._replace(beside=(self.low == low) - (self.low == high))


def joined(pieces: Sequence[Segment], breaks: set[float]) -> list[Segment]:
    """The pieces, those joined that go one way across a double at which nothing happens."""
    found: list[Segment] = []
    for piece in pieces:
        last = found[-1] if found else None
        if (
            last is not None
            and last.kind == piece.kind == BAND
            and last.band == piece.band
            and last.high == piece.low not in breaks
        ):
            beside = last.beside if last.beside == piece.beside else 0
            piece = last._replace(high=piece.high, crosses=piece.crosses, beside=beside)
            found.pop()
        found.append(piece)
    return found
