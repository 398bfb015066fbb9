"""Sentences, sheets and tables for a person at a terminal."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from actcli.charts.model import Regions
from actcli.charts.screen import Screen
from actcli.formats import chart
from actcli.numeric.display import words
from actcli.results import Reply, Report, Row

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

CHART_LINES = 16
"""Below a table no chart is drawn that would be smaller."""

REGIONS_LINES = 11
"""The same for decision regions, which need no axes to be read."""

LONG_WORD = 16
"""Words of a text are broken only if they are longer; numbers never."""

ROWS_AT_ONCE = 1000
"""A longer table is laid out in pieces, so that its length is no matter."""


def chunks(reply: Reply, screen: Screen) -> Iterator[bytes]:
    """What each report says; those that are compared or have no sentences share a table or sheet.

    The chart, if there is one, stands below, where the terminal shows it together with the rest.
    """
    paper = _paper(screen)
    room = screen.room
    for number, group in enumerate(_groups(reply.reports)):
        if number:
            paper.print()
        for _ in _print(group, paper):
            text = _torn_off(paper)
            room -= text.count(b"\n")
            yield text
    least = REGIONS_LINES if isinstance(reply.chart, Regions) else CHART_LINES
    if reply.chart and room > least:
        yield b"\n"
        yield from chart.chunks(reply, screen._replace(height=min(room - 1, screen.height)))


def _groups(reports: Iterable[Report[Any]]) -> Iterator[list[Report[Any]]]:
    def alone(report: Report[Any]) -> bool:
        return bool(report.sentences()) and not report.compared

    for apart, group in groupby(reports, alone):
        if apart:
            yield from ([report] for report in group)
        else:
            yield list(group)


def _print(group: Sequence[Report[Any]], paper: Console) -> Iterator[None]:
    """Print the reports; yield whenever there is something to be written."""
    for report in group:
        _say(report.sentences(), paper)
    sheets = [line for report in group for line in report.sheet()]
    if sheets:
        paper.print(_sheet(sheets))
    else:
        rows = (row for report in group for row in report.shown())
        for batch in iter(lambda: list(islice(rows, ROWS_AT_ONCE)), []):
            table = _fitted(_table(batch, group[0]), paper)
            paper.print(table, crop=False)
            yield
    for report in group:
        _say(report.details(), paper)
    yield


def _say(sentences: Sequence[str], paper: Console) -> None:
    """Print sentences; one that is indented goes on below its own beginning."""
    from rich.padding import Padding
    from rich.text import Text

    for sentence in sentences:
        words = sentence.lstrip(" ")
        paper.print(Padding(Text(words), (0, 0, 0, len(sentence) - len(words))))


def _sheet(lines: Sequence[tuple[str, str]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in lines:
        grid.add_row(Text(label), Text(text))
    return grid


def _table(rows: Sequence[Row], report: Report[Any]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    keys = dict.fromkeys(key for row in rows for key in row if key not in report.said)
    cells = {key: [words(row.get(key), exact=key in report.exact) for row in rows] for key in keys}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for key in keys:
        numeric = all(isinstance(row.get(key), int | float | None) for row in rows)
        texts = [key.replace("_", " "), *cells[key]]
        longest = max(len(word) for text in texts for word in text.split(" "))
        inner = key not in (
            next(iter(keys)),
            next(reversed(keys)),
        )  # rich before 15 gives an outer one too much
        table.add_column(
            Text(key.replace("_", " ")),
            justify="right" if numeric else "left",
            overflow="fold",
            min_width=(longest if numeric else min(longest, LONG_WORD)) if inner else None,
        )
    for row_texts in zip(*cells.values(), strict=True):
        table.add_row(*map(Text, row_texts))
    return table


def _fitted(table: Table, paper: Console) -> Table:
    """The table, its columns closer together where it would be too wide for the paper."""
    from rich.measure import Measurement

    def is_wide() -> bool:
        unbounded = paper.options.update(max_width=sys.maxsize)
        return Measurement.get(paper, unbounded, table).maximum > paper.width

    if is_wide():
        table.padding = (0, 1, 0, 0)
    if is_wide():
        table.padding = 0
    last = table.columns[-1]
    if is_wide() and last.justify == "right":
        last.min_width = max(len(str(cell)) for cell in [*last.cells][1:])
    return table


def _paper(screen: Screen) -> Console:
    from rich.console import Console

    return Console(
        file=io.TextIOWrapper(io.BytesIO(), encoding=screen.encoding, errors="replace"),
        width=screen.width,
        force_terminal=screen.color,
        color_system="standard" if screen.color else None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _torn_off(paper: Console) -> bytes:
    """What has been printed since the last time."""
    paper.file.flush()
    written = paper.file.buffer  # type: ignore[attr-defined]
    text: bytes = re.sub(rb" +\n", b"\n", written.getvalue())
    written.seek(0)
    written.truncate()
    return text
