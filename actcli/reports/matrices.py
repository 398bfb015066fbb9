"""Small matrices as a person reads them: rows in brackets, their numbers point under point."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from actcli.numeric.arrays import Array
from actcli.numeric.display import are_asked, short

ENTRIES = 64
COLUMNS = 8
"""The longest matrix, and the longest row, that a person is shown."""

LINE = 78
"""Columns of a line within which the numbers stand two apart."""

DECIMALS = 4
SMALLEST, LARGEST = 1e-3, 1e4
"""Decimals of numbers, where all lie between these or are 0."""

DIGITS = 4
"""Significant digits of all others."""


def is_small(matrix: Array | None) -> bool:
    """Whether a person is shown the matrix."""
    return matrix is not None and matrix.size <= ENTRIES and matrix.shape[-1] <= COLUMNS


def equation(name: str, matrix: Array) -> Iterator[str]:
    """`name = [ 1  2 ]`, a line for each row; a vector is a row."""
    rows = _texts(np.atleast_2d(matrix))
    width = max(len(text) for row in rows for text in row)
    head = f"{name} = "
    gap = "  " if len(head) + (width + 2) * len(rows[0]) + 2 <= LINE else " "
    for number, row in enumerate(rows):
        before = " " * len(head) if number else head
        yield f"{before}[ {gap.join(text.rjust(width) for text in row)} ]"


def _texts(matrix: Array) -> list[list[str]]:
    sizes = np.abs(matrix[matrix != 0])
    in_reach = not sizes.size or (sizes.min() >= SMALLEST and sizes.max() < LARGEST)
    if are_asked() or not in_reach:
        return [[short(float(entry), DIGITS) for entry in row] for row in matrix]
    decimals = next(n for n in range(DECIMALS + 1) if n == DECIMALS or _is_held(matrix, n))
    return [[f"{entry + 0.0:.{decimals}f}" for entry in row] for row in matrix]


def _is_held(matrix: Array, decimals: int) -> bool:
    """Whether so many decimals write every entry in full."""
    return bool((np.round(matrix, decimals) == matrix).all())
