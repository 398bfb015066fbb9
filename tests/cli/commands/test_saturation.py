import csv
import io
import math

import pytest

from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("remembered")

KEYS = """activation formula params eps relative max_slope ranges value_ranges no_value window
period proved open notes"""
RANGE_KEYS = "low high position hardness kind limit max_slope value_low value_high hard"


def test_json(run: Run) -> None:
    (answer,) = run("saturation", "sigmoid", "--json").results
    assert list(answer) == KEYS.split()
    low, high = answer["ranges"]
    assert list(low) == RANGE_KEYS.split()
    assert (low["low"], high["high"]) == (None, None)
    assert high["low"] == 6.905752272297920
    assert (low["kind"], low["limit"], high["limit"]) == ("bounded", 0, 1)
    assert (answer["eps"], answer["max_slope"], answer["window"]) == (1e-3, 0.25, None)
    assert list(answer["value_ranges"][0]) == ["low", "high", "slope", "intercept"]


def test_one_row_a_range_with_all_keys(run: Run) -> None:
    text = run("saturation", "gelu", "identity", "step", "--eps", "0.1", "-f", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["activation"] for row in rows] == ["gelu", "gelu", "step", "step"]
    assert float(rows[0]["low"]) == -math.inf
    assert {row["eps"] for row in rows} == {"0.1"}


def test_words_stand_above_the_table(run: Run) -> None:
    result = run("saturation", "tanh")
    assert result.exit_code == 0
    first = result.stdout.splitlines()[0]
    assert first.startswith("tanh saturates below -4.14677 (towards -1) and above 4.14677")


@pytest.mark.parametrize("eps", ["-1", "nan", "inf", "much"])
def test_a_bad_eps_is_a_usage_error(run: Run, eps: str) -> None:
    result = run("saturation", "tanh", "--eps", eps)
    assert result.exit_code == 2
    assert "eps" in result.stderr


def test_relative(run: Run) -> None:
    (answer,) = run("saturation", "sigmoid", "--eps", "0.004", "--relative", "--json").results
    assert answer["eps"] == 0.001
    assert answer["relative"] is True
    result = run("saturation", "step", "--relative")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "jumps at 0" in result.stderr


def test_a_window_is_part_of_the_answer(run: Run) -> None:
    (answer,) = run("saturation", "relu", "--range", "-2", "2", "--json").results
    assert answer["window"] == [-2, 2]
    assert [(r["low"], r["high"]) for r in answer["ranges"]] == [(-2, 0)]


@pytest.mark.parametrize(
    ("name", "low", "high", "code"),
    [
        ("tanh", "-4", "4", 0),
        ("tanh", "-4", "5", 3),
        ("relu", "-1", "1", 3),
        ("relu", "0", "1", 0),
        ("leaky_relu", "-1", "1", 0),
        ("softshrink", "-1", "1", 0),
        ("asinh", "-1e6", "1e6", 0),
    ],
)
def test_fail_if_saturated(run: Run, name: str, low: str, high: str, code: int) -> None:
    result = run("saturation", "identity", name, "--fail-if-saturated", low, high)
    assert result.exit_code == code
    assert (f"{name} saturates from" in result.stderr) == (code == 3)
    assert f"{name} " in result.stdout


def test_what_is_not_proved_is_said_and_may_fail(run: Run) -> None:
    result = run("saturation", "sin(1/x)", "--effort", "0.05", "--json")
    (answer,) = result.results
    assert (result.exit_code, answer["proved"]) == (0, False)
    assert all(list(place) == ["low", "high", "why"] for place in answer["open"])
    result = run("saturation", "sin(1/x)", "--effort", "0.05", "--prove")
    assert result.exit_code == 3
    assert "not decided" in result.stdout
    assert "not all is proved of sin(1/x)" in result.stderr
    assert run("saturation", "gelu", "tanh", "--prove").exit_code == 0
    assert run("saturation", "gelu", "--effort", "0").exit_code == 2
