"""Layers one after the other with fewer of them that only move numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from actcli.networks.layers.base import Linear
from actcli.networks.layers.rearrange import Rearrange
from actcli.networks.layers.scale import Scale


def tidied(row: Sequence[Linear]) -> list[Linear]:
    """The layers with neighbours that move numbers in one, and gone where they come to nothing.

    A scale after a permutation goes before it, so that two permutations may meet.
    """
    kept: list[Linear] = []
    for layer in row:
        together = _in_place_of(kept[-1], layer) if kept else None
        if together is not None:
            kept.pop()
        kept += [layer] if together is None else together
        if isinstance(kept[-1], Rearrange) and kept[-1].is_nothing:
            kept.pop()
    return kept or [Rearrange(row[0].shape, row[0].shape, "identity")]


def _in_place_of(one: Linear, other: Linear) -> list[Linear] | None:
    """What stands for two neighbours; None where they stay."""
    if not isinstance(one, Rearrange):
        return None
    if isinstance(other, Rearrange):
        whole = one.then(other)
        return None if whole is None else [whole]
    if isinstance(other, Scale) and one.is_permutation:
        assert one.order is not None
        return [other.permuted([int(axis) for axis in np.argsort(one.order)]), one]
    return None
