"""How all figures look: a column of a paper wide, on a light or a dark ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actcli.charts.screen import ThemeName

WIDTH = 8.5 / 2.54
"""Inches of a column of a paper; a figure is printed as large as it is, so text keeps its size."""

HEIGHT = 2.2
"""Inches of a chart without the parts that are under it."""

KEY_SIZE = 7.5
"""Points of the letters of a key."""

DASHED: Any = (0, (4, 2))
"""The derivative of the only function."""

STROKES: Any = (
    "solid",
    (0, (5, 1.5)),
    (0, (1, 1)),
    (0, (6, 1.5, 1, 1.5)),
    (0, (2.5, 1.5)),
    (0, (6, 1.5, 1, 1.5, 1, 1.5)),
)
"""What tells series apart in grey; as there are seven colours, 42 series differ."""

STYLE: dict[str, Any] = {
    "svg.hashsalt": "actcli",
    "pdf.fonttype": 42,
    "text.parse_math": False,
    "axes.unicode_minus": False,
    "path.simplify": False,
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": KEY_SIZE,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.axisbelow": True,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "grid.linewidth": 0.5,
    "lines.solid_joinstyle": "miter",
    "figure.constrained_layout.h_pad": 0.03,
    "figure.constrained_layout.w_pad": 0.03,
}


@dataclass(frozen=True)
class Theme:
    """The colours of a figure; its series' have a contrast of at least 3 on its ground."""

    ground: str
    ink: str
    """Text and axes."""
    grid: str
    zero: str
    """The lines through zero."""
    colors: tuple[str, ...]
    """After Okabe and Ito: told apart by the colour-blind, neighbours by their lightness too."""

    @property
    def rc(self) -> Any:
        """What matplotlib is to be set to."""
        inked = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")
        grounds = ("figure.facecolor", "axes.facecolor", "savefig.facecolor")
        return {
            **STYLE,
            **dict.fromkeys(inked, self.ink),
            **dict.fromkeys(grounds, self.ground),
            "grid.color": self.grid,
        }

    def color(self, number: int) -> str:
        """The colour of a series or class."""
        return self.colors[number % len(self.colors)]


THEMES: dict[ThemeName, Theme] = {
    "light": Theme(
        ground="#ffffff",
        ink="#262626",
        grid="#e6e6e6",
        zero="#b0b0b0",
        colors=("#0072b2", "#d55e00", "#007f5c", "#b5508e", "#a87400", "#3c8ec4", "#000000"),
    ),
    "dark": Theme(
        ground="#0d1117",
        ink="#d6dce2",
        grid="#242b33",
        zero="#59636e",
        colors=("#56b4e9", "#f0883e", "#2fc794", "#e093c1", "#f2cc60", "#4d8fdb", "#ffffff"),
    ),
}
