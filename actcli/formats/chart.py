"""The chart of a reply, in the characters of a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from actcli.charts.model import Regions
from actcli.charts.screen import Screen
from actcli.errors import ActcliError
from actcli.results import Reply


def chunks(reply: Reply, screen: Screen) -> Iterator[bytes]:
    """The chart in the screen's encoding.

    Raises:
        ActcliError: the reply has no chart.
    """
    if reply.chart is None:
        raise ActcliError(
            "there is nothing to draw here: choose another format (inspect has --histogram)"
        )
    if isinstance(reply.chart, Regions):
        from actcli.charts.regions import draw_regions

        text = draw_regions(reply.chart, screen)
    else:
        from actcli.charts.terminal import draw

        text = draw(
            reply.chart,
            width=screen.width,
            height=screen.height,
            charset=screen.charset,
            color=screen.color,
        )
    yield text.encode(screen.encoding, "backslashreplace")
