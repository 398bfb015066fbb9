"""How the curves of a chart are told apart: colour, characters, dashes and letters.

The picture is the same with and without colour: dashes tell a derivative from its function, letters
tell one function from another, and in ASCII every curve has a character of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from actcli.charts.model import Chart, Curve
from actcli.charts.screen import Charset
from actcli.numeric.late import np

COLORS = (12, 1, 2, 5, 6, 3)
"""Colours of the terminal's own theme that can be read on black and on white."""

GREY = 8

DASH = (1.5, 1.5)
"""Ink and gap of a dashed line, in columns."""

CELLS = {"braille": ("braille", (2, 4)), "block": ("hd", (2, 2))}
"""What plotext calls the set, and the dots of one of its cells."""

STROKES = {"braille": "\N{BRAILLE PATTERN DOTS-25}", "block": "\N{UPPER HALF BLOCK}"}

POINT = "\N{BLACK CIRCLE}"

PRIMARY = "*ox#%@&s" + ascii_uppercase
SECONDARY = ".'~=,;^z" + ascii_lowercase
"""The characters of the series in ASCII; none of them is part of the frame."""

PLAIN_FRAME = str.maketrans("─│┌┐└┘├┤┬┴┼┈┊░", "-|+++++++++-::")


@dataclass(frozen=True)
class Ink:
    """How one curve is drawn."""

    marker: str
    """One character, or the name of a set whose cells hold several dots: braille, hd."""
    dots: tuple[int, int]
    """Dots of a cell, across and down."""
    color: int
    dash: tuple[float, float] | None
    tag: str
    """The letter on the curve; empty where nothing else could be meant."""
    sample: str
    """What the curve looks like, for the key."""

    @property
    def point(self) -> str:
        """One character for a point that no line joins to another."""
        return self.tag or (self.marker if len(self.marker) == 1 else POINT)


def is_scattered(curve: Curve) -> bool:
    """Whether no two points of a curve are joined."""
    there = np.isfinite(curve.y)
    return bool(there.any()) and not (there[:-1] & there[1:]).any()


def inks(chart: Chart, charset: Charset) -> Sequence[Ink]:
    """An ink for every curve of the chart."""
    several = len({curve.series for curve in chart.curves}) > 1
    made = []
    for curve in chart.curves:
        color = COLORS[(curve.series + (curve.secondary and not several)) % len(COLORS)]
        if charset == "ascii":
            letters = SECONDARY if curve.secondary else PRIMARY
            marker = letters[curve.series % len(letters)]
            made.append(
                Ink(marker=marker, dots=(1, 1), color=color, dash=None, tag="", sample=marker * 3)
            )
        else:
            tag = ascii_uppercase[curve.series % 26] if several else ""
            stroke = STROKES[charset]
            middle = tag.lower() if curve.secondary else tag
            middle = middle or (" " if curve.secondary else stroke)
            sample = middle.join((stroke, stroke))
            if is_scattered(curve):
                sample = f" {tag or POINT} "
            dash = DASH if curve.secondary else None
            marker, dots = CELLS[charset]
            letter = tag.lower() if curve.secondary else tag
            made.append(
                Ink(marker=marker, dots=dots, color=color, dash=dash, tag=letter, sample=sample)
            )
    return made
