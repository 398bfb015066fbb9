"""Figures: the same bytes for the same chart, and any chart."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from actcli.charts.figure import save
from actcli.charts.model import Chart, Curve, Shade

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


def drawn(chart: Chart, kind: str) -> bytes:
    figure = BytesIO()
    save(chart, figure, kind)
    return figure.getvalue()


@pytest.mark.parametrize("format_", ["svg", "pdf", "png"])
def test_the_same_chart_is_the_same_bytes(format_: str) -> None:
    assert drawn(RELU, format_) == drawn(RELU, format_)


def test_a_figure_goes_to_a_path(tmp_path: Path) -> None:
    save(RELU, str(tmp_path / "relu.svg"), "svg")
    assert (tmp_path / "relu.svg").read_bytes() == drawn(RELU, "svg")


def test_svg_holds_a_solid_and_a_dashed_curve() -> None:
    root = ET.fromstring(drawn(RELU, "svg"))
    styles = [path.get("style", "") for path in root.iter("{http://www.w3.org/2000/svg}path")]
    wide = [style for style in styles if "stroke-width: 1.6" in style]
    assert any("stroke-dasharray" in style for style in wide)
    assert any("stroke-dasharray" not in style for style in wide)


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
