"""One reader of numbers: what a text means is rounded once."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.numeral import numeral


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-.5", -0.5),
        ("5.", 5.0),
        (" 1e-3 ", 1e-3),
        ("1 / 3", 1 / 3),
        ("-pi", -math.pi),
        ("e", math.e),
        ("2**-24", 2.0**-24),
        ("sqrt(2)", math.sqrt(2)),
        ("inf", math.inf),
        ("-Infinity", -math.inf),
    ],
)
def test_what_is_a_number(text: str, value: float) -> None:
    assert numeral(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "x", "x - x", "gelu", "nan", "1e999", "1/0", "1_0", "\u0661", "1,2", "9**9**9", "1x"],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        numeral(text)


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**15))
def test_a_fraction_is_rounded_once(above: int, below: int) -> None:
    assert numeral(f"{above}/{below}") == float(Fraction(above, below))
