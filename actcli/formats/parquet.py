"""Parquet: the rows with their types, for DuckDB, pandas and polars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from actcli.errors import MissingExtraError
from actcli.formats.csv import cell
from actcli.formats.tabular import blocks
from actcli.results import Columns, Reply, Row


def chunks(reply: Reply) -> Iterator[bytes]:
    """One file: a row group for each block of columns, or one for all rows.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        raise MissingExtraError("writing .parquet files", "parquet") from None
    sink, writer = _Sink(), None
    for arrays in _groups(reply):
        table = pyarrow.table({key: _array(values) for key, values in arrays.items()})
        writer = writer or ParquetWriter(sink, table.schema)
        writer.write_table(table)
        yield from sink.emptied()
    if writer:
        writer.close()
    yield from sink.emptied()


def _groups(reply: Reply) -> Iterator[Mapping[str, Any]]:
    """The columns of each row group; rows are told from columns by the first block."""
    rows: list[Row] = []
    keys: Sequence[str] = ()
    sideways = False
    for names, block in blocks(reply):
        if isinstance(block, Mapping):
            sideways = True
            yield dict(_spread(block))
        else:
            keys = names
            rows += block
    if not sideways:
        yield {key: [row.get(key) for row in rows] for key in dict.fromkeys(keys)}


def _spread(columns: Columns) -> Iterable[tuple[str, Any]]:
    """The columns of a block, a scalar as often as there are rows."""
    count = next(len(column) for column in columns.values() if isinstance(column, np.ndarray))
    for key, column in columns.items():
        yield key, column if isinstance(column, np.ndarray) else [column] * count


def _array(values: Any) -> Any:
    """An Arrow array; of what is now a number and now a text, the texts that CSV has."""
    import pyarrow

    try:
        return pyarrow.array(values)
    except pyarrow.ArrowException:
        return pyarrow.array([None if value is None else cell(value) for value in values])


class _Sink:
    """A file to pyarrow, whose bytes are taken away as they come."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        self._size += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        self.closed = True

    def emptied(self) -> list[bytes]:
        pieces, self._pieces = self._pieces, []
        return pieces
