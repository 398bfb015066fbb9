"""Pictures within a page."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np

from actcli.charts.model import Chart, Curve
from actcli.charts.web.thumbnail import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, thumbnail


def drawn(*curves: Curve, title: str = "") -> ET.Element:
    return ET.fromstring(thumbnail(Chart(curves, (-1.0, 1.0), (-1.0, 1.0), title)))


def path(picture: ET.Element, kind: str) -> list[list[tuple[float, float]]]:
    (element,) = (one for one in picture.iter("path") if one.get("class") == kind)
    pieces = element.attrib["d"].split("M")[1:]
    return [[tuple(map(float, p.split())) for p in piece.split("L")] for piece in pieces]  # type: ignore[misc]


def test_a_line_goes_from_corner_to_corner() -> None:
    x = np.linspace(-1, 1, 5001)
    (line,) = path(drawn(Curve("f", x, x)), "f")
    assert line[0] == (LEFT, HEIGHT - BOTTOM)
    assert line[-1] == (WIDTH - RIGHT, TOP)
    assert len(line) < 700


def test_a_gap_parts_a_curve_and_what_is_outside_is_cut_off() -> None:
    x = np.array([-1.0, 0.0, 0.0, 0.5, 1.0])
    lines = path(drawn(Curve("f", x, np.array([0.5, 0.5, np.nan, -0.5, -9.0]))), "f")
    assert len(lines) == 2
    assert all(0 <= a <= WIDTH and 0 <= b <= HEIGHT for line in lines for a, b in line)


def test_classes_tell_curves_and_marks_apart() -> None:
    x = np.array([-1.0, 1.0])
    picture = drawn(
        Curve("f", x, x, marks=((0.5, 0.5), (7.0, 7.0))),
        Curve("f'", x, x, secondary=True),
        title="<f>",
    )
    kinds = [one.get("class") for one in picture.iter("path")]
    assert kinds.index("slope") < kinds.index("f")
    assert kinds.count("zero") == 2
    assert len([*picture.iter("circle")]) == 1
    assert picture.get("aria-label") == "<f>"
    assert not re.search("style=.color", ET.tostring(picture, "unicode"))
