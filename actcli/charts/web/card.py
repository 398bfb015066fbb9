"""What a page shows of one function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from actcli.charts.model import Chart


class Card(NamedTuple):
    """Texts for a person, and a picture."""

    name: str
    family: str
    aliases: Sequence[str]
    summary: str
    formulas: Sequence[tuple[str, str]]
    """f and f', each with its name."""
    facts: Sequence[tuple[str, str]]
    words: Sequence[str]
    """Facts in a word or two each."""
    calls: Sequence[tuple[str, Sequence[str]]]
    """The code that is this function, by framework."""
    reference: str
    chart: Chart
