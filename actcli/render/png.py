"""The chart of a reply as a figure: PNG."""

from __future__ import annotations

from collections.abc import Iterator

from actcli.answer import Reply
from actcli.render.figure import document
from actcli.render.screen import Screen


def chunks(reply: Reply, screen: Screen) -> Iterator[bytes]:
    """The whole document; a figure has no screen."""
    yield document(reply.chart, "png")
