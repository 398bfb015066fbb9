"""The forms that linear layers in one may take: a matrix, a convolution, a scale; each's work."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from actcli.networks.folding.joining import as_convolution, by_channel, outline
from actcli.networks.folding.product import Advance, best_order, constant, factors, product
from actcli.networks.layers import AnySize, Dense, Linear, Rearrange, Scale, Shape, in_a_row, tidied
from actcli.networks.layers.convolution import Conv
from actcli.networks.layers.transposed_convolution import ConvTranspose
from actcli.numeric.arrays import Array

BY_BRANCHES = "by branches", "sum of branches"
"""The order and the product where branches are added."""


@dataclass(frozen=True, eq=False)
class Folded:
    """What some neighbours fold to."""

    layers: tuple[Linear, ...]
    """One layer that computes, with a reshape before and after it where a matrix meets an image."""
    in_double: Linear
    """The layer that computes, before it was rounded to the type of the weights."""
    form: str
    """matrix, rows (one matrix for each), convolution, transposed convolution, scale, sum, moved
    (one layer with less around it); layer where all stays."""
    order: str
    """The association order of the product: from the output, from the input, mixed; elementwise and
    by branches, where nothing is multiplied; as it is."""
    product: str
    """The product itself, as in `(W3 W2) W1`."""
    factors: tuple[Linear, ...] = ()
    """W1, W2, ... of the product."""

    @property
    def core(self) -> Linear:
        """The layer that computes."""
        return max(self.layers, key=lambda layer: layer.multiply_adds)

    def matrix(self) -> Array:
        """W of all its layers, as float64 has it."""
        layers = [self.in_double if layer is self.core else layer for layer in self.layers]
        return product(factors(layers) or layers[:1])

    @property
    def is_fold(self) -> bool:
        """Whether it is another layer than there was."""
        return self.form != "layer"

    @property
    def kernel(self) -> Shape | None:
        """The shape of the weights of a convolution or of the matrix of rows."""
        core = self.core
        if isinstance(core, Conv | ConvTranspose):
            return core.kernel.shape
        return core.weight.shape if isinstance(core, Dense) and self.form == "rows" else None


@dataclass(frozen=True)
class Form:
    """A form that layers may take in one."""

    make: Callable[[Advance], Folded]
    work: int
    """Its multiply-adds on one input."""
    entries: int = 0
    """Of its matrix; 0 where it has none."""
    making: int = 0
    """The multiply-adds of the product of matrices that it is."""
    layers: int = 1
    """How many it is made of, those that only move numbers among them."""


def _none(advance: Advance) -> Folded:
    raise NotImplementedError


NO_FORM = Form(_none, work=1 << 62)
"""Of layers of images whose size is open that are no convolution together."""


def cheapest(layers: Sequence[Linear]) -> Form:
    """The form of least work; of equals that of the fewest layers, then the plainest."""
    is_sized = not any(isinstance(layer, AnySize) for layer in layers)
    forms = _forms(tidied(in_a_row(layers)), is_sized=is_sized)
    return min(forms, key=lambda form: (form.work, form.layers), default=NO_FORM)


def _forms(row: Sequence[Linear], *, is_sized: bool) -> Iterator[Form]:
    """All that the layers may take, the plainest first; matrices where their size is known."""
    computing = [place for place, layer in enumerate(row) if layer.arithmetic] or [0]
    before, after = row[: computing[0]], row[computing[-1] + 1 :]
    inner = row[len(before) : len(row) - len(after)]
    for form in _by_channel_or_window(inner):
        yield _between(before, form, after)
    if not is_sized:
        return
    yield _matrix(row)
    by_row = _by_row(inner)
    if by_row is not None:
        yield _between(before, by_row, after)


def _between(before: Sequence[Linear], form: Form, after: Sequence[Linear]) -> Form:
    """A form of what stands between layers that move numbers."""

    def make(advance: Advance) -> Folded:
        folded = form.make(advance)
        return replace(folded, layers=(*before, *folded.layers, *after))

    return replace(form, make=make, layers=len(before) + form.layers + len(after))


def _by_channel_or_window(row: Sequence[Linear]) -> Iterator[Form]:
    """The forms that keep the image."""
    if all(isinstance(layer, Scale) for layer in row):
        yield Form(lambda advance: _scale(row), row[0].size_in)
    whole = outline(row)
    if whole is not None:
        yield Form(lambda advance: _convolution(row, advance), whole.multiply_adds)
    transposed = _transposed(row)
    if transposed is not None:
        yield transposed


def _scale(row: Sequence[Linear]) -> Folded:
    parts = [layer.factor for layer in row if isinstance(layer, Scale)]
    shape = np.broadcast_shapes(*(part.shape for part in parts))
    factor = reduce(lambda x, layer: layer.linear(x), row, np.ones((1, *shape)))[0]
    offset = constant(row)
    stored = (factor,) if offset is None else (factor, offset)
    whole = Scale(row[0].shape, factor, offset, stored=stored)
    return Folded((whole,), whole, "scale", "elementwise", "elementwise")


def _convolution(row: Sequence[Linear], advance: Advance) -> Folded:
    whole = as_convolution(row)
    text = "W1"
    for number in range(2, len(row) + 1):
        text = f"W{number} {text}" if number == 2 else f"W{number} ({text})"
        advance()
    order, name = _named("from the input", text, row)
    return Folded(
        layers=(whole,),
        in_double=whole,
        form="convolution",
        order=order,
        product=name,
        factors=tuple(row),
    )


def _transposed(row: Sequence[Linear]) -> Form | None:
    """A transposed convolution with the factors of channels before it and after it taken in."""
    places = [place for place, layer in enumerate(row) if isinstance(layer, ConvTranspose)]
    if len(places) != 1:
        return None
    core = row[places[0]]
    assert isinstance(core, ConvTranspose)
    before, after = row[: places[0]], row[places[0] + 1 :]
    factors_before, factors_after = by_channel(before), by_channel(after)
    if factors_before is None or factors_after is None or constant(before) is not None:
        return None

    def make(advance: Advance) -> Folded:
        scaled = core.scaled(
            np.broadcast_to(factors_before, core.shape[:1]),
            np.broadcast_to(factors_after, core.output_shape[:1]),
        )
        still = constant([core, *after])
        bias = None if still is None else still.reshape(len(still), -1)[:, 0]
        whole = replace(scaled, bias=bias)
        return Folded((whole,), whole, "transposed convolution", "elementwise", "elementwise")

    return Form(make, core.multiply_adds)


def _named(order: str, text: str, row: Sequence[Linear]) -> tuple[str, str]:
    """The order and the product; those of branches, where one layer alone has them."""
    return BY_BRANCHES if len(row) == 1 else (order, text)


def _matrix(row: Sequence[Linear]) -> Form:
    first, last = row[0].shape, row[-1].output_shape
    made_of = factors(row)
    order = best_order(made_of)
    entries = math.prod(first) * math.prod(last)

    def make(advance: Advance) -> Folded:
        core, bias = product(made_of, order, advance), constant(row)
        dense = Dense((math.prod(first),), core, None if bias is None else bias.reshape(-1))
        layers: list[Linear] = [dense]
        if len(first) > 1:
            layers.insert(0, Rearrange(first, dense.shape))
        if len(last) > 1:
            layers.append(Rearrange(dense.output_shape, last, "reshape"))
        name, text = _named(order.name, str(order), made_of)
        return Folded(
            layers=tuple(layers),
            in_double=dense,
            form="matrix",
            order=name,
            product=text,
            factors=tuple(made_of),
        )

    around = (len(first) > 1) + (len(last) > 1)
    return Form(make, entries, entries, order.multiply_adds, 1 + around)


def _by_row(row: Sequence[Linear]) -> Form | None:
    """One matrix for every row of the last axis; None where a layer touches another axis."""
    shape: Shape = row[0].shape
    rows = [layer.on_last_axis() for layer in row]
    narrow = [layer for layer in rows if layer is not None]
    if len(narrow) < len(row) or len(shape) == 1:
        return None
    form = _matrix(narrow)

    def make(advance: Advance) -> Folded:
        folded = form.make(advance)
        (dense,) = folded.layers
        assert isinstance(dense, Dense)
        dense = replace(dense, shape=shape)
        whole = replace(folded, layers=(dense,), in_double=dense, form="rows")
        return replace(whole, factors=tuple(factors(row)))

    return replace(form, make=make, work=math.prod(shape[:-1]) * form.work, layers=1)
