"""One JSON object a row, one row a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from actcli.answer import Columns, Reply
from actcli.render.json import dumps
from actcli.render.screen import Screen
from actcli.render.tabular import blocks


def chunks(reply: Reply, screen: Screen) -> Iterator[bytes]:
    """The rows of every answer, a line each."""
    for _, block in blocks(reply):
        if isinstance(block, Mapping):
            yield _sideways(block)
        else:
            yield b"".join(dumps(row) + b"\n" for row in block)


def _sideways(columns: Columns) -> bytes:
    """The lines of a block of columns: one template, filled with each row's digits."""
    template = b",".join(
        dumps(key) + b":" + (b"%b" if isinstance(value, np.ndarray) else _escaped(dumps(value)))
        for key, value in columns.items()
    )
    arrays = [value for value in columns.values() if isinstance(value, np.ndarray)]
    digits = [dumps(array)[1:-1].split(b",") for array in arrays]
    line = b"{" + template + b"}\n"
    return b"".join(map(line.__mod__, zip(*digits, strict=True)))


def _escaped(text: bytes) -> bytes:
    return text.replace(b"%", b"%%")
