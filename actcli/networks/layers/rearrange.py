"""Layers that move numbers and change none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from actcli.networks.layers.base import Linear, Shape, Weights
from actcli.numeric.arrays import Array


@dataclass(frozen=True, eq=False)
class Rearrange(Linear):
    """A flatten, reshape or permute: the same numbers in another shape."""

    shape: Shape
    to: Shape
    name: str = "flatten"
    order: tuple[int, ...] | None = None
    """The axes of the input in their new order; None keeps them."""

    mixes = False

    @property
    def tensors(self) -> Mapping[str, Weights]:
        return {}

    @staticmethod
    def permuted(shape: Shape, order: Sequence[int]) -> Rearrange:
        """The axes in another order; a plain reshape where only sizes of 1 move."""
        to = tuple(shape[axis] for axis in order)
        longer = [axis for axis in order if shape[axis] > 1]
        return Rearrange(shape, to, "permute", None if longer == sorted(longer) else tuple(order))

    def then(self, later: Rearrange) -> Rearrange | None:
        """The two in one; None where they are a permutation and a reshape."""
        if self.order is None and later.order is None:
            return Rearrange(self.shape, later.to, later.name)
        if self.order is None or later.order is None or not self.is_permutation:
            return None
        return Rearrange.permuted(self.shape, [self.order[axis] for axis in later.order])

    @property
    def label(self) -> str:
        return self.name

    @property
    def output_shape(self) -> Shape:
        return self.to

    @property
    def constant(self) -> None:
        return None

    @property
    def is_nothing(self) -> bool:
        """Whether what comes in goes out."""
        return self.shape == self.to and self.order in (None, tuple(range(len(self.shape))))

    @property
    def is_permutation(self) -> bool:
        """Whether the axes go out as they came in, in another order."""
        return self.order is not None and self.to == tuple(self.shape[axis] for axis in self.order)

    def on_last_axis(self) -> Rearrange | None:
        if not self.is_nothing:
            return None
        return replace(self, shape=self.shape[-1:], to=self.to[-1:], order=None)

    def linear(self, x: Array) -> Array:
        if self.order is not None:
            x = x.transpose(0, *(axis + 1 for axis in self.order))
        return x.reshape(len(x), *self.to)

    def transposed(self, y: Array) -> Array:
        if self.order is None:
            return y.reshape(len(y), *self.shape)
        y = y.reshape(len(y), *(self.shape[axis] for axis in self.order))
        return y.transpose(0, *(int(axis) + 1 for axis in np.argsort(self.order)))

    def magnitude(self) -> Rearrange:
        return self
