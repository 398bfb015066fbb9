"""What the tabular formats share: the answers of a reply as blocks of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from actcli.activation import Array
from actcli.answer import Columns, Reply, Row

Block = Columns | Sequence[Row]
"""Rows, or the same thing turned on its side: a scalar or an array for each key."""


def blocks(reply: Reply) -> Iterator[tuple[Sequence[str], Block]]:
    """The keys and the rows of every block; at least one block, which may hold no row."""
    keys: Sequence[str] = ()
    for answer in reply.answers:
        keys = keys or answer.header
        sideways = False
        for columns in answer.columns():
            sideways, keys = True, tuple(columns)
            yield keys, columns
        if not sideways and (rows := list(answer.rows())):
            keys = tuple(rows[0])
            yield keys, rows
    yield keys, []


def stacked(columns: Columns) -> Array:
    """The arrays of a block, side by side: of shape (rows, arrays)."""
    return np.column_stack([v for v in columns.values() if isinstance(v, np.ndarray)])


def woven(digits: bytes, before: Sequence[bytes], end: bytes) -> bytes:
    """Lines from a JSON array of numbers, row by row: a text before each number, one at the end.

    Each comma is first made a byte that tells its column: one byte is replaced by a text several
    times faster than the numbers are taken apart and put together again.
    """
    after = [*before[1:], end + before[0]]
    text = np.frombuffer(bytearray(digits[1:-1]), np.uint8)
    commas = np.flatnonzero(text == ord(","))
    for column in range(len(after)):
        text[commas[column :: len(after)]] = 128 + column
    lines = text.tobytes()
    for column, between in enumerate(after):
        lines = lines.replace(bytes([128 + column]), between)
    return before[0] + lines + end
