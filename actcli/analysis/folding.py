"""Folding a run of linear layers into one: a matrix, a convolution or a scale, whichever is least."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from actcli.activation import Array
from actcli.analysis.association import Association, cheapest_cuts, cheapest_order
from actcli.analysis.convolution import Conv, as_convolution, joined, outline
from actcli.analysis.layers import Dense, Linear, Rearrange, Scale, through

Advance = Callable[[], object]
"""Told after each matrix product."""

STRIP = 256
"""Rows of a product made at once: what a product in place holds beside itself."""


def idle() -> None:
    """The `Advance` of who does not want to know."""


def best_order(layers: Sequence[Linear]) -> Association:
    """The association order that multiplies the layers' matrices with the least work."""
    sizes = [layers[0].size_in, *(layer.size_out for layer in layers)]
    return cheapest_order(sizes, [layer.multiply_adds for layer in layers])


def product(
    layers: Sequence[Linear], order: Association | None = None, advance: Advance = idle
) -> Array:
    """W_n ... W_1 in float64, multiplied in the best order.

    A product that does not outgrow the one before is written over it, so that beside the layers
    there is one product, or two while it grows. A matrix the caller may not change is returned for a
    single dense layer.
    """
    order = order or best_order(layers)
    return np.ascontiguousarray(_product(layers, order, 0, len(layers) - 1, advance))


def _product(
    layers: Sequence[Linear], order: Association, first: int, last: int, advance: Advance
) -> Array:
    growth = order.growth(first, last)
    if isinstance(growth.core, int):
        high, matrix, own = growth.core, layers[growth.core].matrix(), False
    else:
        left, right = growth.core
        high, own = right[-1], True
        matrix = _product(layers, order, left[0], left[-1], advance) @ _product(
            layers, order, right[0], right[-1], advance
        )
        advance()
    for step in growth.onto:
        layer = layers[step]
        if step > high:
            matrix = _times(matrix.T, layer, own, layer.linear, layer.matrix().T).T if False else matrix
        own = True
        advance()
    return matrix
