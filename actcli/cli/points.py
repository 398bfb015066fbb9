"""Numbers read from a file or from standard input."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from actcli.budgets import LINE, NUMBERS, VECTORS
from actcli.errors import ActcliError, quoted
from actcli.functions.measured.files import opened
from actcli.numeric.arrays import Array, as_real

PIECE = 1 << 20
"""Bytes of text read at once."""


ALL = "all"
"""The column that is all of them."""


def read_numbers(source: str, column: str | None = None) -> Array:
    """The numbers of a text file, a .npy file, or standard input (`-`), flat, in order.

    In text the numbers stand between white space, commas or semicolons; `#` starts a comment. Of
    several columns one is picked by the name in the first line, or by its number from 1.

    Raises:
        ActcliError: the file cannot be read, holds no number, or something that is not one; or it
            has several columns and none is picked.
    """
    name = _named(source)
    try:
        if source.endswith(".npy"):
            numbers = _of_array(_array(source, name), column, name)
        else:
            with opened(source) as file:
                numbers = np.concatenate([np.empty(0), *_parsed(file, column, name)])
    except OSError as error:
        raise ActcliError(f"cannot read {name}: {error.strerror or error}") from None
    if not numbers.size:
        raise ActcliError(f"{name} holds no numbers")
    return numbers


def read_vectors(source: str) -> list[Array]:
    """The vectors of a text file, one a line, of a .npy file's rows, or of standard input (`-`).

    Raises:
        ActcliError: as for `read_numbers`.
    """
    name = _named(source)
    try:
        if source.endswith(".npy"):
            array = as_real(_array(source, name))
            vectors = list(array.reshape(-1, array.shape[-1] if array.ndim else 1))
        else:
            with opened(source) as file:
                vectors = [*_vectors(file, name)]
    except OSError as error:
        raise ActcliError(f"cannot read {name}: {error.strerror or error}") from None
    if not vectors or not vectors[0].size:
        raise ActcliError(f"{name} holds no numbers")
    return vectors


def _named(source: str) -> str:
    return "standard input" if source == "-" else ascii(source)


def _array(path: str, name: str) -> NDArray[Any]:
    """The array of a .npy file: of real numbers, or of records of them."""
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError:
        raise
    except Exception:  # numpy and zipfile raise half a dozen kinds over bytes that are no array
        raise ActcliError(f"cannot read {name}: it is no .npy file of plain numbers") from None
    if not isinstance(array, np.ndarray) or not (array.dtype.names or array.dtype.kind in "biuf"):
        raise ActcliError(f"{name} holds no real numbers but {_kind(array)}")
    return array


def _of_array(array: NDArray[Any], column: str | None, name: str) -> Array:
    """The numbers of an array, or one field or column of it."""
    if array.dtype.names:
        place = _place(column, array.dtype.names, len(array.dtype.names), name)
        return as_real(array[array.dtype.names[place or 0]]).reshape(-1)
    width = array.shape[1] if array.ndim == 2 and len(array) > 1 else 1
    place = _place(column, (), width, name)
    return as_real(array if place is None else array.reshape(-1, width)[:, place]).reshape(-1)


def _place(column: str | None, titles: Sequence[str], width: int, name: str) -> int | None:
    """Where the picked column stands; None where all of the numbers are asked for.

    Raises:
        ActcliError: there are several and none is picked, or there is no such column.
    """
    if column == ALL or (column is None and width == 1):
        return None
    if column in titles:
        return titles.index(column)
    if column and column.isascii() and column.isdigit() and 1 <= int(column) <= width:
        return int(column) - 1
    listed = ", ".join(quoted(title) for title in titles) or f"1 to {width}"
    has = f"{name} has {width} column{'s' if width > 1 else ''}: {listed}"
    if column is None:
        raise ActcliError(f"{has}; pick one with --column, or all numbers with --column {ALL}")
    raise ActcliError(f"{has}; there is no column {quoted(column)}")


def _kind(array: object) -> str:
    return str(array.dtype) if isinstance(array, np.ndarray) else "an archive of arrays"


def _vectors(file: BinaryIO, name: str) -> Iterator[Array]:
    lines = (line for piece in _pieces(file, name) for line in piece)
    for line_number, line in enumerate(lines, 1):
        if line_number > VECTORS:
            raise ActcliError(f"{name} holds more than {VECTORS:,} vectors: give them in parts")
        words = _words(line)
        try:
            numbers = np.array([float(word) for word in words])
        except ValueError:
            raise _first_fault([words], line_number, name) from None
        if numbers.size:
            yield numbers


def _words(line: bytes) -> list[bytes]:
    return [word for word in re.split(rb"[\s,;]+", line.partition(b"#")[0]) if word]


def _cells(line: bytes) -> list[bytes]:
    """The columns of a line; where a comma, semicolon or tab parts them one may be empty."""
    text = line.partition(b"#")[0].strip()
    mark = next((mark for mark in (b",", b";", b"\t") if mark in text), None)
    return [cell.strip() for cell in text.split(mark)]


def _pieces(file: BinaryIO, name: str) -> Iterator[list[bytes]]:
    """The lines of a text, as many at a time as some megabyte has."""
    rest = b""
    is_first = True
    while piece := file.read(PIECE):
        rest += piece.removeprefix(codecs.BOM_UTF8) if is_first else piece
        is_first = False
        if b"\n" in piece:
            whole, _, rest = rest.rpartition(b"\n")
            yield whole.split(b"\n")
        elif len(rest) > LINE:
            raise ActcliError(f"{name} is no text of numbers: a line is longer than {LINE:,} bytes")
    if rest:
        yield [rest]


def _parsed(file: BinaryIO, column: str | None, name: str) -> Iterator[Array]:
    """The numbers of a text, or of one column of it, piece by piece."""
    split = _words if column in (None, ALL) else _cells
    titles: list[str] = []
    widths: set[int] = set()
    number, rows, total = 1, 0, 0
    for lines in _pieces(file, name):
        words = [row if any(row := split(line)) else [] for line in lines]
        if not rows and not any(map(_is_number, next(filter(None, words), []))):
            place = next((place for place, row in enumerate(words) if row), 0)
            titles = [cell.decode("utf-8", "replace").strip("\"'") for cell in _cells(lines[place])]
            words[place] = []
            if column is None:
                _place(column, titles, len(titles), name)
        widths.update(map(len, filter(None, words)))
        rows += sum(map(bool, words))
        if split is _cells:
            place = _place(column, titles, len(titles) or min(widths, default=1), name) or 0
            words = [row and [row[place] if place < len(row) else b""] for row in words]
        try:
            if any(b"_" in word for row in words for word in row):
                raise ValueError
            numbers = np.array([float(word) for row in words for word in row])
        except ValueError:
            raise _first_fault(words, number, name) from None
        total += numbers.size
        if total > NUMBERS:
            raise ActcliError(
                f"{name} holds more than {NUMBERS:,} numbers: give them in parts, or as a .npy file"
            )
        yield numbers
        number += len(lines)
    if column is None and rows > 1 and len(widths) == 1:
        _place(column, titles, max(widths), name)


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return b"_" not in word


def _first_fault(lines: list[list[bytes]], start: int, name: str) -> ActcliError:
    """Which word is not a number, for the message."""
    for number, words in zip(count(start), lines, strict=False):
        for word in words:
            if not _is_number(word):
                text = quoted(word.decode("utf-8", "replace"))
                return ActcliError(f"{name}, line {number}: {text} is not a number")
    raise AssertionError("no fault found")
