"""The chart of a reply as a figure: SVG, PNG or PDF."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from actcli.charts.figure import save
from actcli.errors import ActcliError
from actcli.results import Reply


def chunks(reply: Reply, kind: str) -> Iterator[bytes]:
    """The whole figure; it has no screen.

    Raises:
        ActcliError: the reply has no chart.
        MissingExtraError: matplotlib is not installed.
    """
    if reply.chart is None:
        raise ActcliError("there is nothing to draw here: choose another format")
    buffer = BytesIO()
    save(reply.chart, buffer, kind)
    yield buffer.getvalue()
