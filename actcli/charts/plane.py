"""A chart in matplotlib's own axes, in the caller's style: for figures that are made in Python."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from actcli.charts.model import Chart
from actcli.errors import ActcliError, MissingExtraError, quoted

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def new_axes() -> Axes:
    """The axes of a new figure of pyplot, which shows it.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ActcliError: it cannot load the backend that MPLBACKEND asks for.
    """
    try:
        from matplotlib import pyplot

        return pyplot.subplots()[1]
    except (ImportError, ValueError) as error:
        if isinstance(error, ImportError) and error.name == "matplotlib":
            raise MissingExtraError("a figure", "figures") from None
        backend = os.environ.get("MPLBACKEND")
        if backend is None:
            raise
        raise ActcliError(
            f"matplotlib cannot load the backend {quoted(backend)} that MPLBACKEND asks for: "
            "unset it, or set it to agg"
        ) from None


def draw(chart: Chart, axes: Axes) -> Axes:
    """The curves, with their marks and what is shaded, in the coordinates of the functions."""
    if chart.log_y:
        axes.set_yscale("log")
    for curve in chart.curves:
        (line,) = axes.plot(
            curve.x,
            curve.y,
            color=f"C{curve.series % 10}",
            linestyle="--" if curve.secondary else "-",
            label=curve.label,
        )
        for place in curve.marks:
            axes.plot(*place, "o", color=line.get_color(), markersize=3)
    for shade in chart.shades:
        low, high = max(shade.low, chart.x_range[0]), min(shade.high, chart.x_range[1])
        axes.axvspan(low, high, color=f"C{shade.series % 10}", alpha=0.15, linewidth=0)
    axes.set(xlim=chart.x_range, ylim=chart.y_range, title=chart.title, xlabel="x")
    axes.legend()
    return axes
