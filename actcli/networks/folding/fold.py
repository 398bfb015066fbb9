"""Folding linear layers into one, whichever form of it is the least work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from actcli.networks.folding.association import cheapest_cuts
from actcli.networks.folding.forms import BY_BRANCHES, Folded, cheapest
from actcli.networks.folding.product import Advance, idle
from actcli.networks.layers import Chain, Linear, Sum, in_a_row, tidied


def is_single(layers: Sequence[Linear]) -> bool:
    """Whether no more than one layer does arithmetic, so that there is nothing to fold."""
    return sum(layer.arithmetic for layer in layers) < 2


def folded_work(layers: Sequence[Linear]) -> int:
    """The multiply-adds of the layers in one, which is their own where there is only one."""
    if is_single(layers):
        return sum(layer.multiply_adds for layer in layers)
    return cheapest(layers).work


def fold(layers: Sequence[Linear], advance: Advance = idle) -> Folded:
    """The layers in one, computed in float64 and rounded once to the type of their weights.

    A single layer is itself.
    """
    if is_single(layers):
        core = max(layers, key=lambda layer: layer.multiply_adds)
        return Folded(
            layers=tuple(layers),
            in_double=core,
            form="layer",
            order="as it is",
            product="W1",
            factors=(core,),
        )
    folded = cheapest(layers).make(advance)
    kind = kept_type(layers)
    with np.errstate(over="ignore"):  # infinities are refused by whoever asked
        return replace(folded, layers=tuple(layer.rounded(kind) for layer in folded.layers))


def fold_least(layers: Sequence[Linear], advance: Advance = idle) -> Folded:
    """The layers folded so that they are the least work: branches may stay branches.

    A sum whose branches are less work than the sum in one keeps them, each folded by groups. Beside
    a single layer, those that only move numbers are brought together.
    """
    branches = _branches(layers)
    if is_single(layers):
        return _brought_together(layers)
    if branches is None or folded_work(layers) <= least_work(layers):
        return fold(layers, advance)
    members = []
    for member in branches.members:
        row = in_a_row([member])
        groups = groups_that_pay(row)
        folds = [fold_least([row[place] for place in group], advance) for group in groups]
        members.append(Chain(tuple(layer for folded in folds for layer in folded.layers)))
    whole = replace(branches, members=tuple(members))
    stays = whole.arithmetic == branches.arithmetic
    return Folded((whole,), whole, "layer" if stays else "sum", *BY_BRANCHES)


def _brought_together(layers: Sequence[Linear]) -> Folded:
    folded, row = fold(layers), _beside_one(layers)
    if len(row) >= len(layers):
        return folded
    return replace(folded, layers=tuple(row), form="moved")


def _beside_one(layers: Sequence[Linear]) -> Sequence[Linear]:
    """The layers with those that only move numbers brought together, where that is exact."""
    computing = [layer for layer in layers if layer.arithmetic]
    if not all(layer.keeps_its_numbers for layer in computing):
        return layers
    return tidied(in_a_row(layers))


def least_work(layers: Sequence[Linear]) -> int:
    """The multiply-adds of the layers in one, or of their branches where these are less work."""
    whole, branches = folded_work(layers), _branches(layers)
    if branches is None:
        return whole
    adding = branches.multiply_adds - sum(member.multiply_adds for member in branches.members)
    return min(whole, adding + sum(_in_groups(in_a_row([m])) for m in branches.members))


def _in_groups(row: Sequence[Linear]) -> int:
    return sum(least_work([row[place] for place in group]) for group in groups_that_pay(row))


def _cost(layers: Sequence[Linear]) -> tuple[int, int]:
    """The multiply-adds of the layers folded, and how many layers that leaves."""
    if is_single(layers):
        count = min(len(_beside_one(layers)), len(layers))
        return sum(layer.multiply_adds for layer in layers), count
    work = least_work(layers)
    form = cheapest(layers)
    return work, form.layers if form.work == work else len(layers)


def _branches(layers: Sequence[Linear]) -> Sum | None:
    """The one layer where it is a sum."""
    row = in_a_row(layers)
    return row[0] if len(row) == 1 and isinstance(row[0], Sum) else None


def groups_that_pay(layers: Sequence[Linear]) -> list[range]:
    """The neighbours to fold so that the run is the least work, which may be none.

    Of plans of equal work that of the fewest layers.
    """
    return cheapest_cuts(len(layers), lambda start, end: _cost(layers[start:end]))


def kept_type(layers: Sequence[Linear]) -> np.dtype[Any]:
    """The type that holds the layers' weights; float64 where there are none."""
    types = {kind for layer in layers for kind in layer.types}
    if not types:
        return np.dtype(np.float64)
    try:
        return np.result_type(*types)
    except TypeError:  # float16 and bfloat16 have no common type of 16 bits
        return np.dtype(np.float32)
