"""`actcli gain`."""

from __future__ import annotations

import pytest

from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("remembered")

KEYS = [
    *("mean", "second_moment", "variance", "mean_derivative", "second_moment_derivative"),
    *("forward_gain", "standard_gain", "backward_gain", "torch_gain"),
]


def test_json_has_the_promised_keys(run: Run) -> None:
    result = run("gain", "relu", "step", "--json")
    assert result.json["schema"] == "actcli.gain/1"
    relu, step = result.results
    assert list(relu) == ["activation", "formula", "params", "q", *KEYS, "proved", "open"]
    assert (relu["proved"], relu["open"]) == (True, [])
    assert step["backward_gain"] is None
    assert "note: step jumps at x = 0" in result.stderr


def test_csv_is_a_row_a_function(run: Run) -> None:
    lines = run("gain", "relu", "tanh", "x*tanh(x)", "-f", "csv", "--q", "2").stdout.splitlines()
    assert lines[0].split(",") == ["activation", "q", *KEYS]
    assert [line.split(",")[1] for line in lines[1:]] == ["2.0"] * 3


def test_a_person_reads_what_each_number_is_for(run: Run) -> None:
    text = run("gain", "gelu").stdout
    assert "f(x) = x*norm_cdf(x) (gelu) for x ~ N(0, 1)" in text
    assert "var W = gain^2/fan_in keeps signals (He)" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_what_is_open_is_one_line_and_nulls(run: Run) -> None:
    result = run("gain", "abs(3*x - 1)**0.5")
    assert result.stdout.count("not decided from 0.333333333333 to") == 1
    (answer,) = run("gain", "abs(3*x - 1)**0.5", "--json").results
    assert (answer["proved"], answer["second_moment_derivative"]) == (False, None)
    assert list(answer["open"][0]) == ["low", "high", "why"]


@pytest.mark.parametrize("q", ["0", "-1", "inf", "x"])
def test_a_variance_is_positive(run: Run, q: str) -> None:
    assert run("gain", "relu", "--q", q).exit_code == 2


def test_infinite_moments(run: Run) -> None:
    result = run("gain", "exponential", "--q", "1e4")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1


def test_a_proof_can_be_asked_for(run: Run) -> None:
    assert run("gain", "gelu", "--prove").exit_code == 0
    result = run("gain", "sin(1/x)", "--effort", "0.5", "--prove")
    assert result.exit_code == 3
    assert "not all is proved of sin(1/x)" in result.stderr
