"""The derivatives of a function as formulas, for a person."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST = 600
"""Characters of a formula that a person still reads."""


def derivative_lines(first: str | None, second: str | None = None) -> Iterator[str]:
    """A line for f', and one for f'' if it was asked for."""
    yield f"f'(x) = {shown(first)}"
    if second is not None:
        yield f"f''(x) = {shown(second)}"


def shown(formula: str | None) -> str:
    """The formula, if it is not too long to be read."""
    if formula is None:
        return "too long a formula to be written down"
    return formula if len(formula) <= LONGEST else f"{len(formula)} characters, see --json"
