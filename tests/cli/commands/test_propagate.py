"""`actcli propagate`."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

from actcli.cli.options import INITS
from actcli.meanfield.propagate import CRITICAL, SCHEMES
from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("remembered")

LAYER = ["layer", "q", "correlation", "chi_1", "gradient", "saturated", "zero_slope", "dead"]
PROMISED = {
    *("activation", "sigma_w", "sigma_b", "q_star", "chi_1", "chi_q", "depth_scale_q"),
    *("depth_scale_c", "verdict", "layers"),
}


def test_json_has_the_promised_keys(run: Run) -> None:
    result = run("propagate", "relu", "tanh", "--depth", "4", "--json")
    assert result.json["schema"] == "actcli.propagate/1"
    for one in result.results:
        assert one.keys() >= PROMISED
        assert [list(layer) for layer in one["layers"]] == [LAYER] * 4


def test_rows_are_layers(run: Run) -> None:
    lines = run("propagate", "relu", "--depth", "3", "-f", "csv").stdout.splitlines()
    assert lines[0].split(",") == ["activation", *LAYER]
    assert len(lines) == 4


def test_the_initialisations_are_those_of_the_analysis() -> None:
    assert (*SCHEMES, CRITICAL) == INITS


def test_sentences_then_layers(run: Run) -> None:
    text = run("propagate", "relu", "--depth", "20", "--init", "torch-linear").stdout
    assert "The gradient at layer 1 is 1.65e-08 of that behind layer 20." in text
    assert any(line.startswith("layer  ") for line in text.splitlines())


def test_a_chart_has_a_curve_a_function(run: Run) -> None:
    text = run("propagate", "tanh", "sigmoid", "--depth", "9", "-f", "chart").stdout
    for label in ("tanh: gradient", "sigmoid: gradient", "tanh: variance q"):
        assert label in text


def test_simulation_stands_beside_the_theory(run: Run) -> None:
    args = ("propagate", "relu", "--depth", "3", "--simulate", "--units", "32", "--trials", "4")
    result = run(*args, "--seed", "7", "--json")
    assert result.stderr == ""
    measured = result.results[0]["simulation"]
    assert (measured["width"], measured["trials"], measured["seed"]) == (32, 4, 7)
    assert len(measured["layers"]) == 3
    header = run(*args, "-f", "csv").stdout.splitlines()[0]
    assert header.endswith("gradient_simulated,gradient_error")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--depth", "0"], "--depth"),
        (["--sigma-w", "-1"], "must be at least 0"),
        (["--sigma-b", "-1"], "must be at least 0"),
        (["--q0", "0"], "must be"),
        (["--c0", "2"], "must be"),
        (["--simulate", "--units", "0"], "--units"),
        (["--simulate", "--trials", "0"], "--trials"),
        (["--units", "4"], "--units belongs to --simulate"),
        (["--init", "he", "--sigma-w", "1"], "give one"),
    ],
)
def test_usage(run: Run, args: list[str], message: str) -> None:
    result = run("propagate", "relu", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "args",
    [
        ["step"],
        ["softplus", "--init", "critical"],
        ["exponential"],
        ["cube"],
        ["step", "--simulate"],
    ],
)
def test_what_cannot_be_followed_is_one_line(run: Run, args: list[str]) -> None:
    result = run("propagate", *args)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(("lines", "drawn"), [("24", False), ("60", True)])
def test_a_tall_terminal_shows_the_chart_below(lines: str, drawn: bool) -> None:
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "actcli", "propagate", "relu", "--depth", "12"],
        stdout=theirs,
        check=True,
        env=os.environ | {"LINES": lines, "COLUMNS": "80", "NO_COLOR": "1"},
    )
    os.close(theirs)
    text = b""
    while True:
        try:
            piece = os.read(ours, 1 << 16)
        except OSError:
            break
        text += piece
        if not piece:
            break
    os.close(ours)
    assert ("relu: gradient" in text.decode()) == drawn


def test_what_was_simulated_fits_80_columns(run: Run) -> None:
    result = run("propagate", "tanh", "--depth", "3", "--simulate", "--units", "64")
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert re.search(r"\d\+-\d", result.stdout)


def test_the_depth_has_a_bound(run: Run) -> None:
    result = run("propagate", "tanh", "--depth", "10001")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "10001 is not in the range" in result.stderr


def test_where_the_edge_of_chaos_breaks_off_is_one_line(run: Run) -> None:
    broken = "((10 / -1)**(x - x))**(min(0.5, x) - atan(x)) - x"
    result = run("propagate", broken, "--depth", "4", "--init", "critical")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "fault" not in result.stderr
    assert result.stderr.count("\n") == 1


def test_through_time_the_sentences_come_first(run: Run) -> None:
    args = ("--cell", "rnn", "--cell", "lstm", "--forget-bias", "1", "--forget-bias", "5")
    result = run("propagate", "tanh", *args, "--steps", "9", "--units", "16", "--repeat", "3")
    said = re.findall(r"^(rnn|lstm \(forget bias \d\)): the gradient 9 steps", result.stdout, re.M)
    assert said == ["rnn", "lstm (forget bias 1)", "lstm (forget bias 5)"]
    document = run("propagate", "tanh", *args, "--steps", "9", "--units", "16", "--json").json
    assert document["schema"] == "actcli.recurrent/1"
    assert [len(one["steps"]) for one in document["results"]] == [9, 9, 9]


@pytest.mark.parametrize(
    "args",
    [
        ["--steps", "5"],
        ["--forget-bias", "1"],
        ["--repeat", "2"],
        ["--cell", "nosuch"],
        ["--cell", "rnn", "--depth", "5"],
        ["--cell", "rnn", "--forget-bias", "1"],
        ["--cell", "gru", "--init", "critical"],
        ["--cell", "gru", "--steps", "0"],
        ["--cell", "gru", "--update-bias", "-1e308"],
    ],
)
def test_options_of_cells_and_layers_do_not_mix(run: Run, args: list[str]) -> None:
    result = run("propagate", "tanh", *args)
    assert (result.exit_code, result.stdout) == (2, "")


def test_synonyms_of_schemes(run: Run) -> None:
    for synonym, name in (("xavier", "glorot"), ("kaiming", "he")):
        found = run("propagate", "tanh", "--depth", "2", "--init", synonym, "--json").results
        assert found == run("propagate", "tanh", "--depth", "2", "--init", name, "--json").results
        assert found[0]["init"] == name


def test_its_words_are_explained_in_a_line_each(run: Run) -> None:
    plain = run("propagate", "tanh", "--depth", "2").stdout
    explained = run("propagate", "tanh", "relu", "--depth", "2", "--explain").stdout
    lines = explained.splitlines()
    for word in ("q*", "chi_1", "chi_q", "ordered", "chaotic", "critical"):
        assert sum(line.startswith(f"{word}: ") for line in lines) == 1
        assert f"\n{word}: " not in plain
    assert all(len(line) <= 80 for line in lines)
    cell = run("propagate", "tanh", "--cell", "lstm", "--steps", "3", "--units", "8", "--explain")
    assert "\nhalf-life: " in cell.stdout


def test_the_growth_of_a_residual_stream(run: Run) -> None:
    args = ("propagate", "relu", "--depth", "4", "--sigma-w", "1")
    (found,) = run(*args, "--residual", "0.5", "--json").results
    assert [one["layer"] for one in found["layers"]] == [0, 1, 2, 3, 4]
    assert found["layers"][1]["stream"] == pytest.approx(1.125)
    assert found["growth"] == "exponential"
    text = run(*args, "--residual", "0.5").stdout
    assert text.startswith("x + 0.5*relu(W x) (sigma_w = 1, sigma_b = 0)")
    assert run(*args, "--residual").stdout.startswith("x + relu(W x) (")
    assert run(*args, "--residual", "-2").stdout.startswith("x - 2*relu(W x) (")
    typed = run("propagate", "x*tanh(x)", "--depth", "2", "--residual", "--sigma-b", "1").stdout
    assert typed.startswith("x + f(W x + b), f = x*tanh(x) (he initialisation")
    assert run(*args, "--residual", "--eps", "0.1").exit_code == 2
    assert run(*args, "--residual", "-f", "csv").stdout.startswith("activation,layer,stream,mean")
    assert "the stream" in run(*args, "--residual", "-f", "chart").stdout


def test_alpha_may_be_left_out_before_the_function(run: Run) -> None:
    one = run("propagate", "--residual", "relu", "--depth", "2", "--json")
    assert one.results[0]["alpha"] == 1
    assert one.json == run("propagate", "relu", "--depth", "2", "--residual=1", "--json").json
    assert run("propagate", "relu", "--residual", "1/2", "--json").results[0]["alpha"] == 0.5


def test_a_residual_network_is_simulated_too(run: Run) -> None:
    args = ("propagate", "tanh", "--residual", "0.5", "--depth", "3", "--simulate", "--units", "16")
    (found,) = run(*args, "--json").results
    assert len(found["simulation"]["layers"]) == 4
    assert "stream simulated" in run(*args).stdout.replace("\n", " ")
    assert run("propagate", "tanh", "--residual", "--init", "critical").exit_code == 2
    assert run("propagate", "tanh", "--residual", "--cell", "rnn").exit_code == 2


def test_digits_are_those_that_are_asked_for(run: Run) -> None:
    result = run("propagate", "tanh", "--depth", "2", "--digits", "12")
    assert "sigma_w = 1.41421356237," in result.stdout
