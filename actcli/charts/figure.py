"""A chart as a figure for a paper or a lecture: SVG, PDF or PNG, through matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from actcli.charts.axis import Axis, axes, runs
from actcli.charts.model import Chart, Curve, Regions, Shade
from actcli.charts.ticks import ticks
from actcli.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (6.4, 4.0)
"""Inches: the width of a text column at 100 %, in the shape of a page's upper half."""

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's, told apart by the colour-blind and, by their lightness, in print."""

GREY = "0.3"

STRIP = 0.025
"""Share of the height of the strip that shows where one of several series is shaded."""

DASHED = (0, (4, 2))

STROKES: Any = ("solid", (0, (6, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)), (0, (3, 1, 1, 1, 1, 1)))
"""Series beyond the number of colours take the next stroke."""

STYLE: Any = {
    "svg.hashsalt": "actcli",
    "pdf.fonttype": 42,
    "text.parse_math": False,
    "font.size": 10,
    "path.simplify": False,
}
METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
    "png": {},
}
"""No dates: the same chart is the same bytes."""


def save(chart: Chart | Regions, file: str | BinaryIO, format: str) -> None:  # noqa: A002
    """Write the chart as `svg`, `pdf` or `png`.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("a figure", "figures") from None
    with mpl.rc_context({**mpl.rcParamsDefault, **STYLE}):
        figure = Figure(figsize=SIZE, layout="constrained")
        if isinstance(chart, Regions):
            from actcli.charts.regions_figure import draw_regions

            draw_regions(chart, figure, COLORS)
        else:
            _draw(chart, figure)
        figure.savefig(file, format=format, dpi=200, metadata=METADATA[format])


def _draw(chart: Chart, figure: Figure) -> None:
    """The chart in the unit square, so that no number is too large or too small to be drawn."""
    x, y = axes(chart)
    plane = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
    plane.set(title=chart.title, xlabel=chart.x_label, ylabel=chart.y_label)
    _rule(plane, "left", plane.yaxis, y, across=x)
    _rule(plane, "bottom", plane.xaxis, x, across=y)
    plane.set_axisbelow(False)
    plane.spines[["top", "right"]].set_visible(False)
    several = len({curve.series for curve in chart.curves}) > 1
    for curve in chart.curves:
        _curve(plane, curve, x, y, _color(curve.series, curve.secondary, several))
    for shade in chart.shades:
        strip = (shade.series * STRIP, (shade.series + 0.8) * STRIP) if several else (0.0, 1.0)
        _shade(plane, shade, x, _color(shade.series, False, several), strip)
    if chart.curves:
        _key(plane, figure)


def _rule(plane: Axes, side: str, ruler: Any, axis: Axis, *, across: Axis) -> None:
    """One axis: through the other's zero where that is in sight, at the edge where it is not."""
    through_zero = not across.log and across.low < 0 < across.high
    spine = plane.spines[side]
    spine.set_position(("data", float(across.place(0.0))) if through_zero else ("axes", 0.0))
    spine.set_color(GREY)
    marks = ticks(axis.low, axis.high, 9, axis.log)
    shown = [tick for tick in marks if tick.at != 0 or not through_zero]
    ruler.set_ticks([float(axis.place(t.at)) for t in shown], [t.text for t in shown])
    ruler.set_tick_params(color=GREY, labelcolor=GREY, labelsize=9)
    for label in ruler.get_ticklabels():
        label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8})


def _shade(plane: Axes, shade: Shade, axis: Axis, color: str, strip: tuple[float, float]) -> None:
    """A shaded range, and a dotted line at each of its ends that is in sight.

    Over the whole height for one series; each of several has a strip of its own.
    """
    low, high = max(shade.low, axis.low), min(shade.high, axis.high)
    if low < high:
        ends = float(axis.place(low)), float(axis.place(high))
        opacity = 0.12 if strip == (0.0, 1.0) else 0.5
        plane.axvspan(*ends, *strip, color=color, alpha=opacity, linewidth=0, label=shade.label)
        for edge in (shade.low, shade.high):
            if axis.low < edge < axis.high:
                plane.axvline(float(axis.place(edge)), color=color, linewidth=0.8, linestyle=":")


def _curve(plane: Axes, curve: Curve, x: Axis, y: Axis, color: str) -> None:
    """The parts of a curve that are in sight, and its marks."""
    gap = (np.array([np.nan]), np.array([np.nan]))
    parts = [part for run in runs(x.place(curve.x), y.place(curve.y)) for part in (run, gap)] or [
        gap
    ]
    across, up = (np.concatenate(values) for values in zip(*parts, strict=True))
    stroke = DASHED if curve.secondary else STROKES[curve.series // len(COLORS) % len(STROKES)]
    plane.plot(
        across,
        up,
        color=color,
        linestyle=stroke,
        linewidth=1.6,
        solid_joinstyle="miter",
        label=curve.label,
        zorder=2.1 if curve.secondary else 2.2,
    )
    for at, height in curve.marks:
        if x.covers(at) and y.covers(height):
            place = [float(x.place(at))], [float(y.place(height))]
            plane.plot(*place, "o", color=color, markersize=4.5, zorder=2.3, clip_on=False)


def _color(series: int, secondary: bool, several: bool) -> str:
    return COLORS[(series + (secondary and not several)) % len(COLORS)]


def _key(plane: Axes, figure: Figure) -> None:
    """The key, under the picture, where it hides nothing; one entry for a label."""
    handles, labels = plane.get_legend_handles_labels()
    entries = dict(zip(reversed(labels), reversed(handles), strict=True))
    names = list(dict.fromkeys(labels))
    figure.legend(
        [entries[name] for name in names],
        names,
        loc="outside lower center",
        ncols=min(len(names), 3),
        frameon=False,
    )
