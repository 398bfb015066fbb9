"""Numbers as a person reads them."""

from __future__ import annotations

from math import inf, nextafter

import pytest

from actcli.numeric.display import apart, digits, row_in_words


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        ((1.0, 2.0), ["1", "2"]),
        ((3.3, 3.3), ["3.3", "3.3"]),
        ((3.3, 3.3000001), ["3.3", "3.3000001"]),
        ((1 / 3, 0.33333333), ["0.333333333", "0.33333333"]),
        ((0.0, -0.0, 1e-300), ["0", "0", "1e-300"]),
        ((-inf, 0.1, 0.10000001), ["-inf", "0.1", "0.10000001"]),
        ((1.0, nextafter(1.0, 2.0)), ["1", "1.0000000000000002"]),
        ((1234567.0, 1234568.0), ["1234567", "1234568"]),
    ],
)
def test_numbers_that_differ_read_differently(numbers: list[float], texts: list[str]) -> None:
    assert apart(*numbers) == texts


def test_more_digits_than_asked_for_are_shown_only_where_they_tell_apart() -> None:
    with digits(2):
        assert apart(3.14159, 2.71828) == ["3.1", "2.7"]
        assert apart(3.14159, 3.14) == ["3.142", "3.14"]
    with digits(17):
        assert apart(0.1, 0.3) == ["0.1", "0.3"]


def test_the_ends_of_an_interval_in_a_row_are_told_apart() -> None:
    assert row_in_words({"low": 3.3, "high": 3.3000001}) == {"low": "3.3", "high": "3.3000001"}
    assert row_in_words({"low": 3.3, "high": 3.3}) == {"low": "3.3", "high": "3.3"}
    assert row_in_words({"low": None, "high": 3.3}) == {"low": "-", "high": "3.3"}
    assert row_in_words({"low": 0.1234567891}, exact=["low"]) == {"low": "0.1234567891"}
