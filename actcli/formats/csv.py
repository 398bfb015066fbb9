"""CSV and TSV: every digit, and `inf`, `-inf`, `NaN` as other tools read them."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from actcli.formats.json import dumps
from actcli.formats.tabular import blocks, stacked, woven
from actcli.numeric.arrays import Array
from actcli.results import Columns, Reply


def chunks(reply: Reply, delimiter: str) -> Iterator[bytes]:
    """A header, then the rows of every answer."""
    headed = False
    for keys, block in blocks(reply):
        if keys and not headed:
            headed = True
            yield _lines([keys], delimiter)
        if isinstance(block, Mapping):
            yield _sideways(block, delimiter)
        else:
            yield _lines(([cell(row[key]) for key in keys] for row in block), delimiter)


def _lines(rows: Iterable[Iterable[str]], delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def cell(value: Any) -> str:
    """A value as CSV has it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return _not_finite(value)
    return dumps(value).decode()


def _not_finite(value: float) -> str:
    return "NaN" if math.isnan(value) else "inf" if value > 0 else "-inf"


def _sideways(columns: Columns, delimiter: str) -> bytes:
    """The lines of a block of columns: orjson writes the digits of the whole block at once."""
    scalars = [cell(value) for value in columns.values() if not isinstance(value, np.ndarray)]
    numbers = stacked(columns)
    between = delimiter.encode()
    first = _lines([scalars], delimiter)[:-1] + between if scalars else b""
    before = [first, *[between] * (numbers.shape[1] - 1)]
    return woven(_digits(numbers), before, b"\n")


def _digits(numbers: Array) -> bytes:
    """JSON of the numbers, with words where JSON has only `null`."""
    flat = numbers.reshape(-1)
    finite = np.isfinite(flat)
    if finite.all():
        return dumps(flat)
    pieces = dumps(flat).split(b"null")
    words = [_not_finite(x).encode() for x in flat[~finite].tolist()]
    return b"".join(piece + word for piece, word in zip(pieces, [*words, b""], strict=True))
