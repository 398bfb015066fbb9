"""Elementwise scales, a batch normalisation in inference among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from actcli.networks.layers.base import Linear, Shape, Weights, in_type, largest_of
from actcli.numeric.arrays import Array


@dataclass(frozen=True, eq=False)
class Scale(Linear):
    """Elementwise factor * x + offset: a batch normalisation in inference, or h(x) = c x.

    `factor` and `offset` have as many axes as the shape. `stored` are the numbers that a file
    keeps of the layer, `cancelled` is what stands for |offset| in the error bound, where the offset
    itself is a difference of larger numbers.
    """

    shape: Shape
    factor: Weights
    offset: Weights | None = None
    name: str = "scale"
    stored: tuple[Weights, ...] = ()
    cancelled: Array | None = None
    roundings: int = 2
    kind: np.dtype[Any] | None = None

    mixes = False

    @property
    def label(self) -> str:
        return self.name

    @property
    def multiply_adds(self) -> int:
        return self.size_in

    @property
    def terms(self) -> int:
        return self.roundings

    @property
    def constant(self) -> Weights | None:
        return self.offset

    @property
    def weight_and_bias(self) -> tuple[Weights, Weights | None]:
        return self.factor, self.offset

    @property
    def kept(self) -> tuple[Weights, ...]:
        return self.stored

    @property
    def adds_only(self) -> bool:
        is_one = self.factor.size == 1 and self.factor.reshape(-1)[0] == 1
        return is_one and self.offset is not None

    @property
    def largest(self) -> float:
        return largest_of(self.factor)

    def permuted(self, order: Sequence[int]) -> Scale:
        """The scale of the same numbers with their axes in another order."""
        turned = (
            None if part is None else part.transpose(order)
            for part in (self.factor, self.offset, self.cancelled)
        )
        factor, offset, cancelled = turned
        assert factor is not None
        shape = tuple(self.shape[axis] for axis in order)
        return replace(self, shape=shape, factor=factor, offset=offset, cancelled=cancelled)

    def on_last_axis(self) -> Scale | None:
        parts = (self.factor, self.offset, self.cancelled)
        if any(part is not None and part.shape[-1] != part.size for part in parts):
            return None
        factor, offset, cancelled = (None if p is None else p.reshape(-1) for p in parts)
        assert factor is not None
        return replace(
            self, shape=self.shape[-1:], factor=factor, offset=offset, cancelled=cancelled
        )

    def linear(self, x: Array) -> Array:
        product: Array = x * in_type(self.factor, x.dtype)
        return product

    def transposed(self, y: Array) -> Array:
        return self.linear(y)

    def shifted(self, offset: Weights) -> Scale | None:
        if self.offset is not None:
            return None
        return replace(self, offset=offset, stored=(*self.stored, offset))

    def rounded(self, kind: np.dtype[Any]) -> Scale:
        factor = in_type(self.factor, kind)
        offset = None if self.offset is None else in_type(self.offset, kind)
        stored = (factor,) if offset is None else (factor, offset)
        return replace(self, factor=factor, offset=offset, stored=stored)

    def magnitude(self) -> Scale:
        offset = self.offset if self.cancelled is None else self.cancelled
        return replace(
            self,
            factor=np.abs(self.factor),
            offset=None if offset is None else np.abs(offset),
        )


def batch_norm(
    shape: Shape,
    gamma: Weights,
    beta: Weights,
    mean: Weights,
    variance: Weights,
    epsilon: float,
) -> Scale:
    """Batch normalisation in inference, over the first axis of the shape (its channels)."""
    along = (-1, *(1 for _ in shape[1:]))
    g, b, m, v = (
        in_type(part, np.float64).reshape(along) for part in (gamma, beta, mean, variance)
    )
    factor = g / np.sqrt(v + epsilon)
    return Scale(
        shape,
        factor,
        b - m * factor,
        "batchnorm",
        stored=(gamma, beta, mean, variance),
        cancelled=np.abs(b) + np.abs(m * factor),
        roundings=8,
    )
