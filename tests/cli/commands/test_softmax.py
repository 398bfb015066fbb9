"""`actcli softmax`."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from actcli.cli.commands.softmax import KINDS
from tests.conftest import Run

KEYS = [
    *("kind", "temperature", "logits", "probabilities", "log_probabilities", "entropy"),
    *("jacobian", "target", "loss", "losses", "saturation"),
]


def test_json_has_the_promised_keys(run: Run) -> None:
    result = run("softmax", "--target", "1", "--json", "--", "-1", "2", "-inf")
    assert result.json["schema"] == "actcli.softmax/1"
    (answer,) = result.results
    assert list(answer) == KEYS
    assert answer["logits"] == [-1.0, 2.0, None]
    assert answer["log_probabilities"][2] is None
    assert list(answer["loss"]) == ["name", "value", "gradient"]
    assert list(answer["saturation"]) == ["eps", "gap", "probability"]
    assert all(math.fsum(row) == 0 for row in answer["jacobian"])


def test_a_person_sees_bars(run: Run) -> None:
    text = run("softmax", "0", "0", "0", "0").stdout
    assert text.count("#####\n") == 4
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "logits", [["1", "2", "3"], ["0.3", "-1e-9", "40", "1"], ["7", "7"], ["5"]]
)
def test_a_row_of_the_jacobian_sums_to_0_as_printed(run: Run, kind: str, logits: list[str]) -> None:
    args = ("softmax", "--jacobian", "--kind", kind, "-f", "table", "--temperature", "0.7", "--")
    lines = run(*args, *logits).stdout.splitlines()
    (header,) = (n for n, line in enumerate(lines) if line.startswith("class  "))
    rows = [[Decimal(text) for text in line.split()[1:]] for line in lines[header + 2 :]]
    assert [len(row) for row in rows] == [len(logits)] * len(logits)
    assert [sum(row) for row in rows] == [0] * len(rows)


def test_the_jacobian_as_a_table(run: Run) -> None:
    lines = run("softmax", "0", "0", "--jacobian", "-f", "csv").stdout.splitlines()
    assert lines == ["vector,class,by_logit_0,by_logit_1", "0,0,0.25,-0.25", "0,1,-0.25,0.25"]


@pytest.mark.parametrize("name", ["in.txt", "in.csv", "-"])
def test_a_vector_a_line(run: Run, tmp_path: Path, name: str) -> None:
    text = "# two\n1 2\n\n3,-inf,5\n"
    path = name if name == "-" else str(tmp_path / name)
    if name != "-":
        Path(path).write_text(text)
    first, second = run("softmax", "--from", path, "--json", stdin=text).results
    assert (first["logits"], second["logits"]) == ([1.0, 2.0], [3.0, None, 5.0])


@pytest.mark.parametrize(("shape", "count"), [((6,), 1), ((2, 3), 2), ((2, 3, 1), 6)])
def test_rows_of_an_array(run: Run, tmp_path: Path, shape: tuple[int, ...], count: int) -> None:
    np.save(tmp_path / "in.npy", np.arange(6.0).reshape(shape))
    results = run("softmax", "--from", str(tmp_path / "in.npy"), "--json").results
    assert len(results) == count


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["x"],
        ["nan"],
        ["inf"],
        ["--", "-inf"],
        ["1", "--temperature", "0"],
        ["1", "--temperature", "-1"],
        ["1", "2", "--target", "2"],
        ["1", "--target", "-1"],
        ["1", "--loss", "hinge"],
        ["1", "--from", "-"],
    ],
)
def test_refusals(run: Run, args: list[str]) -> None:
    result = run("softmax", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(("text", "code"), [("", 1), ("1 x", 1), ("1 nan", 2), ("inf", 2)])
def test_bad_files(run: Run, text: str, code: int) -> None:
    result = run("softmax", "--from", "-", stdin=text)
    assert (result.exit_code, result.stdout) == (code, "")


@pytest.mark.parametrize("command", ["info", "plot"])
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin", "sparsemax", "entmax15"])
def test_others_say_where_to_go(run: Run, command: str, name: str) -> None:
    result = run(command, name)
    assert result.exit_code == 2
    assert "see `actcli softmax`" in result.stderr
