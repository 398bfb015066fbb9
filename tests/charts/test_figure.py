"""Figures: the same bytes for the same chart, and any chart."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path as FilePath
from typing import NamedTuple

import numpy as np
import pytest

from actcli.charts.figure import save
from actcli.charts.figure_style import THEMES, Theme
from actcli.charts.model import Chart, Curve, Panel, Regions, Shade
from actcli.charts.screen import ThemeName

SVG = "{http://www.w3.org/2000/svg}"

X = np.linspace(-6.0, 6.0, 301)
RELU = Chart(
    [
        Curve("relu", X, np.maximum(X, 0), marks=[(0.0, 0.0)]),
        Curve("derivative", X, np.where(X > 0, 1.0, 0.0), secondary=True),
    ],
    (-6, 6),
    title="relu $x_1$",
    shades=[Shade(-np.inf, 0.0, label="|f'| < 0.001")],
)


def several(count: int) -> Chart:
    """As many functions, each saturated below another place."""
    curves = [Curve(f"f{n}", X, np.tanh(X - n), n) for n in range(count)]
    return Chart(curves, (-6, 6), shades=[Shade(-np.inf, n - 5.0, n, "flat") for n in range(count)])


def drawn(chart: Chart | Regions, kind: str, theme: ThemeName = "light") -> bytes:
    figure = BytesIO()
    save(chart, figure, kind, theme)
    return figure.getvalue()


@cache
def drawn_several(count: int) -> bytes:
    """The SVG of as many functions."""
    return drawn(several(count), "svg")


class Path(NamedTuple):
    """A path of an SVG: its style, and the corners of the box around it, in points."""

    style: str
    low: tuple[float, float]
    high: tuple[float, float]


def paths(svg: bytes) -> list[Path]:
    """Every path that is drawn where it stands; y runs downwards."""
    found = []
    for path in ET.fromstring(svg).iter(f"{SVG}path"):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", path.get("d", ""))]
        style = path.get("style")
        if style and len(numbers) > 3:
            x, y = numbers[::2], numbers[1::2]
            found.append(Path(style, (min(x), min(y)), (max(x), max(y))))
    return found


def words(svg: bytes) -> dict[str, tuple[float, float]]:
    """Where the texts begin."""
    found = {}
    comments = ET.TreeBuilder(insert_comments=True)
    for group in ET.fromstring(svg, ET.XMLParser(target=comments)).iter(f"{SVG}g"):
        for comment, shown in pairwise(group):
            tag: object = comment.tag
            if tag is ET.Comment:
                at = re.search(r"translate\(([\d.-]+) ([\d.-]+)\)", shown.get("transform", ""))
                assert at
                found[str(comment.text).strip()] = (float(at[1]), float(at[2]))
    return found


def luminance(color: str) -> float:
    """The relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES.values())
def test_everything_can_be_seen_on_its_ground(theme: Theme) -> None:
    assert min(contrast(color, theme.ground) for color in theme.colors) >= 3
    assert contrast(theme.ink, theme.ground) >= 7
    assert len(set(theme.colors)) == len(theme.colors)


def test_the_theme_is_the_ground_and_the_ink() -> None:
    for name, theme in THEMES.items():
        svg = drawn(RELU, "svg", name).decode()
        assert f"fill: {theme.ground}" in svg
        assert not any(
            f"fill: {other.ground}" in svg for other in THEMES.values() if other != theme
        )


@pytest.mark.parametrize("count", [1, 2, 5, 12, 60])
def test_a_figure_is_a_column_wide(count: int) -> None:
    root = ET.fromstring(drawn_several(count))
    assert float(root.get("width", "").removesuffix("pt")) == pytest.approx(8.5 / 2.54 * 72)
    assert float(root.get("height", "").removesuffix("pt")) < 600


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_the_strip_has_a_row_for_each_function_in_its_colour(count: int) -> None:
    svg = drawn_several(count)
    colors = THEMES["light"].colors
    curves = [path for path in paths(svg) if "stroke-width: 1.3" in path.style]
    foot = max(path.high[1] for path in curves)
    bars = [path for path in paths(svg) if path.low[1] > foot and "stroke: #" in path.style]
    bars = [bar for bar in bars if "fill: none" not in bar.style]
    assert [re.findall("stroke: (#......)", bar.style)[0] for bar in bars] == [
        colors[n % len(colors)] for n in range(count)
    ]
    assert all(one.high[1] < other.low[1] for one, other in pairwise(bars)), "rows of their own"
    assert all(one.high[0] < other.high[0] for one, other in pairwise(bars)), "their ranges"


@pytest.mark.parametrize(("count", "edges"), [(1, 1), (2, 0), (12, 0)])
def test_a_dotted_line_at_an_edge_of_the_only_function(count: int, edges: int) -> None:
    lines = [path for path in paths(drawn_several(count)) if path.low[0] == path.high[0]]
    assert sum("stroke-dasharray" in line.style for line in lines) == edges


def test_the_axes_are_left_of_the_curves_and_below_them() -> None:
    svg = drawn(RELU, "svg")
    curves = [path for path in paths(svg) if "stroke-width: 1.3" in path.style]
    left, foot = min(path.low[0] for path in curves), max(path.high[1] for path in curves)
    marks = {text: at for text, at in words(svg).items() if re.fullmatch(r"-?\d+", text)}
    assert {"-6", "-4", "2"} <= set(marks)
    assert all(x < left or y > foot for x, y in marks.values())


