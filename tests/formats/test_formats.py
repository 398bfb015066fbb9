"""The formats, fed with answers of their own: no activation in sight."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.charts.screen import Screen
from actcli.cli.destination import write
from actcli.errors import MissingExtraError, UsageError
from actcli.formats.registry import TABULAR, Format, document, format_for
from actcli.results import Column, Columns, Reply, Report, Row
from tests.conftest import Run


@dataclass(frozen=True)
class Low:
    name: str
    low: float | None


class LowReport(Report[Low]):
    header = ("name", "low", "flag")

    def rows(self) -> list[Row]:
        return [{"name": self.result.name, "low": self.result.low, "flag": True}]


@dataclass(frozen=True)
class Nothing:
    name: str = "nothing"


class NothingReport(Report[Nothing]):
    header = ("name", "low")

    def rows(self) -> list[Row]:
        return []


@dataclass(frozen=True)
class Pairs:
    name: str
    x: Column
    y: Column


class PairsReport(Report[Pairs]):
    def columns(self) -> Iterator[Columns]:
        for x, y in zip(self.result.x, self.result.y, strict=True):
            yield {"name": self.result.name, "x": x, "y": y}


def rows(name: str, low: float | None) -> LowReport:
    return LowReport(Low(name, low))


def numbers_in(name: str, x: Column, y: Column) -> PairsReport:
    return PairsReport(Pairs(name, x, y))


def column(*blocks: list[float]) -> Column:
    return Column(lambda: (np.array(block, dtype=np.float64) for block in blocks))


def text(format_: Format, *reports: Report[Any]) -> str:
    return b"".join(document(format_, format_, Reply(reports, "test/1"), Screen())).decode()


floats = st.floats(allow_nan=True, allow_infinity=True)


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


@given(st.text(), st.lists(st.lists(st.tuples(floats, floats), min_size=1), min_size=1))
def test_columns_survive_every_machine_format(
    name: str, blocks: list[list[tuple[float, float]]]
) -> None:
    xs = column(*([x for x, _ in block] for block in blocks))
    ys = column(*([y for _, y in block] for block in blocks))
    pairs = [pair for block in blocks for pair in block]
    name = "".join(c for c in name if c.isprintable())
    answer = numbers_in(name, xs, ys)
    delimited: tuple[tuple[Format, str], ...] = (("csv", ","), ("tsv", "\t"))
    for format_, delimiter in delimited:
        header, *lines = csv.reader(io.StringIO(text(format_, answer)), delimiter=delimiter)
        assert header == ["name", "x", "y"]
        assert [line[0] for line in lines] == [name] * len(pairs)
        for line, pair in zip(lines, pairs, strict=True):
            assert all(
                same(float(cell), number) for cell, number in zip(line[1:], pair, strict=True)
            )
    expected = [[x if math.isfinite(x) else None for x in pair] for pair in pairs]
    objects = [json.loads(line) for line in text("ndjson", answer).split("\n")[:-1]]
    assert [[one["x"], one["y"]] for one in objects] == expected
    document = json.loads(text("json", answer))
    assert document["schema"] == "actcli.test/1"
    assert [
        list(pair) for pair in zip(*(document["results"][0][k] for k in "xy"), strict=True)
    ] == expected


def test_many_columns_and_none_but_numbers() -> None:
    numbers = np.arange(36.0).reshape(3, 12) / 8

    class Wide(Report[None]):
        def columns(self) -> Iterator[Columns]:
            yield {f"c{i}": column for i, column in enumerate(numbers.T)}

    lines = [line.split("\t") for line in text("tsv", Wide(None)).splitlines()]
    assert [[float(cell) for cell in line] for line in lines[1:]] == numbers.tolist()
    objects = [json.loads(line) for line in text("ndjson", Wide(None)).splitlines()]
    assert [list(one.values()) for one in objects] == numbers.tolist()


def test_rows_in_every_format() -> None:
    reports = rows("a|b", 0.1), rows('"c", d', None)
    assert text("csv", *reports) == 'name,low,flag\na|b,0.1,true\n"""c"", d",,true\n'
    assert text("ndjson", *reports).splitlines()[1] == r'{"name":"\"c\", d","low":null,"flag":true}'
    assert text("md", *reports).splitlines()[2] == r"| a\|b | 0.1 | yes |"
    assert "a|b" in text("table", *reports)


@pytest.mark.parametrize("format_", ["csv", "tsv", "md"])
def test_the_header_stands_even_over_nothing(format_: Format) -> None:
    assert (
        text(format_, NothingReport(Nothing())).replace("\t", ",").strip("| \n").startswith("name")
    )


@pytest.mark.parametrize("format_", [one for one in TABULAR if one != "parquet"])
def test_no_markup_in_the_users_text(format_: Format) -> None:
    assert "[bold]" in text(format_, rows("[bold]", 1.0))


@pytest.mark.parametrize(
    ("name", "formats", "expected"),
    [
        (None, ("table", "csv"), "table"),
        ("a.CSV", ("table", "csv"), "csv"),
        ("a.jsonl", ("table",), "ndjson"),
        ("a", ("table",), "table"),
        ("a.txt", ("chart", "table"), "chart"),
        ("a.svg", ("chart", "table"), "svg"),
        ("a.html", ("table",), "html"),
    ],
)
def test_the_suffix_picks_the_format(
    name: str | None, formats: tuple[Format, ...], expected: Format
) -> None:
    assert format_for(Path(name) if name else None, formats) == expected


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (["-f", "csv"], "b.json"),
        (["--json"], "b.csv"),
        (["-f", "csv"], "b.png"),
        (["-f", "table"], "b.html"),
    ],
)
def test_a_format_and_a_suffix_do_not_contradict(
    run: Run, tmp_path: Path, asked: list[str], name: str
) -> None:
    result = run("table", "relu", *asked, "-o", str(tmp_path / name))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(f"and the suffix {Path(name).suffix} ask for two formats\n")
    assert not [*tmp_path.iterdir()]
    assert run("table", "relu", *asked, "-o", str(tmp_path / "b.dat")).exit_code == 0


@pytest.mark.parametrize("name", ["a.jpg", "a.eps", "a.py", "a.csv.gz"])
def test_an_unknown_suffix_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(UsageError, match=r"json, .*parquet, .*svg"):
        format_for(Path(name), ("table", "chart"))


def test_a_failure_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")

    def failing() -> Iterator[bytes]:
        yield b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(failing(), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    write([b"new"], path)
    assert path.read_text() == "new"


def test_parquet_keeps_the_types(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "out.parquet"

    def written(*reports: Report[Any]) -> Any:
        write(document("parquet", "table", Reply(reports, "test/1"), Screen()), path)
        return parquet.read_table(path).to_pylist()

    blocks = numbers_in("f", column([1.0, math.inf], [-2.5]), column([0.0, 1e-320], [7.0]))
    assert written(blocks, blocks)[:3] == [
        {"name": "f", "x": 1.0, "y": 0.0},
        {"name": "f", "x": math.inf, "y": 1e-320},
        {"name": "f", "x": -2.5, "y": 7.0},
    ]
    assert written(rows("a", 0.1), rows("b", None)) == [
        {"name": "a", "low": 0.1, "flag": True},
        {"name": "b", "low": None, "flag": True},
    ]
    assert written(NothingReport(Nothing())) == []
    assert parquet.read_schema(path).names == ["name", "low"]


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"actcli\[parquet\]"):
        list(document("parquet", "table", Reply([], "test/1"), Screen()))
