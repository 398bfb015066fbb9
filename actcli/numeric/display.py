"""Numbers and other values as a person reads them."""

from __future__ import annotations

import math
from typing import Any

DIGITS = 6
"""Significant digits of a number, wherever a person reads one."""


def short(x: float) -> str:
    """Six significant digits."""
    return f"{x + 0.0:.{DIGITS}g}"


def number(x: float) -> str:
    """Six significant digits; an infinity by its name, with its sign."""
    return short(x) if math.isfinite(x) else f"{x:+}".replace("inf", "infinity")


def words(value: Any) -> str:
    """Six significant digits; `-` where there is nothing; the parts of a list."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return short(value)
    if isinstance(value, list | tuple):
        return ", ".join(words(part) for part in value)
    return str(value)
