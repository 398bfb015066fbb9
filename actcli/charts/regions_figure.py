"""Decision regions as a figure."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from actcli.charts.model import Regions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FINE = 400
"""Pixels of a region along each axis."""

ACROSS = 3
"""Panels of a row."""

SIDE = 3.0
"""Inches of a panel."""


def draw_regions(regions: Regions, figure: Figure, colors: Sequence[str]) -> None:
    """Draw a panel for each map: regions in pale colours, points in strong ones."""
    from matplotlib.colors import ListedColormap, to_rgb

    count, classes = len(regions.panels), len(regions.classes)
    across = min(count, ACROSS)
    down = ceil(count / across)
    figure.set_size_inches(max(SIDE * across, 4.0), SIDE * down + 0.5)
    strong = [colors[number % len(colors)] for number in range(classes)]
    pale = ListedColormap([tuple(0.7 + 0.3 * c for c in to_rgb(color)) for color in strong])
    (left, right), (bottom, top) = regions.x_range, regions.y_range
    x, y = (
        low + (np.arange(FINE) + 0.5) / FINE * (high - low)
        for low, high in ((left, right), (bottom, top))
    )
    centres = np.column_stack([np.tile(x, FINE), np.repeat(y, FINE)])
    for number, panel in enumerate(regions.panels, 1):
        plane = figure.add_subplot(down, across, number)
        area = panel.classify(centres).reshape(FINE, FINE)
        plane.imshow(
            area,
            cmap=pale,
            vmin=-0.5,
            vmax=classes - 0.5,
            origin="lower",
            extent=(left, right, bottom, top),
            aspect="auto",
            interpolation="nearest",
        )
        for label, name in enumerate(regions.classes):
            at = regions.points[regions.labels == label]
            plane.plot(
                *at.T,
                "os^Dv*"[label % 6],
                color=strong[label],
                markersize=3,
                markeredgecolor="white",
                markeredgewidth=0.4,
                label=name,
            )
        plane.set(
            title=panel.title,
            xlim=(left, right),
            ylim=(bottom, top),
            xlabel=regions.x_label,
            ylabel=regions.y_label if number % across == 1 or across == 1 else "",
        )
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=6, frameon=False)
