"""Decision regions as a figure."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.charts.figure_style import WIDTH, Theme
from actcli.charts.model import Regions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FINE = 400
"""Pixels of a region along each axis."""

ACROSS = 2
"""Panels of a row."""

SHARES = (0.15, 0.4)
"""What a region has of its class's colour: neighbours differ in grey too."""


def draw_regions(regions: Regions, figure: Figure, theme: Theme) -> None:
    """Draw a panel for each map: regions in pale colours, points in strong ones."""
    from matplotlib.colors import ListedColormap, to_rgb

    count, classes = len(regions.panels), len(regions.classes)
    across = min(count, ACROSS)
    down = ceil(count / across)
    figure.set_size_inches(WIDTH, (WIDTH / across + 0.1) * down + 0.2)
    layout: Any = figure.get_layout_engine()
    layout.set(w_pad=0.06, h_pad=0.05)
    strong = [theme.color(number) for number in range(classes)]
    ground = np.array(to_rgb(theme.ground))
    pale = [
        ground + SHARES[number % 2] * (np.array(to_rgb(color)) - ground)
        for number, color in enumerate(strong)
    ]
    (left, right), (bottom, top) = regions.x_range, regions.y_range
    x, y = (
        low + (np.arange(FINE) + 0.5) / FINE * (high - low)
        for low, high in ((left, right), (bottom, top))
    )
    centres = np.column_stack([np.tile(x, FINE), np.repeat(y, FINE)])
    planes = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True).flat
    for panel, plane in zip(regions.panels, planes, strict=False):
        area = panel.classify(centres).reshape(FINE, FINE)
        plane.imshow(
            area,
            cmap=ListedColormap(pale),
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
                markersize=2.5,
                markerfacecolor=strong[label] if label % 2 else theme.ground,
                markeredgewidth=0.5,
                label=name,
            )
        plane.set(box_aspect=1, title=panel.title, xlim=(left, right), ylim=(bottom, top))
    for plane in planes[count:]:
        plane.set_visible(False)
    for plane in planes[max(0, count - across) : count]:
        plane.set_xlabel(regions.x_label)
        plane.tick_params(labelbottom=True)
    for plane in planes[:count:across]:
        plane.set_ylabel(regions.y_label)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=6)
