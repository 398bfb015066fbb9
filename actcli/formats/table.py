"""Sentences, sheets and tables for a person at a terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Literal

from actcli.charts.model import Regions
from actcli.charts.screen import Screen
from actcli.formats import chart
from actcli.numeric.display import row_in_words, words
from actcli.results import Reply, Report, Row

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

CHART_LINES = 16
"""Below a table no chart is drawn that would be smaller."""

REGIONS_LINES = 11
"""The same for decision regions, which need no axes to be read."""

NUMBER = re.compile(r"\(?[-+]?(?:[0-9.]+(?:e[-+]?[0-9]+)?|inf|nan)(?:\+-[-+0-9.e]+)?[,;)%]*")
"""A number as it stands in a cell, with what stands at it."""

NUMBER_OR_SIGN = re.compile(r"[0-9.]+(?:e[-+]?[0-9]+)?|[A-Za-z_]+|.", re.DOTALL)
"""What of a formula stands together."""

LONG_WORD = 16
"""Words of a text are broken only if they are longer; numbers never."""

ROWS_AT_ONCE = 1000
"""A longer table is laid out in pieces, so that its length is no matter."""


def chunks(reply: Reply, screen: Screen) -> Iterator[bytes]:
    """What each report says; those that are compared or have no sentences share a table or sheet.

    The chart, if there is one, stands below, where it is asked for or where the terminal shows it
    together with the rest.
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
    if reply.chart and (room > least or reply.wants_chart):
        yield b"\n"
        height = min(room - 1, screen.height) if room > least else screen.height
        yield from chart.chunks(reply, screen._replace(height=height))


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
        _print_sheet(sheets, paper)
    else:
        rows = (row for report in group for row in report.shown())
        for batch in iter(lambda: list(islice(rows, ROWS_AT_ONCE)), []):
            _print_rows(batch, group[0], paper)
            yield
    for report in group:
        _say(report.details(), paper)
    yield


def _print_rows(rows: Sequence[Row], report: Report[Any], paper: Console) -> None:
    keys = dict.fromkeys(key for row in rows for key in row if key not in report.said)
    texts = [row_in_words(row, report.exact) for row in rows]
    cells = {key: [text.get(key, words(None)) for text in texts] for key in keys}
    numeric = {
        key for key in keys if all(isinstance(row.get(key), int | float | None) for row in rows)
    }
    table = _table(cells, numeric, paper.width)
    if table is None:
        _records(cells, paper)
    else:
        paper.print(table, crop=False)


def _say(sentences: Sequence[str], paper: Console) -> None:
    """Print sentences; one that is indented goes on below its own beginning."""
    from rich.padding import Padding
    from rich.text import Text

    for sentence in sentences:
        words = sentence.lstrip(" ")
        indent = len(sentence) - len(words)
        room = paper.width - indent
        is_row = words.endswith(" ]") and len(words) > room
        text = Text(_bracketed(words, room) if is_row else _between_numbers(words, room))
        paper.print(Padding(text, (0, 0, 0, indent)))


def _bracketed(row: str, width: int) -> str:
    """A row of a matrix that is too long: it goes on below its first number, and ends with one."""
    head, bracket, inside = row.partition("[")
    first, *others = re.findall(r" +\S+", inside.removesuffix(" ]"))
    lines = [f"{head}{bracket}{first}"]
    for number, cell in enumerate(others, start=1):
        end = 2 if number == len(others) else 0
        if len(lines[-1]) + len(cell) + end > width:
            lines.append(" " * len(head + bracket))
            cell = cell[-len(first) :]
        lines[-1] += cell
    return "\n".join(lines) + " ]"


def _between_numbers(text: str, width: int) -> str:
    """The text with a new line in each word that is too long for one, but in no number of it."""
    parts = re.split(r"( |\n)", text)
    return "".join(part if len(part) <= width else _cut(part, width) for part in parts)


def _cut(word: str, width: int) -> str:
    pieces = NUMBER_OR_SIGN.findall(word)
    lines = [""]
    for piece in pieces:
        if lines[-1] and len(lines[-1]) + len(piece) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(lines)


def _print_sheet(lines: Sequence[tuple[str, ...]], paper: Console) -> None:
    """Labels and texts side by side, or where a number would not fit, below each other."""
    from rich.table import Table
    from rich.text import Text

    room = paper.width - 2 - max(len(label) for label, *_ in lines)
    if room < max(_unbroken(text) for _, *texts in lines for text in texts):
        _say([part for line in lines for part in line], paper)
        return
    for number, block in enumerate(_abreast(lines, room)):
        if number:
            paper.print()
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="bold", no_wrap=True)
        for label, *texts in block:
            grid.add_row(Text(label), *(Text(_between_numbers(text, room)) for text in texts))
        for column in grid.columns[1:]:
            column.overflow = "fold"
        paper.print(grid)


def _abreast(lines: Sequence[tuple[str, ...]], room: int) -> Iterator[Sequence[tuple[str, ...]]]:
    """The lines with as many of their texts as there is room for, then with those that follow."""
    if any(len(line) != len(lines[0]) for line in lines) or len(lines[0]) == 2:
        yield lines
        return
    labels, *columns = zip(*lines, strict=True)
    beside: list[Sequence[str]] = []
    for column in columns:
        if beside and sum(max(map(len, one)) + 2 for one in [*beside, column]) - 2 > room:
            yield [*zip(labels, *beside, strict=True)]
            beside = []
        beside.append(column)
    yield [*zip(labels, *beside, strict=True)]


def _table(cells: Mapping[str, Sequence[str]], numeric: Collection[str], room: int) -> Table | None:
    """A table of texts, column by column; None where a number would not fit on a line.

    Columns move closer together, then texts are folded, the widest first.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    heads = {key: key.replace("_", " ") for key in cells}
    widths = {key: max(map(len, [*cells[key], heads[key]])) for key in cells}
    least = {key: max(map(_unbroken, [*cells[key], heads[key]])) for key in cells}
    between = len(cells) - 1
    gap = next((gap for gap in (3, 2) if sum(widths.values()) + gap * between <= room), 1)
    while sum(widths.values()) + gap * between > room:
        widest = max(cells, key=lambda key: (widths[key] > least[key], widths[key]))
        if widths[widest] == least[widest]:
            return None
        widths[widest] -= 1
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.padding = (0, int(gap > 1), 0, int(gap > 2))
    for key, head in heads.items():
        justify: Literal["left", "right"] = "right" if key in numeric else "left"
        table.add_column(
            Text(_between_numbers(head, widths[key])),
            justify=justify,
            overflow="fold",
            width=widths[key],
        )
    for row in zip(*cells.values(), strict=True):
        texts = zip(row, widths.values(), strict=True)
        table.add_row(*(Text(_between_numbers(text, width)) for text, width in texts))
    return table


def _unbroken(text: str) -> int:
    """The columns that the words of a text need: words may be broken if they are long, numbers not.

    A number ends at a space, so that `0.1, 0.2` may stand on two lines.
    """
    words = text.split(" ")
    return max(len(w) if NUMBER.fullmatch(w) else min(len(w), LONG_WORD) for w in words)


def _records(cells: Mapping[str, Sequence[str]], paper: Console) -> None:
    """Each row for itself, one value below the other, where they do not fit side by side."""
    labels = [key.replace("_", " ") for key in cells]
    for number, row in enumerate(zip(*cells.values(), strict=True)):
        if number:
            paper.print()
        _print_sheet([*zip(labels, row, strict=True)], paper)


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