@pytest.mark.parametrize(
    "names", [("f", "g"), ("f",) * 12, ("f",) * 24, ("a formula of many letters",) * 3]
)
def test_the_key_is_one_row_or_one_column(names: Sequence[str]) -> None:
    curves = [Curve(f"{name} {n}", X, X * n, n) for n, name in enumerate(names)]
    svg = drawn(Chart(curves, (-6, 6)), "svg")
    at, height = words(svg), float(ET.fromstring(svg).get("height", "").removesuffix("pt"))
    places = [at[curve.label] for curve in curves]
    assert all(0 < y < height for _, y in places)
    assert len({x for x, _ in places}) == 1 or len({y for _, y in places}) == 1


def test_a_text_that_is_too_long_is_cut_off_with_dots() -> None:
    long = "x*tanh(log1p(exp(x)))" * 9
    title = " ".join(map(str, range(1000, 1030)))
    chart = Chart([Curve(long, X, X), Curve("x", X, X, 1)], (-6, 6), title=title, x_label=long)
    assert title in " ".join(words(drawn(chart, "svg")))
    texts = [text for text in words(drawn(chart, "svg")) if text.startswith("x*")]
    assert len(texts) == 2
    assert all(text.endswith("...") and 30 < len(text) < 70 for text in texts)


def test_series_differ_in_stroke_where_they_cannot_in_colour() -> None:
    curves = [path for path in paths(drawn_several(12)) if "stroke-width: 1.3" in path.style]
    in_grey = [re.sub("#......", "", path.style) for path in curves[:6]]
    assert len(set(in_grey)) == 6
    assert len({path.style for path in curves}) == 12


@pytest.mark.parametrize("panels", [1, 2, 3, 5])
def test_maps_of_regions_have_the_same_look(panels: int) -> None:
    chart = Regions(
        [Panel(f"map {n}", lambda points: (points[:, 0] > 0).astype(int)) for n in range(panels)],
        np.array([[-0.5, 0.5], [0.5, 0.5]]),
        np.array([0, 1]),
        ("no", "yes"),
        (-1, 1),
        (-1, 1),
    )
    svg = drawn(chart, "svg", "dark")
    assert {f"map {n}" for n in range(panels)} | {"no", "yes"} <= set(words(svg))
    assert THEMES["dark"].ground in svg.decode()


@pytest.mark.parametrize("format_", ["svg", "pdf", "png"])
def test_the_same_chart_is_the_same_bytes(format_: str) -> None:
    assert drawn(RELU, format_) == drawn(RELU, format_)


def test_a_figure_goes_to_a_path(tmp_path: FilePath) -> None:
    save(RELU, str(tmp_path / "relu.svg"), "svg")
    assert (tmp_path / "relu.svg").read_bytes() == drawn(RELU, "svg")


def test_svg_holds_a_solid_and_a_dashed_curve() -> None:
    root = ET.fromstring(drawn(RELU, "svg"))
    styles = [path.get("style", "") for path in root.iter(f"{SVG}path")]
    wide = [style for style in styles if "stroke-width: 1.3" in style]
    assert any("stroke-dasharray" in style for style in wide)
    assert any("stroke-dasharray" not in style for style in wide)


def test_a_point_between_gaps_is_a_dot() -> None:
    alone = Curve("points", np.arange(5.0), np.array([1.0, np.nan, 2.0, np.nan, 3.0]))
    joined = Curve("points", np.arange(5.0), np.arange(5.0))
    dots, line = (drawn(Chart([curve], (0, 4)), "svg").decode() for curve in (alone, joined))
    dot = re.compile("<use [^>]*#0072b2")
    assert len(dot.findall(dots)) == 3 + len(["in the key"])
    assert not dot.findall(line)


@pytest.mark.parametrize(("count", "are_over"), [(5, True), (500, False)])
def test_points_lie_over_a_line_unless_they_would_hide_it(count: int, are_over: bool) -> None:
    x = np.repeat(np.linspace(-6, 6, count), 2)
    dots = Curve("points", x, np.where(np.arange(2 * count) % 2, np.nan, x), 1)
    text = drawn(Chart([Curve("line", X, X), dots], (-6, 6)), "svg").decode()
    line = re.search(r"<path [^>]*stroke: #0072b2", text)
    dot = re.search(r"<use [^>]*#d55e00", text)
    assert line
    assert dot
    assert (dot.start() > line.start()) is are_over


def test_text_is_taken_as_it_is() -> None:
    """A `$` in a title is a dollar sign, not the beginning of a formula."""
    comments = re.findall(r"<!-- (.*?) -->", drawn(RELU, "svg").decode())
    assert "relu $x_1$" in comments


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "chart",
    [
        Chart([], (-1, 1)),
        Chart([Curve("f", X, X * np.nan)], (-6, 6)),
        Chart([Curve("f", X, X * 1e300)], (-6, 6)),
        Chart([Curve("f", X, X * 0)], (-1.7e308, 1.7e308)),
        Chart([Curve("_f", np.exp(X), np.exp(X))], (1e-300, 1e300), log_x=True, log_y=True),
        Chart([Curve(str(n), X, X + n, n) for n in range(30)], (-6, 6)),
    ],
)
def test_any_chart_is_a_figure(chart: Chart) -> None:
    assert drawn(chart, "svg")
