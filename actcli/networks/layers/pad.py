"""Numbers around an image or a row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from actcli.networks.layers.base import Linear, Shape
from actcli.numeric.arrays import Array


@dataclass(frozen=True, eq=False)
class Pad(Linear):
    """A constant before and after each axis. Its work is that of a copy."""

    shape: Shape
    before: Shape
    after: Shape
    value: float = 0.0
    name: str = "pad"
    kind: np.dtype[Any] | None = None

    mixes = False

    @property
    def label(self) -> str:
        return self.name

    @property
    def output_shape(self) -> Shape:
        sizes = zip(self.shape, self.before, self.after, strict=True)
        return tuple(size + one + other for size, one, other in sizes)

    @property
    def multiply_adds(self) -> int:
        return self.size_out

    @property
    def constant(self) -> Array | None:
        if not self.value:
            return None
        return np.pad(np.zeros(self.shape), self._around, constant_values=self.value)

    @property
    def _around(self) -> list[tuple[int, int]]:
        return list(zip(self.before, self.after, strict=True))

    def linear(self, x: Array) -> Array:
        return np.pad(x, [(0, 0), *self._around])

    def transposed(self, y: Array) -> Array:
        inner = (slice(one, one + size) for size, one in zip(self.shape, self.before, strict=True))
        return y[(slice(None), *inner)]

    def magnitude(self) -> Pad:
        return replace(self, value=abs(self.value))
