"""Whether a fold stays within the numbers that its type can hold."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from actcli.networks.folding.fold import fold, fold_least, is_single
from actcli.networks.folding.forms import Folded
from actcli.networks.folding.product import Advance
from actcli.networks.layers import Linear, Sum, in_a_row

WIDEST = 1000
"""Powers of two, up or down, that the products of a fold may reach; float64 holds 1022."""

TINIEST = {"float64": 2.0**-1022, "float32": 2.0**-126, "bfloat16": 2.0**-126, "float16": 2.0**-14}
"""The least numbers that are held with all their digits."""


def leaves_doubles(layers: Sequence[Linear]) -> str | None:
    """Why the layers' product may not be multiplied in float64, whatever the order; None: it may.

    By the largest number of each layer: what the large ones reach together, and the small ones.
    """
    layers = in_a_row(layers)
    for layer in layers:
        for branch in layer.members if isinstance(layer, Sum) else ():
            if why := leaves_doubles([branch]):
                return why
    reach = [
        math.log2(layer.largest * max(layer.terms, 1)) for layer in layers if layer.largest > 0
    ]
    if sum(max(power, 0) for power in reach) > WIDEST:
        return "their product is too large for float64"
    small = [math.log2(layer.largest) for layer in layers if layer.largest > 0]
    if sum(min(power, 0) for power in small) < -WIDEST:
        return "their product is too small for float64"
    return None


def leaves_type(folded: Folded) -> str | None:
    """Why the type of the weights cannot hold the fold; None: it can."""
    for layer in folded.layers:
        for weights in layer.kept:
            if not np.isfinite(weights).all():
                return f"they fold to numbers too large for {weights.dtype.name}"
    kept = folded.core.kept
    if kept and 0 < folded.in_double.largest < TINIEST.get(kept[0].dtype.name, 0.0):
        return f"they fold to numbers too small for {kept[0].dtype.name}"
    return None


def fold_in_range(
    layers: Sequence[Linear], advance: Advance, *, least: bool = False
) -> tuple[Folded | None, str]:
    """The layers in one; none, and why, where their product leaves the numbers of its type.

    `least` leaves branches that are less work as they are.
    """
    if not is_single(layers) and (why := leaves_doubles(layers)):
        return None, why
    folded = fold_least(layers, advance) if least else fold(layers, advance)
    why = leaves_type(folded)
    return (None, why) if why else (folded, "")
