"""Charts in a terminal: where the ink goes, tested without a picture to compare with."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

import numpy as np
import pytest

from actcli.charts.axis import Axis, runs, with_zero_at
from actcli.charts.model import Chart, Curve, Shade
from actcli.charts.terminal import draw
from actcli.errors import UsageError

X = np.linspace(-1.0, 1.0, 201)


def drawn(chart: Chart, width: int = 60, height: int = 20, charset: Any = "ascii") -> list[str]:
    text = draw(chart, width=width, height=height, charset=charset, color=False)
    assert text.endswith("\n")
    lines = text.splitlines()
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    return lines


def canvas(lines: list[str]) -> list[str]:
    """What is right of the vertical axis, above the horizontal one."""
    frame = next(n for n, line in enumerate(lines) if "+--" in line and "*" not in line)
    edge = lines[frame].index("+")
    return [line[edge + 1 :] for line in lines[:frame]]


def columns_of(mark: str, lines: list[str]) -> list[int]:
    return sorted({n for line in lines for n, character in enumerate(line) if character == mark})


def test_a_line_is_connected_and_runs_from_end_to_end() -> None:
    picture = canvas(drawn(Chart([Curve("x", X, X)], (-1, 1))))
    width = max(map(len, picture))
    assert columns_of("*", picture) == list(range(width))
    assert picture[0].endswith("*")
    assert picture[-1].startswith("*")


def test_nan_leaves_a_gap() -> None:
    y = np.where(np.abs(X) < 0.5, np.nan, 0.3)
    inked = columns_of("*", canvas(drawn(Chart([Curve("f", X, y)], (-1, 1)))))
    width = max(inked) + 1
    gap = set(range(width)) - set(inked)
    assert gap == set(range(min(gap), max(gap) + 1)), "one gap"
    assert len(gap) == pytest.approx(width / 2, abs=2)


@pytest.mark.parametrize(
    "y", [np.full(201, np.nan), np.full(201, np.inf), 1e300 * X, 0 * X, 0 * X + 5e-324]
)
@pytest.mark.parametrize("log_y", [False, True])
def test_extremes_are_drawn_or_left_blank(y: np.ndarray, log_y: bool) -> None:
    drawn(Chart([Curve("f", X, y)], (-1, 1), log_y=log_y))


@pytest.mark.parametrize(
    "x_range", [(-1.7e308, 1.7e308), (5e-324, 1e-323), (1.0, 1.0 + 2**-52), (1e-300, 1e300)]
)
@pytest.mark.parametrize("log_x", [False, True])
def test_any_range_is_an_axis(x_range: tuple[float, float], log_x: bool) -> None:
    x = np.array([x_range[0], x_range[1]])
    drawn(Chart([Curve("f", x, np.array([0.0, 1.0]))], x_range, log_x=log_x))


def test_steep_values_are_cut_at_the_frame() -> None:
    """`1e6 x` crosses [-1, 1] within a column: only that column is inked."""
    lines = canvas(drawn(Chart([Curve("f", X, 1e6 * X)], (-1, 1), y_range=(-1, 1))))
    assert len(columns_of("*", lines)) == 1
    assert all("*" in line for line in lines)


def test_a_curve_on_a_log_axis_is_straight_where_it_is_a_power() -> None:
    x = np.logspace(-3, 3, 100)
    chart = Chart([Curve("x**2", x, x * x)], (1e-3, 1e3), log_x=True, log_y=True)
    rows = [line.index("*") for line in canvas(drawn(chart, 70, 30)) if "*" in line]
    assert rows == sorted(rows, reverse=True)
    steps = np.diff(rows)[1:-1]  # the margin cuts the first and the last row
    assert steps.max() - steps.min() <= 1


@pytest.mark.parametrize("charset", ["braille", "block", "ascii"])
@pytest.mark.parametrize("size", [(20, 8), (33, 11), (80, 24), (120, 40), (300, 100)])
def test_every_line_keeps_to_the_size(charset: str, size: tuple[int, int]) -> None:
    curves = [
        Curve(f"a rather long name for function {n}", X, np.sin(n * X), n, secondary)
        for n in range(12)
        for secondary in (False, True)
    ]
    shades = [Shade(-math.inf, -0.5, n, "saturated") for n in range(12)]
    chart = Chart(curves, (-1, 1), title="t" * 200, shades=shades, x_label="x" * 99, y_label="y")
    drawn(chart, *size, charset)


def test_a_title_is_one_line_whatever_it_holds() -> None:
    lines = drawn(
        Chart([Curve("f", X, X)], (-1, 1), title="a\nb\x1b[31m\N{HIRAGANA LETTER A}" * 9), 40
    )
    assert "\x1b" not in "".join(lines)
    assert sum(2 if character == "\N{HIRAGANA LETTER A}" else 1 for character in lines[0]) <= 40


@pytest.mark.parametrize("size", [(19, 24), (80, 7), (0, 0)])
def test_no_room_is_a_usage_error(size: tuple[int, int]) -> None:
    with pytest.raises(UsageError, match="at least 20 columns and 8 lines"):
        drawn(Chart([], (-1, 1)), *size)


def test_an_empty_chart_is_a_frame() -> None:
    assert any("+--" in line for line in drawn(Chart([], (-1, 1))))


def test_series_are_told_apart_without_colour() -> None:
    curves = [Curve(name, X, X / (n + 1), n) for n, name in enumerate(("one", "two", "three"))]
    ascii_key = drawn(Chart(curves, (-1, 1)))[-1]
    assert [entry.split()[0] for entry in ascii_key.split("   ")] == ["***", "ooo", "xxx"]
    braille = drawn(Chart(curves, (-1, 1)), charset="braille")
    assert all(any(letter in line for line in braille[:-1]) for letter in "ABC")


def test_curves_that_share_cells_have_them_in_turn() -> None:
    curves = [Curve(name, X, 0 * X + 0.5, n) for n, name in enumerate(("one", "two", "three"))]
    [row] = [line for line in canvas(drawn(Chart(curves, (-1, 1), (-1, 1)))) if "*" in line]
    assert row.replace(":", "").startswith("*ox*ox*ox")


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0, -1.0, 20.0])
def test_no_colour_hides_another(count: int, slope: float) -> None:
    curves = [Curve(str(n), X, slope * X, n) for n in range(count)]
    chart = Chart(curves, (-1, 1), (-1, 1))
    text = draw(chart, width=60, height=20, charset="braille", color=True)
    cells = re.findall("\x1b\\[38;5;(\\d+)m([^\x1b]*)", text[: text.rindex("┬")])
    seen = Counter({color: 0 for color, _ in cells})
    for color, said in cells:
        seen[color] += sum(
            "\N{BRAILLE PATTERN BLANK}" < c <= "\N{BRAILLE PATTERN DOTS-12345678}" for c in said
        )
    inked = [number for number in seen.values() if number]
    assert len(inked) == count
    assert min(inked) > max(inked) / 3, "as many, but for the letters on them"


@pytest.mark.parametrize("height", range(12, 40))
@pytest.mark.parametrize(("tail", "dot"), [(1e-6, "⠒⠤"), (-1e-6, "⠒⠤"), (0.0, "⠒⠤")])
def test_what_is_next_to_zero_is_drawn_on_its_line(height: int, tail: float, dot: str) -> None:
    """A cell has four rows of dots; the line through zero is between the second and the third."""
    chart = Chart([Curve("f", X, np.where(X < 0, tail, X))], (-1, 1), (-0.3, 1.0))
    [zero] = [line for line in drawn(chart, 60, height, "braille") if "┈┈┈┈" in line]
    assert zero[10] in dot


def test_zero_is_moved_by_less_than_a_cell_and_nothing_is_cut_off() -> None:
    for axis in (Axis(-0.3, 1.0), Axis(-1e-300, 1.7e308), Axis(-1.0, 1.0), Axis(-5e-324, 1e-323)):
        longer = with_zero_at(axis, 20, 0.5)
        assert (longer.low, longer.high) == pytest.approx((axis.low, axis.high), rel=0.2) or (
            longer.low < axis.low
        )
        assert longer.low <= axis.low < axis.high <= longer.high
    for axis in (Axis(0.0, 1.0), Axis(1.0, 10.0, log=True)):
        assert with_zero_at(axis, 20, 0.5) == axis


@pytest.mark.parametrize("charset", ["braille", "block", "ascii"])
def test_what_is_shaded_of_several_is_under_the_curves(charset: str) -> None:
    curves = [Curve(name, X, X, n) for n, name in enumerate(("one", "two"))]
    shades = [Shade(-1.0, 0.0, 0, "flat"), Shade(0.0, 1.0, 1, "flat")]
    lines = drawn(Chart(curves, (-1, 1), shades=shades), charset=charset)
    shade = ":" if charset == "ascii" else "░"
    first, second = (n for n, line in enumerate(lines[:-1]) if shade * 4 in line)
    assert second == first + 1
    assert lines[second + 1].strip()[0] in "└+"
    assert lines[first].index(shade * 4) < lines[second].index(shade * 4)
    assert not any(shade * 4 in line for line in lines[:first]), "curves only"


def test_the_axis_places_ends_at_0_and_1() -> None:
    for axis in (Axis(-6, 6), Axis(1e-300, 1e300, log=True), Axis(-1.7e308, 1.7e308)):
        assert axis.place(np.array([axis.low, axis.high])).tolist() == [0, 1]
    assert np.isnan(Axis(1, 10, log=True).place(-1.0))


def test_runs_are_cut_where_the_line_crosses_the_edge() -> None:
    [(x, y)] = runs(np.array([0.0, 0.5, 1.0]), np.array([-1.0, 0.5, 3.0]))
    assert np.allclose(x, [1 / 3, 0.5, 0.6])
    assert np.allclose(y, [0, 0.5, 1])


def test_a_lone_point_is_a_run() -> None:
    found = runs(np.array([0.0, 0.2, 0.5, 0.7, 1.0]), np.array([0, 0.1, np.nan, 0.5, np.nan]))
    assert [x.tolist() for x, _ in found] == [[0.0, 0.2], [0.7]]


def test_a_curve_that_fills_the_screen_is_not_cut_into_dashes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def saw(points: int) -> Chart:
        x = np.linspace(-1, 1, points)
        y = np.where(np.arange(points) % 2, 1e3, -1e3)
        return Chart([Curve("saw", x, y, secondary=True)], (-1.0, 1.0), (-1.0, 1.0))

    monkeypatch.setattr("actcli.charts.terminal.dashed", None)
    assert drawn(saw(501), charset="braille")
    with pytest.raises(TypeError):
        drawn(saw(11), charset="braille")


def scattered(x: Any, y: Any) -> Curve:
    """Points with gaps between them."""
    gaps = np.full(2 * len(x) - 1, np.nan)
    places, heights = gaps.copy(), gaps
    places[::2], places[1::2], heights[::2] = x, x[1:], y
    return Curve("measured", places, heights, series=1)


@pytest.mark.parametrize(("charset", "mark"), [("ascii", "o"), ("braille", "B"), ("block", "B")])
def test_points_that_no_line_joins_are_all_seen_over_a_curve(charset: Any, mark: str) -> None:
    x = np.linspace(-1, 1, 11)
    chart = Chart([Curve("x", X, X), scattered(x, x)], (-1, 1))
    lines = drawn(chart, charset=charset)
    assert len(columns_of(mark, lines[:-3])) == 11
    assert f"{mark}  measured" in lines[-1] or f"{mark} measured" in lines[-1]


def test_very_many_points_do_not_hide_a_curve() -> None:
    x = np.linspace(-1, 1, 500)
    lines = drawn(Chart([Curve("x", X, X), scattered(x, x)], (-1, 1)), charset="braille")
    assert len(columns_of("B", lines[:-3])) <= 3
