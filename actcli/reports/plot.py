"""What a picture of functions shows: their curves, sampled, framed and, if asked, shaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from actcli.activations.base import Activation
from actcli.charts.model import Chart, Curve, Shade
from actcli.errors import UsageError
from actcli.functions.derivatives.formula import SecondDerivative
from actcli.functions.marks import marked_kinks
from actcli.functions.plotting.curve import Trace, trace
from actcli.functions.plotting.plot_range import window as default_window
from actcli.functions.sample import Sample, given, sample

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
) -> tuple[list[Sample], Chart]:
    """The functions, and their derivatives if asked for, sampled where they bend, and their chart.

    `window` and `heights` are the ranges of x and y; None finds them. `order` 2 adds f''. `eps`
    shades the ranges in which the derivative stays below it.

    Raises:
        UsageError: a logarithmic axis is to begin at or below 0.
    """
    if log_y and heights and heights[0] <= 0:
        raise UsageError(f"a logarithmic axis begins above 0, not at {heights[0]:g}")
    low, high = window or default_window(functions)
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
        ],
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
            yield Curve(label, x, y, series, secondary, marks)


def _label(act: Activation, what: str, functions: Sequence[Activation]) -> str:
    return f"{act} {what}" if len(functions) > 1 else what


def _shades(series: int, act: Activation, eps: float, seen: Interval) -> Iterator[Shade]:
    from actcli.functions.saturation import saturation

    for interval in saturation(act, eps, window=seen).ranges:
        yield Shade(interval.low, interval.high, series, f"|f'| < {eps:g}")
