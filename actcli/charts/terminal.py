"""A chart in the characters of a terminal: the one place that speaks to plotext.

plotext ends the process on numbers it does not like, so it is given points of the unit square and
nothing else: what lies outside, and every gap, is cut off before.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from actcli.charts.axis import Axis, axes, lone_points, runs, with_zero_at
from actcli.charts.canvas import Line, dashed, dots, fills, turns
from actcli.charts.legend import Entry, key
from actcli.charts.model import Chart, Curve, Shade
from actcli.charts.screen import Charset, centred, cut
from actcli.charts.style import GREY, PLAIN_FRAME, Ink, inks
from actcli.charts.ticks import Tick, ticks
from actcli.errors import ActcliError, UsageError

SMALLEST = (20, 8)
"""Columns and lines below which a chart says nothing."""

BLANK_END = re.compile(r"(?: |\x1b\[[0-9;]*m)+$")
RESET = "\x1b[0m"


def draw(chart: Chart, *, width: int, height: int, charset: Charset, color: bool) -> str:
    """The chart as lines of at most `width` columns, at most `height` of them, newline at the end.

    Raises:
        UsageError: there is no room for a chart.
        ActcliError: plotext cannot be imported.
    """
    if width < SMALLEST[0] or height < SMALLEST[1]:
        raise UsageError(
            f"a chart needs at least {SMALLEST[0]} columns and {SMALLEST[1]} lines, not {width} "
            f"and {height}: widen the terminal, or give --width and --height"
        )
    pens = inks(chart, charset)
    above = _above(chart, width)
    below = _below(chart, pens, width, height // 3, color)
    room = height - len(above) - len(below)
    lines = [*above, *_Picture(chart, pens, width, room).lines(color), *below]
    text = "\n".join(lines) + "\n"
    return text.translate(PLAIN_FRAME) if charset == "ascii" else text


def _plotext() -> ModuleType:
    """plotext, without the documentation that it writes for itself in a third of its import."""
    manual = ModuleType("plotext._doc.doc")
    manual.docs = None  # type: ignore[attr-defined]
    unread = manual is sys.modules.setdefault(manual.__name__, manual)
    try:
        module = import_module("plotext")
    except ImportError as error:
        raise ActcliError(
            f"cannot draw in the terminal: plotext cannot be imported ({error}); "
            "-o FILE.svg and -f table do without"
        ) from None
    finally:
        if unread:
            del sys.modules[manual.__name__]
    module.terminal.limit(False, False)
    return module


def _above(chart: Chart, width: int) -> list[str]:
    """The title, centred, and the name of the vertical axis at the left."""
    title = centred(chart.title, width)
    return [text for text in (title, cut(chart.y_label, width)) if text]


def _below(chart: Chart, pens: Sequence[Ink], width: int, most: int, color: bool) -> list[str]:
    """The name of the horizontal axis and the key."""
    named = [centred(chart.x_label, width)] if chart.x_label else []
    entries = [
        Entry(pen.sample, c.label, pen.color) for c, pen in zip(chart.curves, pens, strict=True)
    ]
    shaded = [
        Entry("░░░", label, GREY) for label in dict.fromkeys(s.label for s in chart.shades) if label
    ]
    return named + key([*entries, *shaded], width, most, color)


class _Picture:
    """The framed part of a chart, `width` columns and `height` lines."""

    def __init__(self, chart: Chart, pens: Sequence[Ink], width: int, height: int) -> None:
        self.chart, self.pens = chart, pens
        self.width, self.height = width, height
        self.plt = _plotext()
        self.x, self.y = axes(chart)
        series = {curve.series for curve in chart.curves}
        self.several = len(series) > 1
        most = (height - 2) // 3
        self.strip = min(len(series), most) if self.several and chart.shades else 0
        shades = chart.shades if self.strip or not self.several else ()
        self.rows = height - 2 - self.strip
        self.base = self.strip / (height - 2)
        self.y = with_zero_at(self.y, self.rows, *_middles(pens))
        self.y_ticks = _apart(
            ticks(self.y.low, self.y.high, self.rows // 3 + 1, self.y.log), self.y, self.rows, 1
        )
        if max((len(tick.text) for tick in self.y_ticks), default=0) > width // 3:
            self.y_ticks = ()
        self.columns = width - 1 - max((len(tick.text) for tick in self.y_ticks), default=0)
        self.x_ticks = _x_ticks(self.x, self.columns)
        self.shaded = [(s, ends) for s in shades if (ends := _ends(s, self.x))]

    def lines(self, color: bool) -> list[str]:
        """The lines of the picture, blank ends cut off."""
        figure = self._figure()
        for part in (self._shades, self._zero_lines, self._curves, self._dots, self._tags):
            for signal in part(figure):
                figure.draw(signal)
        text: str = figure.build().string(colorless=not color)
        return [_without_blank_end(line) for line in text.rstrip("\n").split("\n")]

    def _figure(self) -> Any:
        figure = self.plt.figure
        figure.clear()
        figure.theme("simple")
        figure.plot_size(self.width, self.height)
        figure.legend(False)
        figure.axes(False, axis="x", side="upper")
        figure.axes(False, axis="y", side="right")
        for name, axis, marks in (("x", self.x, self.x_ticks), ("y", self.y, self.y_ticks)):
            places = [float(axis.place(tick.at)) for tick in marks]
            places = [*map(self._above_strip, places)] if axis is self.y else places
            ruler = figure.ruler(name)
            ruler.lim(0, 1).alignment(lim="edge")
            ruler.ticks(places, [tick.text for tick in marks])
        return figure

    def _shades(self, figure: Any) -> Iterator[Any]:
        """Shaded ranges and their edges; each of several series has a row of its own."""
        for shade, (left, right) in self.shaded:
            if self.several:
                row = (self._row(shade.series),) * 2
                yield self._signal(figure, (left, right), row, "░", self._pen(shade.series).color)
                continue
            marker = self.plt.marker("░", pixel=self.plt.pixel(GREY))
            yield figure.rectangle((left, right), (0, 1), marker=marker, lines=True, fill=True)
            for edge in (shade.low, shade.high):
                if self.x.low < edge < self.x.high:
                    at = float(self.x.place(edge))
                    yield self._line(figure, 1, at, "default")

    def _row(self, series: int) -> float:
        """The height of the row of the strip, from its top, in which a series is shaded."""
        return self.base * (1 - (series % self.strip + 0.5) / self.strip)

    def _above_strip(self, share: Any) -> Any:
        """Where a height of the curves is in the picture, of which the strip is the foot."""
        return self.base + (1 - self.base) * share

    def _pen(self, series: int) -> Ink:
        """The ink of the series' first curve."""
        pairs = zip(self.chart.curves, self.pens, strict=True)
        return next((pen for curve, pen in pairs if curve.series == series), self.pens[0])

    def _line(self, figure: Any, vertical: int, at: float, style: str) -> Any:
        """A grey line across the whole picture."""
        ends = ([at, at], [0.0, 1.0]) if vertical else ([0.0, 1.0], [at, at])
        return (
            figure.signal(*ends, marker=self.plt.line(vertical, GREY, style))
            .lines()
            .density("full")
        )

    def _signal(self, figure: Any, x: Any, y: Any, marker: str, color: int) -> Any:
        """Points joined by lines."""
        pen = self.plt.marker(marker, pixel=self.plt.pixel(color))
        return figure.signal(list(x), list(y), marker=pen).lines()

    def _zero_lines(self, figure: Any) -> Iterator[Any]:
        for vertical, axis in ((1, self.x), (0, self.y)):
            if not axis.log and axis.low < 0 < axis.high:
                zero = float(axis.place(0.0))
                yield self._line(
                    figure, vertical, zero if vertical else self._above_strip(zero), "dotted"
                )

    def _curves(self, figure: Any) -> Iterator[Any]:
        """The curves; where they share a cell they have its colour, or its character, in turn."""
        drawn = [
            [*self._strokes(curve, pen)]
            for curve, pen in zip(self.chart.curves, self.pens, strict=True)
        ]
        for lines, pen in zip(drawn, self.pens, strict=True):
            for x, y in lines:
                yield self._signal(figure, x, y, pen.marker, pen.color)
        shared = turns(drawn, self.columns, self.rows + self.strip)
        for points, pen in zip(shared, self.pens, strict=True):
            if points:
                marker = self.plt.marker(pen.marker, pixel=self.plt.pixel(pen.color))
                yield figure.signal(*map(list, zip(*points, strict=True)), marker=marker)

    def _strokes(self, curve: Curve, pen: Ink) -> Iterator[Line]:
        """The lines of a curve; dashes, unless it fills the screen so that no gap would show."""
        size = self.columns, 2 * self.rows
        across, up = self.columns * pen.dots[0], self.rows * pen.dots[1]
        lines = runs(self.x.place(curve.x), self.y.place(curve.y))
        is_full = fills(lines, *size)
        for line in (dots(x, y, across, up, between=not is_full) for x, y in lines):
            for x, y in dashed(*line, *size, pen.dash) if pen.dash and not is_full else (line,):
                yield x, self._above_strip(y)

    def _dots(self, figure: Any) -> Iterator[Any]:
        """Points that no line joins, a character each, unless so many would hide the rest."""
        for curve, pen in zip(self.chart.curves, self.pens, strict=True):
            x, y = lone_points(self.x.place(curve.x), self.y.place(curve.y))
            if 0 < x.size <= self.columns:
                marker = self.plt.marker(pen.point, pixel=self.plt.pixel(pen.color))
                yield figure.signal(x.tolist(), self._above_strip(y).tolist(), marker=marker)

    def _tags(self, figure: Any) -> Iterator[Any]:
        """The letters on the curves, each series at columns of its own, and on the shaded rows."""
        count = max((curve.series for curve in self.chart.curves), default=0) + 1
        for curve, pen in zip(self.chart.curves, self.pens, strict=True):
            visible = runs(self.x.place(curve.x), self.y.place(curve.y))
            if not pen.tag or not visible:
                continue
            x, y = (np.concatenate(parts) for parts in zip(*visible, strict=True))
            for third in range(3):
                at = (third + (curve.series + (0.75 if curve.secondary else 0.25)) / count) / 3
                nearest = int(np.argmin(np.abs(x - at)))
                height = self._above_strip(y[nearest])
                yield self._signal(figure, [x[nearest]], [height], pen.tag, pen.color)
        for shade, (left, right) in self.shaded if self.several else ():
            pen, middle = self._pen(shade.series), (left + right) / 2
            letter = pen.tag or pen.marker
            yield self._signal(figure, [middle], [self._row(shade.series)], letter, pen.color)


