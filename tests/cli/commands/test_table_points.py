"""`actcli table`: at which points, typed, spread over a range or read from a file."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Run


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


def test_the_points_of_a_symmetric_range_are_symmetric(run: Run) -> None:
    args = ("table", "identity", "--range", "-2", "2", "--points", "7", "--json")
    assert run(*args).results[0]["x"] == [-2, -4 / 3, -2 / 3, 0, 2 / 3, 4 / 3, 2]


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
