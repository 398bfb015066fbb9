"""The formats by name: what each writes, and which suffix of a file asks for it.

Every format turns a `Reply` into the document's pieces in order, so that an answer of any length is
written in bounded memory. Its module is imported when it writes: JSON needs no rich.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, assert_never, get_args

from actcli.errors import UsageError, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from actcli.charts.screen import Screen
    from actcli.results import Reply

Tabular = Literal["table", "json", "ndjson", "csv", "tsv", "md", "parquet"]
Figure = Literal["svg", "png", "pdf"]
Format = Literal[Tabular, "chart", "html", Figure]

TABULAR: tuple[Tabular, ...] = get_args(Tabular)
"""The formats of every command."""

FIGURES: tuple[Figure, ...] = get_args(Figure)
"""What a chart becomes in a file for a paper: by suffix only."""

SUFFIXES: dict[str, Format] = {
    **{name: name for name in (*TABULAR, *FIGURES)},
    "jsonl": "ndjson",
    "markdown": "md",
    "html": "html",
    "htm": "html",
}
"""The format that each suffix of a file asks for; html is what the first format is in a browser."""

PLAIN = ("", "txt")
"""Suffixes of a text for a person: the command's first format."""


def format_for(
    output: Path | None, formats: tuple[Format, ...], asked: Format | None = None
) -> Format:
    """The format that is asked for, else what the file's suffix asks for, else the first one.

    Raises:
        UsageError: the suffix is that of no format, or of another than is asked for, or of a figure
            and the command draws none.
    """
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    if asked:
        if SUFFIXES.get(suffix, asked) != asked:
            raise UsageError(f"--format {asked} and the suffix .{suffix} ask for two formats")
        return asked
    if suffix in PLAIN:
        return formats[0]
    if suffix not in SUFFIXES:
        known = ", ".join([*PLAIN[1:], *SUFFIXES])
        raise UsageError(f"no format has the suffix {quoted('.' + suffix)}: there are {known}")
    wanted = SUFFIXES[suffix]
    if wanted in FIGURES and "chart" not in formats:
        raise UsageError(f"this command draws no figure: `actcli plot` writes .{suffix} files")
    return wanted


def document(format_: Format, first: Format, reply: Reply, screen: Screen) -> Iterator[bytes]:
    """The document in one format, in pieces; a page shows `first`, the command's first format."""
    match format_:
        case "table":
            from actcli.formats import table

            return table.chunks(reply, screen)
        case "chart":
            from actcli.formats import chart

            return chart.chunks(reply, screen)
        case "json":
            from actcli.formats import json

            return json.chunks(reply)
        case "ndjson":
            from actcli.formats import ndjson

            return ndjson.chunks(reply)
        case "csv" | "tsv":
            from actcli.formats import csv

            return csv.chunks(reply, delimiter="," if format_ == "csv" else "\t")
        case "parquet":
            from actcli.formats import parquet

            return parquet.chunks(reply)
        case "md":
            from actcli.formats import markdown

            return markdown.chunks(reply)
        case "svg" | "png" | "pdf":
            from actcli.formats import figure

            return figure.chunks(reply, format_, screen.theme)
        case "html":
            if reply.page is not None:
                return iter([reply.page()])
            from actcli.formats import html

            page = screen._replace(room=sys.maxsize)
            return iter([html.page(document(first, first, reply, page))])
        case _:
            assert_never(format_)
