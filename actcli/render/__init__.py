"""The formats: one module each, turning a `Reply` into the document that is written.

Every module has `chunks(reply, screen) -> Iterator[bytes]`: the document's pieces in order, so that
an answer of any length is written in bounded memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from actcli.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from actcli.answer import Reply
    from actcli.render.screen import Screen

TABULAR = ("table", "json", "ndjson", "csv", "tsv", "md")
"""The formats of every command."""

PAGES = ("html",)
"""What the first format becomes in a file for a browser: by suffix only."""

FIGURES = ("svg", "png", "pdf")
"""What a chart becomes in a file for a paper: by suffix only."""

_SUFFIXES = {"jsonl": "ndjson", "markdown": "md", "htm": "html"}
_MODULES = {"md": "markdown"}


def format_for(output: Path | None, formats: tuple[str, ...]) -> str:
    """The format that the file's suffix asks for; the first of `formats` where it asks for none.

    Raises:
        UsageError: the suffix is that of a figure and the command draws none.
    """
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    wanted = _SUFFIXES.get(suffix, suffix)
    if wanted in FIGURES and "chart" not in formats:
        raise UsageError(f"this command draws no figure: `actcli plot` writes .{suffix} files")
    return wanted if wanted in (*TABULAR, *PAGES, *FIGURES) else formats[0]


def document(format_: str, first: str, reply: Reply, screen: Screen) -> Iterator[bytes]:
    """The document in one format, in pieces; a page shows the command's first format."""
    if format_ not in PAGES:
        return chunks(format_, reply, screen)
    from actcli.render.html import page

    return iter([page(chunks(first, reply, screen))])


def chunks(format_: str, reply: Reply, screen: Screen) -> Iterator[bytes]:
    """The document in one format; the module that writes it is imported now."""
    module = import_module(f"actcli.render.{_MODULES.get(format_, format_)}")
    document: Iterator[bytes] = module.chunks(reply, screen)
    return document
