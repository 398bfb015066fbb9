"""A chart as a figure for a paper or a lecture: SVG, PDF or PNG, through matplotlib."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from textwrap import fill
from types import ModuleType
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from actcli.charts.axis import axes, runs
from actcli.charts.figure_style import DASHED, HEIGHT, KEY_SIZE, STROKES, THEMES, WIDTH, Theme
from actcli.charts.model import Chart, Curve, Regions
from actcli.charts.screen import ThemeName
from actcli.charts.ticks import ticks
from actcli.errors import MissingExtraError
from actcli.numeric.arrays import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None},
    "png": {},
}
"""No dates: the same chart is the same bytes."""

ROW = 0.075
"""Inches of a row of the strip under a chart."""

LINE = 0.16
"""Inches of a line of the key."""

CROWD = 100
"""So many points lie under the lines, for over them they would hide them."""

MOST_NAMED = 24
"""Curves of a key; of more the others are counted."""


def save(
    chart: Chart | Regions,
    file: str | BinaryIO,
    format: str,  # noqa: A002
    theme: ThemeName = "light",
) -> None:
    """Write the chart as `svg`, `pdf` or `png`.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        mpl = _matplotlib()
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("a figure", "figures") from None
    look = THEMES[theme]
    with mpl.rc_context({**mpl.rcParamsDefault, **look.rc}):
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
        if isinstance(chart, Regions):
            from actcli.charts.regions_figure import draw_regions

            draw_regions(chart, figure, look)
        else:
            _Drawing(chart, figure, look).draw()
        figure.savefig(file, format=format, dpi=300, metadata=METADATA[format])


def _matplotlib() -> ModuleType:
    """matplotlib, whatever MPLBACKEND asks for: it fails to be imported with one it has not."""
    if "matplotlib" in sys.modules:
        return sys.modules["matplotlib"]
    backend = os.environ.pop("MPLBACKEND", None)
    mpl = import_module("matplotlib")
    if backend is not None:
        os.environ["MPLBACKEND"] = backend
        with suppress(ValueError):
            mpl.rcParams["backend"] = backend
    return mpl


