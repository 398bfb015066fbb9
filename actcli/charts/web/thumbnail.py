"""A chart as a small SVG within a page, whose style sheet gives it colours and strokes.

Its classes: `grid`, `zero` (the lines through 0), `tick` (the numbers), `f`, `slope` (a secondary
curve) and `kink` (a mark).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import numpy as np

from actcli.charts.axis import Axis, axes, runs
from actcli.charts.model import Chart, Curve
from actcli.charts.ticks import ticks
from actcli.numeric.arrays import Array

WIDTH, HEIGHT = 320, 190
LEFT, RIGHT, TOP, BOTTOM = 30, 6, 8, 18
"""What is left free around the picture, for the numbers."""

NEAR = 0.6
"""Points that are nearer to the one before are left out; in units of the picture."""


def thumbnail(chart: Chart) -> str:
    """The chart as one `svg` element, named by its title."""
    x, y = axes(chart)
    parts = [
        *_rules(x, y),
        *(_curve(curve, x, y) for curve in sorted(chart.curves, key=lambda c: not c.secondary)),
        *_kinks(chart, x, y),
    ]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(chart.title)}">'
        f"{''.join(parts)}</svg>"
    )


def _across(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _down(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _rules(x: Axis, y: Axis) -> Iterator[str]:
    """The grid and its numbers."""
    for tick in ticks(x.low, x.high, 7):
        at = _number(_across(float(x.place(tick.at))))
        yield _line(at, _number(_down(1)), at, _number(_down(0)), "grid" if tick.at else "zero")
        yield f'<text class="tick" x="{at}" y="{HEIGHT - 5}">{escape(tick.text)}</text>'
    for tick in ticks(y.low, y.high, 5):
        at = _number(_down(float(y.place(tick.at))))
        yield _line(
            _number(_across(0)), at, _number(_across(1)), at, "zero" if not tick.at else "grid"
        )
        yield (
            f'<text class="tick" x="{LEFT - 5}" y="{at}" dy="3.5" '
            f'style="text-anchor:end">{escape(tick.text)}</text>'
        )


def _line(x0: str, y0: str, x1: str, y1: str, kind: str) -> str:
    return f'<path class="{kind}" d="M{x0} {y0}L{x1} {y1}"/>'


def _curve(curve: Curve, x: Axis, y: Axis) -> str:
    lines = (_path(*run) for run in runs(x.place(curve.x), y.place(curve.y)))
    kind = "slope" if curve.secondary else "f"
    return f'<path class="{kind}" d="{"".join(lines)}"/>'


def _path(x: Array, y: Array) -> str:
    """A connected line; a lone point is a line of no length, whose round ends are a dot."""
    kept = [(_across(float(x[0])), _down(float(y[0])))]
    places = [(_across(a), _down(b)) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    for place in places[1:-1]:
        if np.hypot(place[0] - kept[-1][0], place[1] - kept[-1][1]) >= NEAR:
            kept.append(place)
    kept.append(places[-1])
    return "M" + "L".join(f"{_number(a)} {_number(b)}" for a, b in kept)


def _kinks(chart: Chart, x: Axis, y: Axis) -> Iterator[str]:
    for curve in chart.curves:
        for at, height in curve.marks:
            if x.covers(at) and y.covers(height):
                across = _number(_across(float(x.place(at))))
                down = _number(_down(float(y.place(height))))
                yield f'<circle class="kink" cx="{across}" cy="{down}" r="3"/>'


def _number(at: float) -> str:
    return f"{at:.1f}".removesuffix(".0")
