"""Whether the fold of a run is worth what making it costs."""

from __future__ import annotations

from collections.abc import Sequence

from actcli.analysis.budgets import (
    IDLE_ENTRIES,
    IDLE_WORK,
    NUMBERS,
    PRODUCT_WORK,
    bytes_said,
)
from actcli.analysis.folding import best_order, factors, folded_work, is_matrix, is_single
from actcli.analysis.layers import Linear

DOUBLE = 8
"""Bytes of a number in the product."""


def too_long(layers: Sequence[Linear]) -> str | None:
    """Why the layers are not even run: a value in them is too long; None: they are."""
    longest = max(max(layer.size_in, layer.size_out) for layer in layers)
    if longest > NUMBERS:
        return f"a value of {longest:,} numbers, more than {NUMBERS:,}: not looked at"
    return None


def too_large(layers: Sequence[Linear]) -> str | None:
    """Why the layers' matrix is not made; None: it is."""
    if is_single(layers) or not is_matrix(layers):
        return None
    entries = layers[0].size_in * layers[-1].size_out
    work = best_order(factors(layers)).multiply_adds
    pays = folded_work(layers) < sum(layer.multiply_adds for layer in layers)
    if not pays and entries > IDLE_ENTRIES:
        return f"their matrix would need {bytes_said(DOUBLE * entries)}: not made"
    if work > (PRODUCT_WORK if pays else IDLE_WORK):
        return f"their matrix would take {work:,.3g} multiply-adds to make: not made"
    return None