class _Drawing:
    """The chart in the unit square, so that no number is too large or too small to be drawn."""

    def __init__(self, chart: Chart, figure: Figure, theme: Theme) -> None:
        self.chart, self.figure, self.theme = chart, figure, theme
        self.x, self.y = axes(chart)
        self.series = list(dict.fromkeys(curve.series for curve in chart.curves))
        self.several = len(self.series) > 1

    def draw(self) -> None:
        """The curves, under them the strip of what is shaded, and the key."""
        under = ROW * (len(self.series) + 1) if self.chart.shades else 0.0
        self.figure.set_size_inches(WIDTH, HEIGHT + under)
        ratios: Any = {"height_ratios": [HEIGHT, under]} if under else {}
        planes = self.figure.subplots(1 + bool(under), squeeze=False, sharex=True, **ratios)[:, 0]
        self._plane(planes[0])
        if under:
            self._strip(planes[1])
        planes[-1].set_xlabel(_fitted(self.chart.x_label, WIDTH - 0.8))
        self._key(planes[0])

    def _plane(self, plane: Axes) -> None:
        """The axes at the left and below, and the curves."""
        plane.set(xlim=(0, 1), ylim=(0, 1), ylabel=_fitted(self.chart.y_label, HEIGHT - 0.5))
        plane.set_title(_wrapped(self.chart.title, WIDTH - 0.8))
        plane.grid(visible=True)
        for ruler, axis, most in ((plane.xaxis, self.x, 8), (plane.yaxis, self.y, 7)):
            marks = ticks(axis.low, axis.high, most, axis.log)
            ruler.set_ticks([float(axis.place(t.at)) for t in marks], [t.text for t in marks])
        for line, axis in ((plane.axvline, self.x), (plane.axhline, self.y)):
            if not axis.log and axis.low < 0 < axis.high:
                line(float(axis.place(0.0)), color=self.theme.zero, linewidth=0.7, zorder=1)
        for curve in self.chart.curves:
            self._curve(plane, curve)
        for shade in () if self.several else self.chart.shades:
            for edge in (shade.low, shade.high):
                if self.x.low < edge < self.x.high:
                    at = float(self.x.place(edge))
                    plane.axvline(at, color=self.theme.ink, linewidth=0.7, linestyle=":")

    def _strip(self, plane: Axes) -> None:
        """A row for each series in the order of the key: thick where it is shaded, else thin."""
        plane.set_ylim(len(self.series) - 0.4, -0.6)
        plane.set_title(self.chart.shades[0].label, loc="left", fontsize=7, pad=2)
        plane.set_yticks([])
        plane.spines["left"].set_visible(False)
        plane.grid(visible=True, axis="x")
        for row, series in enumerate(self.series):
            color, stroke = self.theme.color(series), STROKES[series % len(STROKES)]
            plane.plot([0, 1], [row, row], color=color, linestyle=stroke, linewidth=0.8)
            for shade in self.chart.shades:
                low, high = max(shade.low, self.x.low), min(shade.high, self.x.high)
                if shade.series == series and low < high:
                    left, right = (float(self.x.place(end)) for end in (low, high))
                    plane.barh(row, right - left, 0.7, left, color=color, ec=color, linewidth=0.6)

    def _curve(self, plane: Axes, curve: Curve) -> None:
        """The parts of a curve that are in sight, and its marks."""
        parts = runs(self.x.place(curve.x), self.y.place(curve.y))
        lines, dots = (
            [part for part in parts if (part[0].size > 1) is long] for long in (True, False)
        )
        color = self.theme.color(curve.series + (curve.secondary and not self.several))
        alone = DASHED if curve.secondary else "solid"
        if lines or not dots:
            plane.plot(
                *_interrupted(lines),
                color=color,
                linestyle=STROKES[curve.series % len(STROKES)] if self.several else alone,
                linewidth=0.7 if curve.secondary and self.several else 1.3,
                label=curve.label,
                zorder=2.1 if curve.secondary else 2.2,
            )
        if dots:
            label = "" if lines else curve.label
            plane.plot(
                *_interrupted(dots),
                ".",
                color=color,
                markersize=3,
                label=label,
                zorder=2.25 if len(dots) < CROWD else 2.0,
                clip_on=False,
            )
        for at, height in curve.marks:
            if self.x.covers(at) and self.y.covers(height):
                place = [float(self.x.place(at))], [float(self.y.place(height))]
                plane.plot(*place, "o", color=color, markersize=3, zorder=2.3, clip_on=False)

    def _key(self, plane: Axes) -> None:
        """The key: a row above the curves where it has room, else a column beside or under them."""
        from matplotlib.lines import Line2D

        handles, names = plane.get_legend_handles_labels()
        if not self.chart.curves:
            return
        if len(names) > MOST_NAMED:
            more = f"and {len(names) - MOST_NAMED + 1} more"
            handles = [*handles[: MOST_NAMED - 1], Line2D([], [], linestyle="none")]
            names = [*names[: MOST_NAMED - 1], more]
        names = [_fitted(name, WIDTH - 0.6) for name in names]
        widths = [0.5 + _width(name) for name in names]
        place: Any
        if sum(widths) < WIDTH - 0.3:
            place, columns, lines = "outside upper center", len(names), 1
        elif max(widths) < 0.4 * WIDTH:
            place, columns, lines = "outside right upper", 1, 0
        else:
            place, columns, lines = "outside lower left", 1, len(names)
        self.figure.legend(handles, names, loc=place, ncols=columns)
        height = self.figure.get_figheight() + LINE * lines
        beside = 0 if lines else LINE * (len(names) + 1)
        self.figure.set_figheight(max(height, beside))


def _width(text: str) -> float:
    """Inches of the text, in the size of the key."""
    from matplotlib.textpath import TextPath

    return float(TextPath((0, 0), text, size=KEY_SIZE).get_extents().width) / 72 if text else 0.0


def _fitted(text: str, width: float) -> str:
    """The text, cut off where it would be wider than so many inches."""
    found = _width(text)
    return text if found <= width else f"{text[: int(len(text) * width / found) - 3]}..."


def _wrapped(text: str, width: float) -> str:
    """The text in lines that are hardly wider than so many inches."""
    found = _width(text)
    return text if found <= width else fill(text, int(len(text) * width / found))


def _interrupted(parts: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """The parts one after the other, a gap behind each."""
    gap = np.array([np.nan])
    x, y = (
        np.concatenate([piece for part in parts for piece in (part[side], gap)] or [gap])
        for side in (0, 1)
    )
    return x, y
