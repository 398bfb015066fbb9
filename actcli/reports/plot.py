"""What a picture of functions shows: their curves, sampled, framed and, if asked, shaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from actcli.activations.base import Activation
from actcli.charts.model import Chart, Curve, Shade
from actcli.errors import UsageError
from actcli.functions.derivatives.formula import SecondDerivative
from actcli.functions.marks import marked_kinks
from actcli.functions.measured.points import Points
from actcli.functions.plotting.curve import Trace, trace
from actcli.functions.plotting.plot_range import window as default_window
from actcli.functions.sample import Sample, given, sample
from actcli.reports.plot_points import frame, point_curves, residual_curves

Interval = tuple[float, float]


def picture(
    functions: Sequence[Activation],
    *,
    window: Interval | None = None,
    heights: Interval | None = None,
    derivative: bool = True,
    order: int = 1,
    log_y: bool = False,
    title: str = "",
    eps: float | None = None,
    points: Points | None = None,
) -> tuple[list[Sample], Chart]:
    """The functions, and their derivatives if asked for, sampled where they bend, and their chart.

    `window` and `heights` are the ranges of x and y; None finds them. `order` 2 adds f''. `eps`
    shades the ranges in which the derivative stays below it. `points` are drawn over the curves.

    Raises:
        UsageError: a logarithmic axis is to begin at or below 0.
    """
    if log_y and heights and heights[0] <= 0:
        raise UsageError(f"a logarithmic axis begins above 0, not at {heights[0]:g}")
    low, high = window or (default_window(functions) if points is None else _reach(points))
    traces = [
        trace(act, low, high, derivative=derivative, heights=heights, log=log_y)
        for act in functions
    ]
    slopes = [
        trace(SecondDerivative.of(act).slope, low, high, heights=heights, log=log_y)
        for act in functions
        if order > 1
    ]
    frames = [path.frame for path in (*traces, *slopes)]
    dots = (
        [*point_curves(points, len(functions) + len(slopes), derivative=derivative)]
        if points is not None
        else []
    )
    if heights is None and (needed := frame(dots, (low, high))):
        frames.append(needed)
    chart = Chart(
        curves=[
            curve
            for series, (act, path) in enumerate(zip(functions, traces, strict=True))
            for curve in _curves(series, act, path, derivative, functions)
        ]
        + [
            Curve(_label(act, "second derivative", functions), *path.derivative_with_gaps, series)
            for series, (act, path) in enumerate(
                zip(functions[: len(slopes)], slopes, strict=True), len(functions)
            )
        ]
        + dots,
        x_range=(low, high),
        y_range=(min(low for low, _ in frames), max(high for _, high in frames)),
        title=title,
        log_y=log_y,
        shades=[
            shade
            for series, act in enumerate(functions)
            for shade in (_shades(series, act, eps, (low, high)) if eps else ())
        ],
    )
    samples = [
        sample(act, given(path.x), order) for act, path in zip(functions, traces, strict=True)
    ]
    return samples, chart


def residuals(
    functions: Sequence[Activation],
    points: Points,
    *,
    window: Interval | None = None,
    heights: Interval | None = None,
    derivative: bool = False,
    title: str = "",
) -> tuple[list[Sample], Chart]:
    """The functions at measured points, and the chart of how far these are from them."""
    curves = [*residual_curves(functions, points, derivative=derivative)]
    reach = window or _reach(points)
    chart = Chart(curves, reach, heights or frame(curves, reach), title)
    return [sample(act, given(points.x)) for act in functions], chart


def _reach(points: Points) -> Interval:
    """From the first point to the last one.

    Raises:
        UsageError: there is none at a finite x.
    """
    places = points.x[np.isfinite(points.x)]
    if not places.size:
        raise UsageError("no measured point has a finite x: there is nothing to draw")
    low, high = float(places.min()), float(places.max())
    return (low, high) if low < high else (low - 1, high + 1)


def blanks(chart: Chart) -> Iterator[str]:
    """Which functions there is nothing to be seen of."""
    low, high = chart.x_range
    for curve in chart.curves:
        if not curve.secondary and np.isnan(curve.y).all():
            yield f"{curve.label} has no value from {low:g} to {high:g}"


def _curves(
    series: int, act: Activation, path: Trace, derivative: bool, functions: Sequence[Activation]
) -> Iterator[Curve]:
    low, high = float(path.x[0]), float(path.x[-1])
    kinks = [place for place in marked_kinks(act, (low, high)) if low <= place <= high]
    for label, secondary, (x, y) in (
        (str(act), False, path.value_with_gaps),
        (_label(act, "derivative", functions), True, path.derivative_with_gaps),
    ):
        if derivative or not secondary:
            heights = np.interp(kinks, path.x, path.derivative if secondary else path.value)
            marks = list(zip(kinks, heights.tolist(), strict=True)) if not secondary else ()
            yield Curve(label=label, x=x, y=y, series=series, secondary=secondary, marks=marks)


def _label(act: Activation, what: str, functions: Sequence[Activation]) -> str:
    return f"{act} {what}" if len(functions) > 1 else what


def _shades(series: int, act: Activation, eps: float, seen: Interval) -> Iterator[Shade]:
    from actcli.functions.saturation import saturation

    for interval in saturation(act, eps, window=seen).ranges:
        yield Shade(interval.low, interval.high, series, f"|f'| < {eps:g}")