def _middles(pens: Sequence[Ink]) -> tuple[float, ...]:
    """The heights of the dots next to the middle of a cell, where the line through zero is."""
    off = 0.5 / pens[0].dots[1] if pens else 0.0
    return (0.5,) if off == 0.5 else (0.5 - off, 0.5 + off)


def _x_ticks(axis: Axis, columns: int) -> tuple[Tick, ...]:
    """As many ticks as have room for their labels side by side."""
    for most in range(min(11, columns // 4), 0, -1):
        marks = ticks(axis.low, axis.high, most, axis.log)
        if marks == _apart(
            marks, axis, columns, max(len(tick.text) for tick in marks) + 1 if marks else 0
        ):
            return marks
    return ()


def _apart(marks: Sequence[Tick], axis: Axis, cells: int, gap: int) -> tuple[Tick, ...]:
    """The ticks that are more than `gap` cells from the one before."""
    kept: list[Tick] = []
    last = -math.inf
    for tick in marks:
        cell = math.floor(float(axis.place(tick.at)) * cells)
        if cell - last > gap:
            kept.append(tick)
            last = cell
    return tuple(kept)


def _ends(shade: Shade, axis: Axis) -> tuple[float, float] | None:
    """Where the part of the shade that is in sight begins and ends; None if there is none."""
    low, high = max(shade.low, axis.low), min(shade.high, axis.high)
    return (float(axis.place(low)), float(axis.place(high))) if low < high else None


def _without_blank_end(line: str) -> str:
    bare = BLANK_END.sub("", line)
    return bare + RESET if "\x1b" in bare else bare
