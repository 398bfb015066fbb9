"""A text as an HTML page: the terminal's colours, on white or on black as the reader has it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from actcli.numeric.display import row_in_words, words
from actcli.results import Report

if TYPE_CHECKING:
    from rich.terminal_theme import TerminalTheme

LIGHT = "1f2328 c4261d 1a7f37 8a6100 0550ae 8250df 0f7b8a 6e7781 "
LIGHT += "8c959f a40e26 2da44e 9a6700 0969da a475f9 1b7c83 57606a"
DARK = "6e7681 ff7b72 56d364 e3b341 58a6ff d2a8ff 39c5cf b1bac4 "
DARK += "6e7682 ffa198 7ee787 f2cc60 79c0ff e2c5ff 56d4dd ffffff"
"""The sixteen colours of a terminal, no two alike, legible on either ground."""

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>actcli</title>
<style>
pre {{ font: 14px/1.15 "DejaVu Sans Mono", Menlo, Consolas, monospace; }}
{stylesheet}
@media (prefers-color-scheme: dark) {{
body {{ background: #0d1117; color: #e6edf3; }}
DARK
}}
</style>
<pre>
{code}</pre>
</html>
"""


def page(chunks: Iterable[bytes]) -> bytes:
    """The page that shows a UTF-8 text whose colours are escape codes."""
    from rich.console import Console
    from rich.text import Text

    lines = b"".join(chunks).decode().splitlines()
    width = max((len(line) for line in lines), default=1)
    console = Console(file=io.StringIO(), record=True, width=width, height=1, highlight=False)
    for line in lines:
        console.print(Text.from_ansi(line), soft_wrap=True)
    dark = console.export_html(theme=_theme(DARK), clear=False, code_format="{stylesheet}")
    light = console.export_html(theme=_theme(LIGHT), code_format=PAGE)
    return light.replace("DARK", dark, 1).encode()


def fragment(report: Report[Any]) -> str:
    """A report within a page that has its own style, such as a notebook."""
    said, shown = ("\n".join(lines).strip("\n") for lines in (report.sentences(), report.details()))
    pairs = [*report.sheet()]
    rows = [] if pairs else [*report.shown()]
    keys = dict.fromkeys(key for row in rows for key in row if key not in report.said)
    lines = [[key.replace("_", " ") for key in keys]] if rows else []
    texts = [row_in_words(row, report.exact) for row in rows]
    lines += [[text.get(key, words(None)) for key in keys] for text in texts]
    table = "\n".join(map(_line, lines or pairs))
    return f"{_paragraph(said)}<table>\n{table}\n</table>{_paragraph(shown)}"


def _paragraph(text: str) -> str:
    return f'<p style="white-space: pre-wrap">{escape(text)}</p>\n' if text else ""


def _line(cells: Iterable[str]) -> str:
    cell = '<td style="white-space: pre-wrap; text-align: left">{}</td>'
    return f"<tr>{''.join(cell.format(escape(text)) for text in cells)}</tr>"


def _theme(colors: str) -> TerminalTheme:
    from rich.color import parse_rgb_hex
    from rich.terminal_theme import TerminalTheme

    triples = [(*parse_rgb_hex(color),) for color in colors.split()]
    return TerminalTheme((255, 255, 255), (0, 0, 0), triples[:8], triples[8:])
