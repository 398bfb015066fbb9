"""The key under a chart: what each curve looks like and what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

APART = 3
"""Columns between two entries."""


@dataclass(frozen=True)
class Entry:
    """A sample of a curve, its name and its colour (0 to 15)."""

    sample: str
    label: str
    color: int

    def text(self, width: int, color: bool) -> str:
        """Sample and label in at most `width` columns; escape codes take none."""
        label = self.label
        if self.width > width:
            label = label[: max(0, width - len(self.sample) - 4)] + "..."
        sample = f"\x1b[38;5;{self.color}m{self.sample}\x1b[0m" if color else self.sample
        return f"{sample} {label}"

    @property
    def width(self) -> int:
        """The columns of the whole entry."""
        return len(self.sample) + 1 + len(self.label)


def key(entries: Sequence[Entry], width: int, most: int, color: bool) -> list[str]:
    """The entries in at most `most` lines of `width` columns; what is left out is counted."""
    rows: list[list[Entry]] = []
    for entry in entries:
        if rows and sum(e.width + APART for e in rows[-1]) + entry.width <= width:
            rows[-1].append(entry)
        else:
            rows.append([entry])
    lines = [(" " * APART).join(entry.text(width, color) for entry in row) for row in rows]
    if len(rows) <= most:
        return lines
    left_out = sum(len(row) for row in rows[most - 1 :])
    return [*lines[: most - 1], f"and {left_out} more"]
