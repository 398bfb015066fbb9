"""`actcli table`, as a user types it."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from pathlib import Path

import pytest

from tests.conftest import Run


def test_json_has_columns(run: Run) -> None:
    (result,) = run(
        "table", "step:at_zero=0.5", "--range", "-1", "1", "--points", "3", "--json"
    ).results
    assert result == {
        "activation": "step:at_zero=0.5",
        "formula": "where(x > 0, 1, where(x < 0, 0, at_zero))",
        "params": {"at_zero": 0.5},
        "x": [-1.0, 0.0, 1.0],
        "value": [0.0, 0.5, 1.0],
        "derivative": [0.0, 0.0, 0.0],
        "second_derivative": None,
        "derivative_formula": "0",
        "second_derivative_formula": None,
    }


def test_order_2_adds_the_second_derivative(run: Run) -> None:
    (elu,) = run("table", "elu", "--at", "-1", "0", "1", "--order", "2", "--json").results
    assert elu["derivative_formula"] == "where(x > 0, 1, exp(x))"
    assert elu["second_derivative_formula"] == "where(x > 0, 0, exp(x))"
    assert elu["second_derivative"] == [pytest.approx(math.exp(-1)), None, 0]
    done = run("table", "elu", "--at", "-1", "--order", "2")
    assert "f''(x) = where(x > 0, 0, exp(x))" in done.stdout
    assert run("table", "elu", "--at", "0", "--order", "2", "-f", "csv").stdout == (
        "activation,x,value,derivative,second_derivative\nelu,0.0,0.0,1.0,NaN\n"
    )


def test_the_head_has_the_derivative_as_a_formula(run: Run) -> None:
    assert "f'(x) = 1 - tanh(x)**2" in run("table", "tanh").stdout
    assert "f'(x) = 2*x" in run("table", "x*x").stdout


def test_the_formats_agree(run: Run) -> None:
    args = ("table", "identity", "exp(x)", "--range", "-2", "3", "--points", "7")
    columns = run(*args, "--json").results
    expected = [
        (one["activation"], *numbers)
        for one in columns
        for numbers in zip(one["x"], one["value"], one["derivative"], strict=True)
    ]
    for format_, delimiter in (("csv", ","), ("tsv", "\t")):
        header, *lines = csv.reader(
            io.StringIO(run(*args, "-f", format_).stdout), delimiter=delimiter
        )
        assert header == ["activation", "x", "value", "derivative"]
        assert [(line[0], *map(float, line[1:])) for line in lines] == expected
    rows = [json.loads(line) for line in run(*args, "-f", "ndjson").stdout.splitlines()]
    assert [tuple(row.values()) for row in rows] == expected


def test_what_is_not_finite(run: Run) -> None:
    args = ("table", "log(x)", "--at", "-1", "--at", "0", "--at", "1")
    assert run(*args, "--json").results[0]["value"] == [None, None, 0.0]
    assert run(*args, "-f", "csv").stdout.splitlines()[1:] == [
        "log(x),-1.0,NaN,NaN",
        "log(x),0.0,-inf,inf",
        "log(x),1.0,0.0,1.0",
    ]
    assert '"value":null' in run(*args, "-f", "ndjson").stdout.splitlines()[0]


def test_the_limits_stand_at_infinity(run: Run) -> None:
    args = ("table", "tanh", "exp(-x)", "--at", "-inf", "inf", "-f", "csv")
    assert run(*args).stdout.splitlines()[1:] == [
        "tanh,-inf,-1.0,0.0",
        "tanh,inf,1.0,0.0",
        "exp(-x),-inf,inf,-inf",
        "exp(-x),inf,0.0,0.0",
    ]


def test_a_formula_with_commas_is_quoted_in_csv(run: Run) -> None:
    text = run("table", "max(x, 0)", "--at", "1", "-f", "csv").stdout
    assert text.splitlines()[1] == '"max(x, 0)",1.0,1.0,1.0'


def test_wide_is_one_table(run: Run) -> None:
    args = ("table", "relu", "x*x", "--at", "-1", "2", "--wide")
    assert run(*args, "-f", "csv").stdout.splitlines() == [
        "x,relu,relu',x*x,x*x'",
        "-1.0,0.0,0.0,1.0,-2.0",
        "2.0,2.0,1.0,4.0,4.0",
    ]
    text = run(*args).stdout
    assert text.count("─\n") == 1
    assert "relu: max(x, 0)\nf'(x) = where(x > 0, 1, 0)\nx*x\n" in text
    assert run(*args, "--json").json == run(*args[:-1], "--json").json
    assert "give each once" in run("table", "relu", "relu", "--wide").stderr


@pytest.mark.parametrize("digits", ["2", "6", "12", "full"])
def test_a_row_is_f_of_the_x_that_is_shown(run: Run, digits: str) -> None:
    args = ("table", "exp(x)", "--range", "-2", "2", "--points", "7")
    lines = run(*args, "--digits", digits).stdout.splitlines()[4:]
    exact = run(*args, "--json").results[0]
    for line, x, value in zip(lines, exact["x"], exact["value"], strict=True):
        shown, *rest = line.split()
        assert float(shown) == x
        count = 17 if digits == "full" else int(digits)
        assert float(rest[0]) == float(f"{value:.{count}g}")


@pytest.mark.parametrize(
    ("args", "exit_code", "message"),
    [
        (["rellu"], 2, "unknown activation 'rellu': did you mean relu"),
        (["step:height=1"], 2, "step has no parameter 'height': its parameters are: at_zero"),
        (["identity:a=1"], 2, "identity has no parameter 'a': it has none"),
        (["step:at_zero=7"], 2, "at_zero must be at least 0 and at most 1, not 7"),
        (["step:at_zero=nan"], 2, "at_zero must be a number, not 'nan'"),
        (["step:at_zero=a"], 2, "at_zero must be a number, not 'a'"),
        (["step:at_zero"], 2, "write parameters as key=value"),
        (["step:at_zero=0,at_zero=1"], 2, "is given twice"),
        (["2*(x"], 2, "column"),
        (["relu", "--range", "1", "1"], 2, "LO must be less than HI"),
        (["relu", "--range", "nan", "1"], 2, "must be a finite number, not 'nan'"),
        (["relu", "--range", "0", "1e999"], 2, "must be a finite number, not '1e999'"),
        (["relu", "--points", "0"], 2, "0 is not in the range 1<=x<=1000000000"),
        (["relu", "--at", "nan"], 2, "must be a number, inf or -inf, not 'nan'"),
        (["relu", "--at", "0,a"], 2, "must be a number, inf or -inf, not 'a'"),
        (["relu", "--at", "1_0"], 2, "must be a number, inf or -inf, not '1_0'"),
        (["relu", "--at", "\u0661"], 2, "must be a number, inf or -inf, not '\\u0661'"),
        (["relu", "--at", "x"], 2, "must be a number, inf or -inf, not 'x'"),
        (["--at", "1", "2"], 2, "Missing argument 'FN...'"),
        (["relu", "--points", "2.5"], 2, "must be a whole number, not '2.5'"),
        (["relu", "--at", "1", "--points", "3"], 2, "give one of them"),
        (["relu", "--from", "missing.txt"], 1, "cannot read 'missing.txt': No such file"),
        (["relu", "--from", "."], 1, "cannot read '.': Is a directory"),
        (["relu", "--from", "-"], 1, "standard input holds no numbers"),
        (["relu", "--json", "-f", "csv"], 2, "two formats"),
        (["relu", "--digits", "0"], 2, "must be 1 to 17, or full, not '0'"),
        (["relu", "--digits", "3", "--json"], 2, "--digits is for tables"),
        (["relu", "--column", "1"], 2, "--column belongs to --from"),
        (["relu", "-f", "xml"], 2, "'xml' is not one of"),
        (
            ["relu", "-o", "missing/out.csv"],
            1,
            "cannot write to 'missing/out.csv': there is no folder",
        ),
        (["relu", "-o", "picture.png"], 2, "this command draws no figure"),
    ],
)
def test_errors(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    args: list[str],
    exit_code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("table", *args)
    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_output_file_is_replaced_whole_or_stays(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    assert run("table", "relu", "--from", "missing", "-o", str(path)).exit_code == 1
    assert path.read_text() == "old"
    assert run("table", "relu", "--at", "1", "-o", str(path)).stdout == ""
    assert path.read_text() == "activation,x,value,derivative\nrelu,1.0,1.0,1.0\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.json", '{"schema"'),
        ("a.jsonl", '{"activation"'),
        ("a.md", "| activation"),
        ("a.txt", "identity"),
        ("a.html", "<!DOCTYPE html>"),
    ],
)
def test_the_suffix_picks_the_format(run: Run, tmp_path: Path, name: str, start: str) -> None:
    assert run("table", "identity", "--at", "1", "-o", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / name).read_text().startswith(start)


def test_colour_is_only_where_it_is_asked_for(run: Run) -> None:
    assert "\x1b[" not in run("table", "identity").stdout
    assert "\x1b[" in run("table", "identity", "--color", "always").stdout
    assert "\x1b[" in run("--color", "always", "table", "identity").stdout


@pytest.mark.parametrize("format_", ["csv", "tsv", "ndjson", "json", "md"])
def test_no_value_is_a_negative_zero(run: Run, format_: str) -> None:
    functions = ("relu", "silu", "hardswish", "hardtanh", "tanhshrink")
    result = run("table", *functions, "--at", "-1000,-4,0", "--order", "2", "-f", format_)
    assert result.exit_code == 0
    assert not re.search(r"-0(\.0)?(?![.\d])", result.stdout)
