"""Points from a file: CSV, TSV or npz, a column a feature, one column the target."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.errors import ActcliError, UsageError, quoted
from actcli.networks.files.interface import check_there
from actcli.networks.files.npz import tensors_of
from actcli.networks.training.data import Data
from actcli.numeric.arrays import Array

SUFFIXES = (".csv", ".tsv", ".npz")

MOST_CLASSES = 100
"""A text column of more different texts is no target."""

_MISSING = {"", "na", "nan", "null", "none", "?"}

Table = dict[str, NDArray[Any]]
"""Columns by name, each of floats or of texts."""


def read_data(path: Path, target: str | None = None) -> Data:
    """The points of a file.

    Texts in the target are classes, in sorted order; numbers are a regression, but for whole
    numbers that are at most ten different ones, which are classes too.

    Raises:
        UsageError: the file is of no known kind, or has no such target.
        ActcliError: it cannot be read, or what it holds cannot be learned from.
    """
    name = quoted(str(path), 200)
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{name} is neither a problem nor a {', '.join(SUFFIXES)} file")
    check_there(path)
    try:
        table = _from_npz(path, name) if path.suffix.lower() == ".npz" else _from_text(path, name)
    except OSError as error:
        raise ActcliError(f"cannot read {name}: {error.strerror or error}") from None
    columns = list(table)
    target = target if target is not None else columns[-1]
    if target not in table:
        raise UsageError(
            f"{name} has no column {quoted(target)}: it has {', '.join(columns)[:200]}"
        )
    features = [column for column in columns if column != target]
    rows = len(table[target])
    if not features:
        raise ActcliError(f"{name} has no column beside the target {quoted(target)}")
    if rows < 2:
        raise ActcliError(f"{name} has {rows} {'row' if rows == 1 else 'rows'}: at least 2 are due")
    x = np.column_stack([_numbers(name, column, table[column]) for column in features])
    values, classes = _target(name, target, table[target])
    return Data(
        name=str(path), features=features, x=x, target=values, classes=classes, target_name=target
    )


def _numbers(name: str, column: str, values: NDArray[Any]) -> Array:
    """A feature's column."""
    if values.dtype.kind not in "biuf":
        place, text = _first_text(values)
        raise ActcliError(
            f"{name}, column {quoted(column)}, row {place + 1}: {quoted(text)} is not a number"
        )
    numbers = values.astype(np.float64)
    if not (finite := np.isfinite(numbers)).all():
        place = int(np.argmin(finite))
        what = "a missing value" if np.isnan(numbers[place]) else "an infinity"
        raise ActcliError(f"{name}, column {quoted(column)}, row {place + 1}: {what}")
    return numbers


def _first_text(values: NDArray[Any]) -> tuple[int, str]:
    for place, value in enumerate(values.tolist()):
        try:
            float(value)
        except (TypeError, ValueError):
            return place, str(value)
    return 0, str(values[0])


def _target(name: str, column: str, values: NDArray[Any]) -> tuple[Array, Sequence[str] | None]:
    """The target as numbers, and the names of its classes."""
    texts = values.dtype.kind in "UOS"
    if texts:
        values = values.astype(str)
        missing = [place for place, text in enumerate(values.tolist()) if _is_missing(text)]
        if missing:
            raise ActcliError(
                f"{name}, column {quoted(column)}, row {missing[0] + 1}: a missing value"
            )
    else:
        values = _numbers(name, column, values)
    found, numbers = np.unique(values, return_inverse=True)
    if len(found) == 1:
        raise ActcliError(f"the target {quoted(column)} of {name} is the same in every row")
    if not texts and not (len(found) <= 10 and np.all(found == np.floor(found))):
        return values, None
    if len(found) > MOST_CLASSES:
        raise ActcliError(
            f"the target {quoted(column)} of {name} has {len(found)} different texts: "
            f"at most {MOST_CLASSES} classes are due"
        )
    names = [str(one) if texts else f"{one:g}" for one in found.tolist()]
    return numbers.astype(np.float64), names


def _is_missing(text: str) -> bool:
    return text.strip().lower() in _MISSING


def _from_text(path: Path, name: str) -> Table:
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        rows = csv.reader(file, delimiter=delimiter)
        try:
            header = [column.strip() for column in next(rows, [])]
            _check_header(header, name)
            columns = list(zip(*_checked(rows, len(header), name), strict=True))
        except csv.Error as error:
            raise ActcliError(f"cannot read {name}: {error}") from None
    if not columns:
        raise ActcliError(f"{name} has 0 rows: at least 2 are due")
    return {title: _column(texts) for title, texts in zip(header, columns, strict=True)}


def _check_header(header: Sequence[str], name: str) -> None:
    if not header:
        raise ActcliError(f"{name} is empty")
    if len({*header}) < len(header):
        raise ActcliError(f"{name}: two columns have the same name")


def _checked(rows: Iterator[list[str]], width: int, name: str) -> Iterator[list[str]]:
    """The rows that are not empty, each as wide as the header."""
    for number, row in enumerate(rows, 1):
        if row and len(row) != width:
            raise ActcliError(f"{name}, row {number}: {len(row)} columns, the header has {width}")
        if row:
            yield row


def _column(texts: Sequence[str]) -> NDArray[Any]:
    """Floats where every text is one or is missing, which is NaN; else the texts."""
    try:
        return np.array(texts).astype(np.float64)
    except ValueError:
        pass
    missing = [_is_missing(text) for text in texts]
    try:
        values = ["nan" if gone else text for text, gone in zip(texts, missing, strict=True)]
        return np.array(values).astype(np.float64)
    except ValueError:
        return np.array(texts)


def _from_npz(path: Path, name: str) -> Table:
    """Arrays of one axis are columns, arrays of two axes several."""
    table: Table = {}
    arrays, _ = tensors_of(path)
    for key, array in arrays.items():
        if array.ndim not in (1, 2) or array.dtype.kind not in "biufU":
            raise ActcliError(f"{name}: {quoted(key)} is no column of numbers or texts")
        if array.ndim == 1:
            table[key] = array
        else:
            table |= {f"{key}_{place}": column for place, column in enumerate(array.T)}
    if not table:
        raise ActcliError(f"{name} holds no array")
    if len({len(column) for column in table.values()}) > 1:
        raise ActcliError(f"{name}: its arrays differ in length")
    return table
