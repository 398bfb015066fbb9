"""The simplest number in an interval."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.numeric.simplest import plain, simplest


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (-1e-8, 2e-8, 0.0),
        (1.4999999999999996, 1.5000000000000002, 1.5),
        (0.29999999999999993, 0.30000000000000004, 0.3),
        (3.139, 3.1412, 3.14),
        (math.pi, math.pi, math.pi),
        (5e-324, 5e-324, 5e-324),
    ],
)
def test_fewest_digits_win(low: float, high: float, wanted: float) -> None:
    assert simplest(low, high) == wanted


@given(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2).map(sorted))
def test_it_lies_within(ends: list[float]) -> None:
    low, high = ends
    assert low <= simplest(low, high) <= high


def test_plain_gives_up_beyond_its_digits() -> None:
    assert plain(1.4999999999999996, 1.5000000000000002, 8) == 1.5
    assert plain(math.pi, math.pi, 8) is None
