"""Dense layers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from actcli.networks.layers.base import Linear, Shape, Weights, in_type, largest_of
from actcli.numeric.arrays import Array

STRIP = 1 << 18
"""Numbers of a matrix that are changed to another type at once: 2 MB, which stay in the cache."""


@dataclass(frozen=True, eq=False)
class Dense(Linear):
    """A dense layer: `weight` is outputs by inputs. It acts on the last axis of its input."""

    shape: Shape
    weight: Weights
    bias: Weights | None = None
    name: str = ""
    learned: bool = True
    """False for a sum or a mean, which keeps no numbers."""

    @property
    def label(self) -> str:
        return self.name or f"dense {len(self.weight)}"

    @property
    def output_shape(self) -> Shape:
        return (*self.shape[:-1], len(self.weight))

    @property
    def multiply_adds(self) -> int:
        return math.prod(self.shape[:-1]) * self.weight.size

    @property
    def terms(self) -> int:
        return self.shape[-1] + 1

    @property
    def constant(self) -> Weights | None:
        return self.bias

    @property
    def weight_and_bias(self) -> tuple[Weights, Weights | None]:
        return self.weight, self.bias

    @property
    def tensors(self) -> Mapping[str, Weights]:
        return {"weight": self.weight} | ({} if self.bias is None else {"bias": self.bias})

    @property
    def kept(self) -> tuple[Weights, ...]:
        if not self.learned:
            return ()
        return (self.weight,) if self.bias is None else (self.weight, self.bias)

    @property
    def types(self) -> set[np.dtype[Any]]:
        return super().types | {self.weight.dtype}

    @property
    def largest(self) -> float:
        return largest_of(self.weight)

    @property
    def keeps_its_numbers(self) -> bool:
        return self.learned

    def on_last_axis(self) -> Dense:
        return replace(self, shape=self.shape[-1:])

    def linear(self, x: Array) -> Array:
        return _times(x, self.weight)

    def transposed(self, y: Array) -> Array:
        return _times(y, self.weight.T)

    def matrix(self) -> Array:
        return super().matrix() if len(self.shape) > 1 else in_type(self.weight, np.float64)

    def shifted(self, offset: Weights) -> Dense | None:
        if self.bias is not None or not self.learned or offset.shape[-1] != offset.size:
            return None
        return replace(self, bias=np.broadcast_to(offset.reshape(-1), (len(self.weight),)))

    def rounded(self, kind: np.dtype[Any]) -> Dense:
        bias = None if self.bias is None else in_type(self.bias, kind)
        return replace(self, weight=in_type(self.weight, kind), bias=bias)

    def magnitude(self) -> Dense:
        bias = None if self.bias is None else np.abs(self.bias)
        return replace(self, weight=np.abs(self.weight), bias=bias)


def _times(x: Array, weight: Weights) -> Array:
    """Each row of x times the matrix, in the precision of x, without a whole copy of it in that."""
    if weight.dtype == x.dtype or weight.size <= STRIP:
        product: Array = x @ in_type(weight, x.dtype).T
        return product
    product = np.empty((*x.shape[:-1], len(weight)), x.dtype)
    height = max(1, STRIP // weight.shape[1])
    for start in range(0, len(weight), height):
        strip = slice(start, start + height)
        product[..., strip] = x @ in_type(weight[strip], x.dtype).T
    return product
