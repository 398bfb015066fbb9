"""The product of a run's matrices, multiplied in the order of least work."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from actcli.networks.folding.association import Association, cheapest_order
from actcli.networks.layers import Linear, Rearrange, at_zero, in_a_row
from actcli.numeric.arrays import Array

Advance = Callable[[], object]
"""Told after each matrix product."""

STRIP = 1 << 21
"""Numbers of a product made at once, 16 MB: what a product in place holds beside itself.

Much smaller strips would cost time, as BLAS's threads meet at the end of each.
"""


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

    A large product that does not outgrow the one before is written over it: beside the layers there
    is one product and a strip of it, or two products while they grow. For a single layer it may be
    the layer's own array.
    """
    order = order or best_order(layers)
    return np.ascontiguousarray(_product(layers, order, range(len(layers)), advance))


def _product(layers: Sequence[Linear], order: Association, part: range, advance: Advance) -> Array:
    growth = order.growth(part[0], part[-1])
    if isinstance(growth.core, int):
        core, own = growth.core, False
        matrix = layers[core].matrix()
    else:
        left, right = growth.core
        core, own = left[0], True
        after = _product(layers, order, left, advance)
        matrix = after @ _product(layers, order, right, advance)
        advance()
    for step in growth.onto:
        layer = layers[step].rounded(np.dtype(np.float64))
        if step < core:
            matrix = _each(matrix, layer.transposed, layer.output_shape, layer.size_in, own)
        else:
            matrix = _each(matrix.T, layer.linear, layer.shape, layer.size_out, own).T
        own = True
        advance()
    return matrix


def _each(
    rows: Array, turn: Callable[[Array], Array], shape: tuple[int, ...], size: int, own: bool
) -> Array:
    """Every row turned into another, of `size` numbers; over the old rows where they may go."""

    def turned(some: Array) -> Array:
        return turn(some.reshape(-1, *shape)).reshape(len(some), size)

    height = max(1, STRIP // rows.shape[1])
    if not own or size > rows.shape[1] or height >= len(rows):
        return turned(rows)
    for start in range(0, len(rows), height):
        strip = slice(start, start + height)
        rows[strip, :size] = turned(rows[strip])
    return rows[:, :size]


def factors(layers: Sequence[Linear]) -> list[Linear]:
    """The layers whose matrices make the product; a reshape's is 1."""
    row = in_a_row(layers)
    return [x for x in row if not (isinstance(x, Rearrange) and x.order is None)]


def constant(layers: Sequence[Linear]) -> Array | None:
    """What the layers make of zero; None where none has a constant."""
    if all(layer.constant is None for layer in layers):
        return None
    still: Array = at_zero(layers)[-1][0]
    return still
