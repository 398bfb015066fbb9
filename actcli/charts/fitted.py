"""Text cut to the columns of a terminal, and centred in them."""

from __future__ import annotations

from unicodedata import combining, east_asian_width


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
