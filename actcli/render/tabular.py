"""What the tabular formats share: the answers of a reply as blocks of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
