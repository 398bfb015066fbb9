"""What could not be proved: where, and what about it."""

from __future__ import annotations

from typing import NamedTuple


class Undecided(NamedTuple):
    """A part of the line, or a number, of which something is not proved."""

    low: float
    high: float
    why: str
    """What is not known there."""
