"""The info command as a user runs it."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("remembered")


def test_json_is_the_facts(run: Run) -> None:
    done = run("info", "gelu", "1/x", "--json")
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert document["schema"] == "actcli.info/1"
    gelu, inverse = document["results"]
    assert gelu["range"] == {
        "low": pytest.approx(-0.16997120747990369, rel=4e-16),
        "high": None,
        "low_attained": True,
        "high_attained": False,
    }
    assert gelu["left"] == {"slope": 0.0, "intercept": 0.0}
    assert inverse["lipschitz"] is None
    assert inverse["kinks"][0]["value_left"] is None


def test_a_person_reads_a_sheet_for_each_function(run: Run) -> None:
    done = run("info", "gelu", "relu")
    assert done.exit_code == 0
    assert "[-0.169971, inf)" in done.stdout
    assert "falls to the minimum at x = -0.751792, then rises" in done.stdout
    assert "slope 0 | 1, f'(0) = 0 by convention" in done.stdout
    assert done.stdout.isascii()
    assert done.stderr == ""


def test_what_jumps_is_not_said_to_fall_and_rise(run: Run) -> None:
    monotone = next(
        line for line in run("info", "x/log(x)").stdout.splitlines() if "monotone" in line
    )
    assert monotone.split() == ["monotone", "no"]


def test_the_derivative_is_a_formula_and_largest_somewhere(run: Run) -> None:
    done = run("info", "sigmoid")
    assert "f'(x) = sigmoid(x)*(1 - sigmoid(x))" in done.stdout
    assert "f''" not in done.stdout
    assert "Lipschitz     0.25 (at x = 0)" in done.stdout
    assert "f''(x) = 6*x" in run("info", "x**3", "--order", "2").stdout
    (elu,) = run("info", "elu:alpha=0.5", "--order", "2", "--json").results
    assert elu["derivative"] == "where(x > 0, 1, exp(x)/2)"
    assert elu["second_derivative"] == "where(x > 0, 0, exp(x)/2)"
    assert elu["steepest"] == [{"low": 0.0, "high": None, "end": None}]


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("relu", "1 (all x from 0)"),
        ("identity", "1 (everywhere)"),
        ("softplus", "1 (approached towards inf)"),
        ("x**2", "infinite (approached towards -inf and inf)"),
        ("step", "infinite (at x = 0)"),
        ("lisht", "1.19968 (at x = -1.19968, 1.19968)"),
        ("3", "0"),
    ],
)
def test_where_the_slope_is_largest_is_said(run: Run, function: str, said: str) -> None:
    assert f"Lipschitz     {said}\n" in run("info", function).stdout


def test_csv_has_a_row_for_each_function(run: Run) -> None:
    done = run("info", "sigmoid", "x**3 - x", "--format", "csv")
    sigmoid, cubic = csv.DictReader(io.StringIO(done.stdout))
    assert (sigmoid["range_low"], sigmoid["range_high"]) == ("0.0", "1.0")
    assert cubic["range_high"] == "inf"
    assert cubic["roots"] == "-1.0 0.0 1.0"


def test_what_is_seen_in_a_window_is_said(run: Run) -> None:
    done = run("info", "sin")
    assert "seen from -3.14159 to 3.14159" in done.stdout


def test_an_unknown_function_is_a_usage_error(run: Run) -> None:
    done = run("info", "gleu")
    assert done.exit_code == 2
    assert "gelu" in done.stderr
    assert done.stdout == ""
