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
            piece = last._replace(high=piece.high, crosses=piece.crosses)
            found.pop()
        found.append(piece)
    return found
