"""Tab-separated values: CSV with tabs."""

from __future__ import annotations

from collections.abc import Iterator

from actcli.answer import Reply
from actcli.render import csv
from actcli.render.screen import Screen


def chunks(reply: Reply, screen: Screen) -> Iterator[bytes]:
    """A header, then the rows of every answer."""
    return csv.chunks(reply, screen, delimiter="\t")
