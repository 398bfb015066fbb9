"""One JSON object a row, one row a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from actcli.formats.json import dumps
from actcli.formats.tabular import blocks, stacked, woven
from actcli.results import Columns, Reply


def chunks(reply: Reply) -> Iterator[bytes]:
    """The rows of every answer, a line each."""
    for _, block in blocks(reply):
        if isinstance(block, Mapping):
            yield _sideways(block)
        else:
            yield b"".join(dumps(row) + b"\n" for row in block)


def _sideways(columns: Columns) -> bytes:
    """The lines of a block of columns: orjson writes the digits of the whole block at once."""
    before, since = [], b"{"
    for key, value in columns.items():
        since += dumps(key) + b":"
        if isinstance(value, np.ndarray):
            before.append(since)
            since = b","
        else:
            since += dumps(value) + b","
    return woven(dumps(stacked(columns).reshape(-1)), before, b"}\n")
