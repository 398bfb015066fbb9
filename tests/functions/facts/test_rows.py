"""What rows and JSON say of facts."""

from __future__ import annotations

from actcli.formats.json import dumps
from actcli.reports.info import FactsReport
from tests.functions.facts.known_facts import as_plain, of


def test_a_row_shows_intervals() -> None:
    (row,) = FactsReport(of("relu")).rows()
    assert (row["roots"], row["zero_on"], row["fixed_on"]) == ("", "-inf..0.0", "0.0..inf")
    (row,) = FactsReport(of("hardshrink")).rows()
    assert (row["zero_on"], row["fixed_on"]) == ("-0.5..0.5", "-inf..-0.5 0.5..inf")


def test_the_keys_of_json_and_of_rows_stay() -> None:
    kink = {"x", "value_left", "value_right", "derivative_left", "derivative_right", "derivative"}
    found = as_plain(of("relu"))
    assert list(found)[:15] == [
        *("activation", "formula", "params", "range", "monotone", "symmetry", "smoothness"),
        *("extrema", "kinks", "left", "right", "lipschitz", "roots", "fixed_points", "zero_on"),
    ]
    assert kink <= found["kinks"][0].keys()
    assert b'"range":{"low":0.0,"high":null,"low_attained":true,' in dumps(of("relu"))
    rows = [row for text in ("relu", "x**2", "sin") for row in FactsReport(of(text)).rows()]
    assert all(tuple(row) == FactsReport.header for row in rows)
