"""Ticks: round, in range, few enough, and read back as the number they stand at."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.charts.ticks import ticks


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (-6, 6, 7, "-6 -4 -2 0 2 4 6"),
        (-0.04, 1.04, 6, "0 0.2 0.4 0.6 0.8 1"),
        (-6.2, 6.3, 5, "-5 -2.5 0 2.5 5"),
        (0, 403, 6, "0 100 200 300 400"),
        (0, 2e6, 6, "0 5e+05 1e+06 1.5e+06 2e+06"),
        (-1e-5, 1e-5, 5, "-1e-05 -5e-06 0 5e-06 1e-05"),
        (-1.7e308, 1.7e308, 5, "-1e+308 0 1e+308"),
        (5e-324, 1e-322, 5, "2e-323 4e-323 6e-323 8e-323 1e-322"),
        (0, 7, 0, ""),
    ],
)
def test_plain(low: float, high: float, most: int, texts: str) -> None:
    assert [tick.text for tick in ticks(low, high, most)] == texts.split()


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (1e-3, 1e3, 7, "0.001 0.01 0.1 1 10 100 1000"),
        (1e-300, 1e300, 7, "1e-300 1e-200 1e-100 1 1e+100 1e+200 1e+300"),
        (2, 30, 4, "10 20 30"),
    ],
)
def test_logarithmic(low: float, high: float, most: int, texts: str) -> None:
    assert [tick.text for tick in ticks(low, high, most, log=True)] == texts.split()


@given(st.floats(-1e308, 1e308), st.floats(-1e308, 1e308), st.integers(1, 12))
def test_every_text_is_the_number_it_stands_at(a: float, b: float, most: int) -> None:
    low, high = min(a, b), max(a, b)
    if high - low <= 1e-10 * max(abs(low), abs(high), 1e-300):
        return
    marks = ticks(low, high, most)
    assert len(marks) <= most
    step = (high - low) / most
    for mark in marks:
        assert math.isclose(float(mark.text), mark.at, rel_tol=1e-9, abs_tol=1e-6 * step)
        assert low - 1e-6 * step <= mark.at <= high + 1e-6 * step
