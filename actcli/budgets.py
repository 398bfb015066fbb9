"""What a command may spend on what it is asked: about half a minute of a core and 2 GB at most.

What asks for more is refused in one line, before the work where its size is known. What `collapse`
may spend on a network is in `networks/budgets.py`; the proofs of a function have `--effort`.
"""

from __future__ import annotations

COLUMNS = LINES = 1000
"""The sides of a chart in a terminal."""

NUMBERS = 20_000_000
"""Numbers in a text that is read; a .npy file is mapped, and may hold any number."""

VECTORS = 1_000_000
"""Lines of a text of vectors."""

LINE = 1 << 24
"""Bytes of a line of such a text."""

INFLATED = 500_000_000
"""Bytes that a compressed archive may hold beyond four times its own."""

DRAWN = 1_500_000_000
"""Weights that are drawn for simulated layers."""

LAYER = 1 << 26
"""Weights of one simulated layer, which are in memory together."""

STEPPED = 5_000_000_000
"""Multiply-adds of simulated cells, where a step counts as some of its own."""

STEP = 200_000
"""Multiply-adds that take as long as what a cell does beside its product."""

PROPAGATED = 30.0
"""Seconds of CPU for the layers of one function whose network is not simulated."""


def bytes_text(count: int) -> str:
    """A number of bytes as people say it: 13 GB."""
    size, units = float(count), ["bytes", "kB", "MB", "GB", "TB"]
    while size >= 1000 and len(units) > 1:
        size /= 1000
        units.pop(0)
    return f"{size:,.3g} {units[0]}"
