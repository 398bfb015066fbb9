"""Numbers and other values as a person reads them."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

DIGITS = 6
"""Significant digits of a number, wherever a person reads one and asks for no other count."""

FULL = 17
"""From so many digits on a number is shown by the fewest that are read back as the same double."""

_SAFE = 15
"""So many digits of a double are its own."""

_asked: ContextVar[int | None] = ContextVar("digits", default=None)


@contextmanager
def digits(asked: int | None) -> Iterator[None]:
    """Show so many significant digits within; with None as many as each number has by itself."""
    token = _asked.set(asked)
    try:
        yield
    finally:
        _asked.reset(token)


def are_asked() -> bool:
    """Whether the reader has said how many digits are shown."""
    return _asked.get() is not None


def short(x: float, own: int = DIGITS, most: int = FULL) -> str:
    """As many significant digits as are asked for, else `own`; never more than the `most`."""
    count = min(_asked.get() or own, most)
    return full(x) if count >= FULL else f"{x + 0.0:.{count}g}"


def apart(*numbers: float) -> list[str]:
    """Short, but of so many digits that no two numbers that differ read alike."""
    for own in range(_asked.get() or DIGITS, _SAFE + 1):
        with digits(own):
            texts = [short(x) for x in numbers]
        if len({*texts}) == len({*map(full, numbers)}):
            return texts
    return [full(x) for x in numbers]


def full(x: float) -> str:
    """The fewest digits that are read back as the same double."""
    return repr(float(x) + 0.0).removesuffix(".0")


def number(x: float) -> str:
    """Short; an infinity by its name, with its sign."""
    return short(x) if math.isfinite(x) else f"{x:+}".replace("inf", "infinity")


def words(value: Any, *, exact: bool = False) -> str:
    """Short, or in full if exact; `-` where there is nothing; the parts of a list."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return full(value) if exact else short(value)
    if isinstance(value, list | tuple):
        return ", ".join(words(part) for part in value)
    return str(value)


def row_in_words(row: Mapping[str, Any], exact: Container[str] = ()) -> dict[str, str]:
    """The values of a row in words, some in full; an interval's `low` and `high` are told apart."""
    texts = {key: words(value, exact=key in exact) for key, value in row.items()}
    low, high = row.get("low"), row.get("high")
    if low is not None and high not in (None, low) and texts["low"] == texts["high"]:
        texts["low"], texts["high"] = apart(low, high)
    return texts
