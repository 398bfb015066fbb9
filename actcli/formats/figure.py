"""The chart of a reply as a figure: SVG, PNG or PDF."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from actcli.charts.figure import save
from actcli.charts.screen import ThemeName
from actcli.errors import ActcliError
from actcli.results import Reply


def chunks(reply: Reply, kind: str, theme: ThemeName) -> Iterator[bytes]:
    """The whole figure.

    Raises:
        ActcliError: the reply has no chart.
        MissingExtraError: matplotlib is not installed.
    """
    if reply.chart is None:
        raise ActcliError("there is nothing to draw here: choose another format")
    buffer = BytesIO()
    save(reply.chart, buffer, kind, theme)
    yield buffer.getvalue()
