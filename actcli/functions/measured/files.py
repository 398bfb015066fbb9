"""Measured points read from a file or from standard input: columns x, y and maybe dy."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from actcli.errors import ActcliError, MissingExtraError, quoted
from actcli.functions.measured.points import Points
from actcli.numeric.narrow import FORMATS

LONGEST = 1 << 16
"""Bytes of a line of text."""

NAMES = {
    "x": ("x", "input", "inputs", "in"),
    "y": ("y", "value", "f", "f(x)", "output", "outputs", "out"),
    "dy": ("dy", "derivative", "df", "f'", "f'(x)", "dy/dx", "slope", "grad", "gradient"),
}
"""What the columns may be called, in any case."""

Columns = Mapping[str, NDArray[Any]]


def read_points(source: str, dtype: str | None) -> Points:
    """The points of a .csv, .tsv, .npy, .npz or .parquet file, or of text on standard input (`-`).

    Columns are found by their names in `NAMES`; two or three without such names are x, y and dy.
    Numbers are of `dtype`; if it is None, of the columns' own type, which is float64 for text.

    Raises:
        ActcliError: the file cannot be read, or does not hold such columns of numbers.
    """
    name = "standard input" if source == "-" else quoted(source, 200)
    suffix = Path(source).suffix.lower()
    readers: Mapping[str, Callable[[str, str], Columns]] = {
        ".npy": _from_numpy,
        ".npz": _from_numpy,
        ".parquet": _from_parquet,
    }
    try:
        columns = readers.get(suffix, _from_text)(source, name)
    except OSError as error:
        raise ActcliError(f"cannot read {name}: {error.strerror or error}") from None
    x, y, *rest = _picked(columns, name)
    own = y.dtype.name if y.dtype.name in FORMATS else "float64"
    doubles = [np.asarray(column, np.float64) for column in (x, y, *rest)]
    if len({column.size for column in doubles}) > 1:
        raise ActcliError(f"{name}: its columns differ in length")
    if not doubles[0].size:
        raise ActcliError(f"{name} holds no points")
    return Points(source, own, *doubles).rounded(dtype or own)


def _picked(columns: Columns, name: str) -> Sequence[NDArray[Any]]:
    """The columns of x, y and, if there is one, dy."""
    by_name = {key.strip().lower(): column for key, column in columns.items()}
    found = {
        part: next((by_name[key] for key in keys if key in by_name), None)
        for part, keys in NAMES.items()
    }
    if found["x"] is not None and found["y"] is not None:
        chosen = [column for column in found.values() if column is not None]
    elif len(columns) in (2, 3):
        chosen = [*columns.values()]
    else:
        listed = ", ".join(map(quoted, columns)) or "none"
        raise ActcliError(f"{name} needs columns x and y, and maybe dy; it has: {listed[:200]}")
    for key, column in columns.items():
        if any(column is one for one in chosen) and column.dtype.kind not in "biuf":
            raise ActcliError(f"{name}: the column {quoted(key)} holds something but numbers")
    return chosen


def _from_numpy(source: str, name: str) -> Columns:
    """Arrays by name, fields of records, or the columns of an array of two axes."""
    try:
        loaded = np.load(source, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return _columns_of(loaded)
        with loaded as archive:
            arrays = {key: archive[key] for key in archive.files}
    except OSError:
        raise
    except Exception:  # numpy and zipfile raise half a dozen kinds over bytes that are no array
        raise ActcliError(f"cannot read {name}: it holds no plain arrays of numpy") from None
    if len(arrays) == 1:
        return _columns_of(*arrays.values())
    return {key: array.reshape(-1) for key, array in arrays.items()}


def _columns_of(array: NDArray[Any]) -> Columns:
    if array.dtype.names:
        return {key: array[key].reshape(-1) for key in array.dtype.names}
    if array.ndim != 2:
        return {"0": array.reshape(-1)}
    columns = array if array.shape[0] in (2, 3) and array.shape[1] not in (2, 3) else array.T
    return {str(place): column for place, column in enumerate(columns)}


def _from_parquet(source: str, name: str) -> Columns:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import read_table
    except ImportError:
        raise MissingExtraError("reading .parquet files", "parquet") from None
    try:
        table = read_table(source)
    except ArrowException:
        raise ActcliError(f"cannot read {name}: it is no sound parquet file") from None
    return {
        key: column.to_numpy()
        for key, column in zip(table.column_names, table.columns, strict=True)
    }


def _from_text(source: str, name: str) -> Columns:
    """The columns of a text whose first line may name them; `#` starts a comment."""
    with opened(source) as file:
        rows = [*_rows(file, name)]
    if not rows:
        raise ActcliError(f"{name} holds no points")
    _, first = rows[0]
    titles = first if any(_number(cell) is None for cell in first) else ()
    width = len(first)
    found: list[list[float]] = [[] for _ in range(width)]
    texts: set[int] = set()
    for line, cells in rows[1 if titles else 0 :]:
        if len(cells) != width:
            raise ActcliError(f"{name}, line {line}: {len(cells)} columns, the first has {width}")
        for place, cell in enumerate(cells):
            number = _number(cell)
            if number is None:
                texts.add(place)
            found[place].append(np.nan if number is None else number)
    columns = {
        titles[place] if titles else str(place): np.array(
            numbers, object if place in texts else float
        )
        for place, numbers in enumerate(found)
    }
    _refuse_words(columns, rows, texts, name)
    return columns


def _refuse_words(
    columns: Columns, rows: Sequence[tuple[int, Sequence[str]]], texts: set[int], name: str
) -> None:
    """Say which word in a column of numbers is not one."""
    known = {key for keys in NAMES.values() for key in keys}
    for place, title in enumerate(columns):
        if place in texts and (title.lower() in known or len(columns) <= 3):
            body = rows[1:] if title in rows[0][1] else rows
            line, cells = next(row for row in body if _number(row[1][place]) is None)
            raise ActcliError(f"{name}, line {line}: {quoted(cells[place])} is not a number")


@contextmanager
def opened(source: str) -> Iterator[BinaryIO]:
    """A file of bytes, or standard input for `-`.

    Raises:
        OSError: the file cannot be opened.
        ActcliError: standard input is closed.
    """
    if source != "-":
        with Path(source).open("rb") as file:
            yield file
    elif sys.stdin is None:
        raise ActcliError("cannot read standard input: it is closed")
    else:
        yield sys.stdin.buffer


def _rows(file: BinaryIO, name: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The cells of every line that has any, with its number."""
    number = 0
    while line := file.readline(LONGEST):
        number += 1
        if len(line) == LONGEST:
            raise ActcliError(f"{name}, line {number} is longer than {LONGEST} bytes: is it text?")
        text = line.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
        text = text.partition("#")[0].strip()
        mark = next((mark for mark in ("\t", ";", ",") if mark in text), None)
        if text:
            cells = text.split(mark) if mark else re.split(r"\s+", text)
            yield number, [cell.strip().strip("\"'") for cell in cells]


def _number(text: str) -> float | None:
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None
