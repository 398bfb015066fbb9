"""Folding linear layers into one: a matrix, a convolution or a scale, whichever is least work."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np

from actcli.activation import Array
from actcli.analysis.association import Association, cheapest_cuts, cheapest_order
from actcli.analysis.convolution import Conv, as_convolution, joined, outline
from actcli.analysis.layers import Dense, Linear, Rearrange, Scale, Weights, at_zero

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
        layer = _in_double(layers[step])
        if step < core:
            matrix = _each(matrix, layer.transposed, layer.output_shape, layer.size_in, own)
        else:
            matrix = _each(matrix.T, layer.linear, layer.shape, layer.size_out, own).T
        own = True
        advance()
    return matrix


def _in_double(layer: Linear) -> Linear:
    """The layer with its weights converted once, not for every strip."""
    if not isinstance(layer, Dense):
        return layer
    return replace(layer, weight=layer.weight.astype(np.float64, copy=False))


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


@dataclass(frozen=True, eq=False)
class Folded:
    """What some neighbours fold to."""

    layers: tuple[Linear, ...]
    """One layer that computes, with a reshape before and after it where a matrix meets an image."""
    in_double: Linear
    """The layer that computes, before it was rounded to the type of the weights."""
    order: str
    """The association order of the product: from the output, from the input, mixed."""
    product: str
    """The product itself, as in `(W3 W2) W1`."""

    @property
    def core(self) -> Linear:
        """The layer that computes."""
        return max(self.layers, key=lambda layer: layer.multiply_adds)

    @property
    def is_fold(self) -> bool:
        """Whether there was more than one layer."""
        return self.product != "W1"


def factors(layers: Sequence[Linear]) -> list[Linear]:
    """The layers whose matrices make the product; a reshape's is 1."""
    return [x for x in layers if not (isinstance(x, Rearrange) and x.order is None)]


def is_single(layers: Sequence[Linear]) -> bool:
    """Whether no more than one layer does arithmetic, so that there is nothing to fold."""
    return sum(layer.multiply_adds > 0 for layer in layers) < 2


def folded_work(layers: Sequence[Linear]) -> int:
    """The multiply-adds of the layers in one, which is their own where there is only one."""
    if is_single(layers):
        return sum(layer.multiply_adds for layer in layers)
    return _form(layers)[1]


def is_matrix(layers: Sequence[Linear]) -> bool:
    """Whether the least work is a matrix, and neither a convolution nor a scale."""
    return _form(layers)[0] is _matrix


def fold(layers: Sequence[Linear], advance: Advance = idle) -> Folded:
    """The layers in one, computed in float64 and rounded once to the type of their weights.

    A single layer is itself.
    """
    if is_single(layers):
        core = max(layers, key=lambda layer: layer.multiply_adds)
        return Folded(tuple(layers), core, "as it is", "W1")
    make, _ = _form(layers)
    folded = make(layers, advance)
    kind = kept_type(layers)
    return replace(folded, layers=tuple(_rounded(layer, kind) for layer in folded.layers))


def groups_that_pay(layers: Sequence[Linear]) -> list[range]:
    """The neighbours to fold so that the run is the least work, which may be none."""
    return cheapest_cuts(len(layers), lambda start, end: folded_work(layers[start:end]))


def kept_type(layers: Sequence[Linear]) -> np.dtype[Any]:
    """The type that holds the layers' weights; float64 where there are none."""
    types = {weights.dtype for layer in layers for weights in layer.kept}
    types |= {layer.kind for layer in layers if isinstance(layer, Conv) and layer.kind}
    if not types:
        return np.dtype(np.float64)
    try:
        return np.result_type(*types)
    except TypeError:  # float16 and bfloat16 have no common type of 16 bits
        return np.dtype(np.float32)


Form = Callable[[Sequence[Linear], Advance], Folded]


def _form(layers: Sequence[Linear]) -> tuple[Form, int]:
    """The form that is the least work, and that work."""
    first, last = layers[0], layers[-1]
    forms: list[tuple[Form, int]] = [(_matrix, first.size_in * last.size_out)]
    convolutions = [as_convolution(layer) for layer in layers]
    whole = reduce(_outlined, convolutions)
    if whole is not None:
        forms.insert(0, (_convolution, whole.multiply_adds))
    if all(isinstance(layer, Scale) for layer in layers):
        forms.insert(0, (_scale, first.size_in))
    return min(forms, key=lambda form: form[1])


def _outlined(earlier: Conv | None, later: Conv | None) -> Conv | None:
    return None if earlier is None or later is None else outline(later, earlier)


def _scale(layers: Sequence[Linear], advance: Advance) -> Folded:
    shape = np.broadcast_shapes(
        *(layer.factor.shape for layer in layers if isinstance(layer, Scale))
    )
    factor = reduce(lambda x, layer: layer.linear(x), layers, np.ones((1, *shape)))[0]
    offset = constant(layers)
    stored = (factor,) if offset is None else (factor, offset)
    whole = Scale(layers[0].shape, factor, offset, stored=stored)
    return Folded((whole,), whole, "elementwise", "elementwise")


def _convolution(layers: Sequence[Linear], advance: Advance) -> Folded:
    whole, *rest = (conv for layer in layers if (conv := as_convolution(layer)))
    text = "W1"
    for number, later in enumerate(rest, start=2):
        whole = joined(later, whole)
        text = f"W{number} {text}" if number == 2 else f"W{number} ({text})"
        advance()
    return Folded((whole,), whole, "from the input", text)


def _matrix(layers: Sequence[Linear], advance: Advance) -> Folded:
    order = best_order(factors(layers))
    matrix = product(factors(layers), order, advance)
    bias = constant(layers)
    before, after = layers[0].shape, layers[-1].output_shape
    core = Dense((math.prod(before),), matrix, None if bias is None else bias.reshape(-1))
    folded: list[Linear] = [core]
    if len(before) > 1:
        folded.insert(0, Rearrange(before, core.shape))
    if len(after) > 1:
        folded.append(Rearrange(core.output_shape, after, "reshape"))
    return Folded(tuple(folded), core, order.name, str(order))


def constant(layers: Sequence[Linear]) -> Array | None:
    """What the layers make of zero; None where none has a constant."""
    if all(layer.constant is None for layer in layers):
        return None
    still: Array = at_zero(layers)[-1][0]
    return still


def _rounded(layer: Linear, kind: np.dtype[Any]) -> Linear:
    def to(weights: Weights | None) -> Weights | None:
        return None if weights is None else weights.astype(kind, copy=False)

    with np.errstate(over="ignore"):
        match layer:
            case Dense():
                return replace(
                    layer, weight=layer.weight.astype(kind, copy=False), bias=to(layer.bias)
                )
            case Conv():
                return replace(
                    layer, kernel=layer.kernel.astype(kind, copy=False), bias=to(layer.bias)
                )
            case Scale():
                factor, offset = layer.factor.astype(kind, copy=False), to(layer.offset)
                stored = (factor,) if offset is None else (factor, offset)
                return replace(layer, factor=factor, offset=offset, stored=stored)
    return layer
