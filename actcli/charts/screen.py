"""The screen an answer is written for: how wide, how high, in which characters and colours."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple, TextIO
from unicodedata import combining, east_asian_width

from actcli.budgets import COLUMNS, LINES

Charset = Literal["braille", "block", "ascii"]

CHARSETS = ("auto", "braille", "block", "ascii")
"""What `--charset` takes; `auto` is braille where the encoding has it, ASCII elsewhere."""

ThemeName = Literal["light", "dark"]

PIPE = (80, 24)
"""Columns and lines where there is no terminal to ask."""

PROMPT = 3
"""Lines of a terminal left free, so that a chart, the command and the prompt are seen together."""


class Screen(NamedTuple):
    """What a renderer needs to know of the place its text goes to."""

    width: int = PIPE[0]
    height: int = PIPE[1]
    charset: Charset = "braille"
    color: bool = False
    encoding: str = "utf-8"
    room: int = 0
    """The lines that are seen at once; 0 where it is no terminal."""
    theme: ThemeName = "light"
    """The ground of a figure."""


def screen(
    stream: TextIO | None,
    *,
    color: bool = False,
    width: int | None = None,
    height: int | None = None,
    charset: str = "auto",
    environ: Mapping[str, str] = os.environ,
) -> Screen:
    """The screen behind a stream; None is a file in UTF-8.

    The options decide, then COLUMNS and LINES, then the terminal, then 80x24. A terminal keeps a
    few lines free and is not filled to the bottom where it is higher than a chart looks well.
    """
    terminal = _terminal(stream)
    columns = _count(environ, "COLUMNS") if stream else None
    lines = _count(environ, "LINES") if stream else None
    wide = min(width or columns or (terminal or PIPE)[0], COLUMNS)
    high = min(lines or (terminal or PIPE)[1], LINES)
    if terminal:
        high = min(high - PROMPT, max(high_enough(wide), PIPE[1] - PROMPT))
    if charset == "auto":
        charset = "braille" if _has_braille(stream) else "ascii"
    encoding = (stream and stream.encoding) or "utf-8"
    room = (lines or terminal[1]) - PROMPT if terminal else 0
    return Screen(
        width=wide,
        height=height or high,
        charset=_known(charset),
        color=color,
        encoding=encoding,
        room=room,
    )


def high_enough(width: int) -> int:
    """The lines after which a chart of this width only grows steeper: three columns to a line."""
    return width // 3


def _terminal(stream: TextIO | None) -> tuple[int, int] | None:
    """Columns and lines of the terminal behind the stream; None where there is none."""
    if stream is None or not stream.isatty():
        return None
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return None
    return (size.columns or PIPE[0], size.lines or PIPE[1])


def _count(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else None


def _has_braille(stream: TextIO | None) -> bool:
    try:
        "\N{BRAILLE PATTERN DOTS-12345678}".encode((stream and stream.encoding) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _known(charset: str) -> Charset:
    match charset:
        case "braille" | "block" | "ascii":
            return charset
    raise ValueError(f"no such character set: {charset}")


def wants_color(choice: str | None, stream: TextIO | None) -> bool:
    """Whether to colour: the user's choice, NO_COLOR, FORCE_COLOR, then whether a terminal can.

    A file, which is no stream, never is coloured.
    """
    if stream is None:
        return False
    if choice in ("always", "never"):
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def centred(text: str, width: int) -> str:
    """The text in the middle of a line, cut if it is longer."""
    shown = cut(text, width)
    return (" " * ((width - _columns(shown)) // 2) + shown).rstrip()


def cut(text: str, width: int) -> str:
    """The text on one line of at most `width` columns."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    if _columns(shown) <= width:
        return shown
    while _columns(shown) > width - 3:
        shown = shown[:-1]
    return shown + "..."


def _columns(text: str) -> int:
    """The columns a terminal gives the text: two to a wide character, none to a combining one."""
    return sum(0 if combining(c) else 1 + (east_asian_width(c) in "WF") for c in text)
