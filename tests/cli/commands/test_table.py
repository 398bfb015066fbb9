"""`actcli table`, as a user types it."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
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


@pytest.mark.parametrize(
    "words",
    [
        ("gelu", "--at", "-1", "0", "1/3"),
        ("gelu", "--at", "-1,0,1/3"),
        ("gelu", "--at=-1", "0,1/3"),
        ("--at", "-1", "0", "1/3", "gelu"),
        ("--at", "-1", "--at", "0", "--at", "1/3", "--", "gelu"),
    ],
)
def test_numbers_after_at_are_points(run: Run, words: tuple[str, ...]) -> None:
    (result,) = run("table", "--json", *words).results
    assert (result["activation"], result["x"]) == ("gelu", [-1, 0, 1 / 3])


def test_the_limits_stand_at_infinity(run: Run) -> None:
    args = ("table", "tanh", "exp(-x)", "--at", "-inf", "inf", "-f", "csv")
    assert run(*args).stdout.splitlines()[1:] == [
        "tanh,-inf,-1.0,0.0",
        "tanh,inf,1.0,0.0",
        "exp(-x),-inf,inf,-inf",
        "exp(-x),inf,0.0,0.0",
    ]


@pytest.mark.parametrize(
    ("option", "low", "high"),
    [(("-pi", "pi"), -math.pi, math.pi), (("-1/3", "2**-4"), -1 / 3, 0.0625)],
)
def test_ranges_are_read_like_parameters(
    run: Run, option: tuple[str, str], low: float, high: float
) -> None:
    (result,) = run(
        "table", "elu:alpha=1/7", "--range", *option, "--points", "2e0", "--json"
    ).results
    assert result["x"] == [low, high]
    assert result["params"] == {"alpha": 1 / 7}


def test_a_formula_with_commas_is_quoted_in_csv(run: Run) -> None:
    text = run("table", "max(x, 0)", "--at", "1", "-f", "csv").stdout
    assert text.splitlines()[1] == '"max(x, 0)",1.0,1.0,1.0'


@pytest.mark.parametrize(
    ("low", "high"), [(-6.0, 6.0), (0.1, 0.3), (-1.7e308, 1.7e308), (5e-324, 1e-320)]
)
@pytest.mark.parametrize("count", [1, 2, 7, 40_000])
def test_points_are_evenly_spaced_and_the_ends_exact(
    run: Run, low: float, high: float, count: int
) -> None:
    args = ("--range", repr(low), repr(high), "--points", str(count))
    x = np.array(run("table", "identity", *args, "--json").results[0]["x"])
    assert len(x) == count
    assert x[0] == low
    if count > 1:
        assert x[-1] == high
        assert (x[1:] >= x[:-1]).all()
        middle = count // 2
        exact = Fraction(low) + (Fraction(high) - Fraction(low)) * middle / (count - 1)
        assert abs(Fraction(x[middle]) - exact) <= 4 * math.ulp(max(abs(low), abs(high)))


def test_points_from_a_file(run: Run, tmp_path: Path) -> None:
    text, array = tmp_path / "points.txt", tmp_path / "points.npy"
    text.write_text("# a comment\n1, 2\n\n3;4\t-5e-1 # more\ninf nan\n")
    np.save(array, np.array([[1, 2], [3, 4]], dtype=np.float16))
    assert run("table", "identity", "--from", str(text), "--json").results[0]["x"] == [
        1,
        2,
        3,
        4,
        -0.5,
        None,
        None,
    ]
    args = ("table", "identity", "--from", str(array), "--column", "all", "--json")
    assert run(*args).results[0]["x"] == [1, 2, 3, 4]
    assert run("table", "identity", "--from", "-", "--json", stdin="7 8").results[0]["x"] == [7, 8]


COLUMNS = {
    "titled.csv": "x, y z\n1,2\n3,4\n",
    "plain.txt": "1 2\n3 4\n",
    "gap.csv": "\n# c\nx;y\n1;2\n;4\n",
    "single.csv": "x\n1\n3\n",
    "row.txt": "1 2 3\n",
    "ragged.txt": "1, 2,\n3\n",
}


@pytest.mark.parametrize(
    ("name", "column", "expected"),
    [
        ("titled.csv", None, "has 2 columns: 'x', 'y z'; pick one with --column"),
        ("titled.csv", "y z", [2, 4]),
        ("titled.csv", "1", [1, 3]),
        ("titled.csv", "all", [1, 2, 3, 4]),
        ("titled.csv", "3", "there is no column '3'"),
        ("plain.txt", None, "has 2 columns: 1 to 2; pick one with --column"),
        ("plain.txt", "2", [2, 4]),
        ("plain.npy", None, "has 2 columns: 1 to 2"),
        ("plain.npy", "2", [2, 4]),
        ("records.npy", None, "has 2 columns: 'x', 'y'"),
        ("records.npy", "y", [2, 4]),
        ("gap.csv", "y", [2, 4]),
        ("gap.csv", "x", "line 5: '' is not a number"),
        ("single.csv", None, [1, 3]),
        ("single.csv", "x", [1, 3]),
        ("row.txt", None, [1, 2, 3]),
        ("ragged.txt", None, [1, 2, 3]),
    ],
)
def test_of_several_columns_one_is_picked(
    run: Run, tmp_path: Path, name: str, column: str | None, expected: list[float] | str
) -> None:
    pairs = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.save(tmp_path / "plain.npy", pairs)
    np.save(tmp_path / "records.npy", pairs.view([("x", float), ("y", float)])[:, 0])
    for text, content in COLUMNS.items():
        (tmp_path / text).write_text(content)
    picked = () if column is None else ("--column", column)
    result = run("table", "identity", "--from", str(tmp_path / name), *picked, "--json")
    if isinstance(expected, str):
        assert (result.exit_code, result.stdout) == (1, "")
        assert expected in result.stderr
    else:
        assert result.results[0]["x"] == expected


def test_what_table_writes_it_reads_back(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "out.csv")
    run("table", "gelu", "--points", "3", "-o", path)
    (result,) = run("table", "identity", "--from", path, "--column", "x", "--json").results
    assert result["x"] == [-6, 0, 6]


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


def test_the_points_of_a_symmetric_range_are_symmetric(run: Run) -> None:
    args = ("table", "identity", "--range", "-2", "2", "--points", "7", "--json")
    assert run(*args).results[0]["x"] == [-2, -4 / 3, -2 / 3, 0, 2 / 3, 4 / 3, 2]


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


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("words.txt", b"1 2\nthree\n", "line 2: 'three' is not a number"),
        ("empty.txt", b"", "holds no numbers"),
        ("broken.npy", b"\x93NUMPY garbage", "cannot read"),
        ("pickled.npy", None, "cannot read"),
    ],
)
def test_files_that_hold_no_numbers(
    run: Run, tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if content is None:
        np.save(path, np.array([{}], dtype=object), allow_pickle=True)
    else:
        path.write_bytes(content)
    result = run("table", "relu", "--from", str(path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


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
