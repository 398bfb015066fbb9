"""Decision regions in the characters of a terminal.

In colour a character is two pixels, one above the other, and a point is a pixel in the strong
shade of its class. Without colour a point is a capital letter, a region dots or small letters.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from actcli.charts.model import Panel, Regions
from actcli.charts.screen import Screen
from actcli.errors import UsageError

Pixels = NDArray[np.int64]

STRONG = (33, 208, 35, 205, 226, 51)
PALE = (153, 223, 157, 225, 230, 195)
"""Colours of the 256 of a terminal, a pair for a class: of its points and of its region."""

GROUND = "." + ascii_lowercase[1:]
"""What a class's region is made of without colour: dots tell the first from the others at once."""

SMALLEST = (16, 6)
"""Columns and lines of a panel below which nothing can be seen."""

BEST_WIDTH = 24
"""Columns that a panel of several should have."""

GAP = 2

RESET = "\x1b[0m"


def draw_regions(regions: Regions, screen: Screen) -> str:
    """The panels in rows, at most the screen's width and height, and the key below.

    Raises:
        UsageError: there is no room for the panels.
    """
    width, height = screen.width, screen.height
    count = len(regions.panels)
    across = min(count, max(1, (width + GAP) // (BEST_WIDTH + GAP)))
    down = -(-count // across)
    columns = (width - GAP * (across - 1)) // across
    lines = min((height - 1) // down - 2, columns // 2)
    columns = min(columns, max(2 * lines + 2, SMALLEST[0]), width)
    if columns < SMALLEST[0] or lines < SMALLEST[1]:
        raise UsageError(
            f"{count} maps of regions need more room than {width} columns and {height} lines: "
            "widen the terminal, or give --width and --height"
        )
    text = []
    for start in range(0, count, across):
        panels = [
            _panel(regions, panel, columns, lines, screen.color)
            for panel in regions.panels[start : start + across]
        ]
        text += [(" " * GAP).join(parts).rstrip() for parts in zip(*panels, strict=True)]
    return "\n".join([*text, _key(regions, screen.color)]) + "\n"


def _panel(regions: Regions, panel: Panel, columns: int, lines: int, color: bool) -> list[str]:
    """A title and the map, every line as wide as the panel."""
    title = panel.title if len(panel.title) <= columns else f"{panel.title[: columns - 3]}..."
    pixels = 2 * lines if color else lines
    area, points = _map(regions, panel, columns, pixels)
    head = title.center(columns)
    if not color:
        ground, letters = np.array(list(GROUND)), np.array(list(ascii_uppercase))
        drawn = np.where(points >= 0, letters[points % len(letters)], ground[area % len(ground)])
        return [head, *("".join(row) for row in drawn.tolist())]
    shades = np.where(
        points >= 0,
        np.array(STRONG)[points % len(STRONG)],
        np.array(PALE)[area % len(PALE)],
    )
    return [head, *(_half_blocks(shades[row], shades[row + 1]) for row in range(0, pixels, 2))]


def _map(regions: Regions, panel: Panel, columns: int, rows: int) -> tuple[Pixels, Pixels]:
    """The class of every pixel's centre, and that of a point in it, -1 where there is none.

    Row 0 is the top. Of several points in a pixel one that lies in another class's region shows.
    """
    (left, right), (bottom, top) = regions.x_range, regions.y_range
    x = left + (np.arange(columns) + 0.5) / columns * (right - left)
    y = top - (np.arange(rows) + 0.5) / rows * (top - bottom)
    centres = np.column_stack([np.tile(x, rows), np.repeat(y, columns)])
    area = panel.classify(centres).reshape(rows, columns)
    points = np.full((rows, columns), -1)
    order = np.argsort(panel.classify(regions.points) != regions.labels, kind="stable")
    for at, label in zip(regions.points[order], regions.labels[order], strict=True):
        column = int((at[0] - left) / (right - left) * columns)
        row = int((top - at[1]) / (top - bottom) * rows)
        points[min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)] = label
    return area, points


def _half_blocks(upper: Pixels, lower: Pixels) -> str:
    """A line of two rows of pixels: colours are set where they change."""
    said, last = [], (-1, -1)
    for pair in zip(upper.tolist(), lower.tolist(), strict=True):
        if pair != last:
            said.append(f"\x1b[38;5;{pair[0]};48;5;{pair[1]}m")
            last = pair
        said.append("\N{UPPER HALF BLOCK}")
    return "".join(said) + RESET


def _key(regions: Regions, color: bool) -> str:
    """What stands for which class."""
    said = []
    for number, name in enumerate(regions.classes[:12]):
        if color:
            mark = (
                f"\x1b[38;5;{STRONG[number % len(STRONG)]}m\N{BLACK SQUARE}{RESET}"
                f"\x1b[48;5;{PALE[number % len(PALE)]}m  {RESET}"
            )
        else:
            mark = f"{ascii_uppercase[number]} point, {GROUND[number]} region:"
        said.append(f"{mark} {name}")
    return "   ".join(said)
