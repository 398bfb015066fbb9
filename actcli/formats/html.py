"""A text as an HTML page: the terminal's colours, on white or on black as the reader has it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")

LIGHT = "#1f2328 #c4261d #1a7f37 #8a6100 #0550ae #8250df #0f7b8a #6e7781 "
LIGHT += "#8c959f #a40e26 #2da44e #9a6700 #0969da #a475f9 #1b7c83 #57606a"
DARK = "#6e7681 #ff7b72 #56d364 #e3b341 #58a6ff #d2a8ff #39c5cf #b1bac4 "
DARK += "#6e7681 #ffa198 #7ee787 #f2cc60 #79c0ff #e2c5ff #56d4dd #ffffff"
"""The sixteen colours of a terminal's theme, legible on either ground."""

STYLES = {1: "bold", 2: "dim", 3: "italic", 4: "underline"}

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>actcli</title>
<style>
pre {{ font: 14px/1.15 "DejaVu Sans Mono", Menlo, Consolas, monospace; }}
.bold {{ font-weight: bold; }}
.dim {{ opacity: 0.7; }}
.italic {{ font-style: italic; }}
.underline {{ text-decoration: underline; }}
{light}
@media (prefers-color-scheme: dark) {{
body {{ background: #0d1117; color: #e6edf3; }}
{dark}
}}
</style>
<pre>
{text}</pre>
</html>
"""


def page(chunks: Iterable[bytes]) -> bytes:
    """The page that shows a UTF-8 text whose colours are escape codes."""
    text = "".join(_spans(b"".join(chunks).decode()))
    return PAGE.format(text=text, light=_rules(LIGHT), dark=_rules(DARK)).encode()


def _spans(text: str) -> Iterator[str]:
    """The text in pieces, each in the classes that the codes before it ask for."""
    classes: dict[str, None] = {}
    for position, piece in enumerate(SEQUENCE.split(text)):
        if position % 2:
            _obey([int(code or 0) for code in piece.split(";")], classes)
        elif piece:
            safe = html.escape(piece, quote=False)
            yield f'<span class="{" ".join(classes)}">{safe}</span>' if classes else safe


def _obey(codes: list[int], classes: dict[str, None]) -> None:
    """Change the classes as one escape sequence says; colours beyond the theme's are left out."""
    if codes[:2] == [38, 5]:
        codes = [codes[2] + 30 if codes[2] < 8 else codes[2] + 82]
    for code in codes:
        if code == 0:
            classes.clear()
        elif code in STYLES:
            classes[STYLES[code]] = None
        elif 30 <= code < 38 or 90 <= code < 98:
            for old in [name for name in classes if name.startswith("c")]:
                del classes[old]
            classes[f"c{code - 30 if code < 38 else code - 82}"] = None


def _rules(colors: str) -> str:
    return "\n".join(f".c{n} {{ color: {color}; }}" for n, color in enumerate(colors.split()))
