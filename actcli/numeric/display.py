"""Numbers and other values as a person reads them."""

from __future__ import annotations

from typing import Any

DIGITS = 6


def words(value: Any) -> str:
    """Six significant digits; `-` where there is nothing; the parts of a list."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value + 0.0:.{DIGITS}g}"
    if isinstance(value, list | tuple):
        return ", ".join(words(part) for part in value)
    return str(value)
