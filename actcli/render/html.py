"""A coloured text as an HTML page: the terminal's colours, on white or on black as the reader has it."""

from __future__ import annotations

import html
import re

COLORED = re.compile(r"\x1b\[38;5;(\d+)m(.*?)\x1b\[0m", re.DOTALL)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")

LIGHT = {1: "#c4261d", 2: "#1a7f37", 3: "#8a6100", 5: "#8250df", 6: "#0f7b8a", 8: "#8c959f", 12: "#0969da"}
DARK = {1: "#ff7b72", 2: "#56d364", 3: "#e3b341", 5: "#d2a8ff", 6: "#39c5cf", 8: "#6e7681", 12: "#79c0ff"}

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
pre {{ font: 14px/1.15 "DejaVu Sans Mono", Menlo, Consolas, monospace; }}
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


def page(text: str, title: str) -> str:
    """The page that shows a text whose colours are escape codes."""
    safe = html.escape(text, quote=False)
    marked = ESCAPE.sub("", COLORED.sub(r'<span class="c\1">\2</span>', safe))
    return PAGE.format(title=html.escape(title), text=marked, light=_rules(LIGHT), dark=_rules(DARK))


def _rules(colors: dict[int, str]) -> str:
    return "\n".join(f".c{number} {{ color: {color}; }}" for number, color in colors.items())
