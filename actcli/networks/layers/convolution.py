"""Convolutions: applied, and transposed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from actcli.networks.layers import Dense, Linear, Shape, Weights, in_type
from actcli.networks.layers.sliding_window import Window, point
from actcli.numeric.arrays import Array

POINT = point(2)

WINDOWS = 1 << 21
"""Numbers of windows written out at once, 16 MB: one product in place of one for each place."""


@dataclass(frozen=True, eq=False)
class Conv(Linear):
    """A convolution; the kernel is (outputs, inputs / groups, *sizes) as in PyTorch."""

    shape: Shape
    kernel: Weights
    bias: Weights | None = None
    window: Window = POINT
    groups: int = 1
    name: str = ""
    learned: bool = True
    """False for an average pooling, which keeps no numbers."""
    kind: np.dtype[Any] | None = None

    @property
    def label(self) -> str:
        return self.name or f"conv {len(self.kernel)}x{self.window}"

    @property
    def output_shape(self) -> Shape:
        return (len(self.kernel), *self.window.output(self.shape[1:]))

    @property
    def parameters(self) -> int:  # type: ignore[override]
        return sum(part.size for part in self.kept)

    @property
    def multiply_adds(self) -> int:
        return math.prod(self.output_shape[1:]) * self.kernel.size

    @property
    def terms(self) -> int:
        return math.prod(self.kernel.shape[1:]) + 1

    @property
    def constant(self) -> Weights | None:
        ones = (1,) * len(self.window.size)
        return None if self.bias is None else self.bias.reshape(-1, *ones)

    @property
    def kept(self) -> tuple[Weights, ...]:
        if not self.learned:
            return ()
        return (self.kernel,) if self.bias is None else (self.kernel, self.bias)

    @property
    def largest(self) -> float:
        return float(np.abs(self.kernel.astype(np.float64)).max(initial=0))

    @property
    def keeps_its_numbers(self) -> bool:
        return self.learned

    def linear(self, x: Array) -> Array:
        image = self.output_shape[1:]
        kernel = self._rows(x.dtype)
        total = np.empty((len(x), self.groups, kernel.shape[1], math.prod(image)), x.dtype)
        for some in self._strips(len(x)):
            seen = np.empty((some.stop - some.start, self.shape[0], *self._seen), x.dtype)
            for place, pixels in enumerate(self.window.views(x[some], image)):
                seen[:, :, place] = pixels.reshape(len(seen), self.shape[0], -1)
            total[some] = kernel @ seen.reshape(len(seen), self.groups, kernel.shape[2], -1)
        return total.reshape(len(x), *self.output_shape)

    def transposed(self, y: Array) -> Array:
        image = self.output_shape[1:]
        kernel = self._rows(y.dtype).swapaxes(1, 2)
        sent = y.reshape(len(y), self.groups, -1, math.prod(image))
        total = self.window.pad(np.zeros((len(y), *self.shape), y.dtype))
        for some in self._strips(len(y)):
            back = (kernel @ sent[some]).reshape(-1, self.shape[0], *self._seen)
            for place, offset in enumerate(self.window.offsets):
                part = back[:, :, place].reshape(len(back), self.shape[0], *image)
                self.window.add(total[some], part, offset)
        return self.window.crop(total)

    def _rows(self, kind: Any) -> Array:
        """The kernel as (groups, outputs, inputs and places), in a precision."""
        rows = self.kernel.reshape(self.groups, len(self.kernel) // self.groups, -1)
        return rows.astype(kind, copy=False)

    @property
    def _seen(self) -> tuple[int, int]:
        """How many places a window has, and how many windows there are."""
        return math.prod(self.window.size), math.prod(self.output_shape[1:])

    def _strips(self, count: int) -> Iterator[slice]:
        """A batch in parts whose windows, written out, are not too many numbers."""
        height = max(1, WINDOWS // max(1, self.shape[0] * math.prod(self._seen)))
        for start in range(0, count, height):
            yield slice(start, min(count, start + height))

    def shifted(self, offset: Weights) -> Conv | None:
        if self.bias is not None or not self.learned or len(offset) != offset.size:
            return None
        return replace(self, bias=np.broadcast_to(offset.reshape(-1), self.output_shape[:1]))

    def rounded(self, kind: np.dtype[Any]) -> Conv:
        bias = None if self.bias is None else in_type(self.bias, kind)
        return replace(self, kernel=in_type(self.kernel, kind), bias=bias)

    def magnitude(self) -> Conv:
        bias = None if self.bias is None else np.abs(self.bias.astype(np.float64))
        return replace(self, kernel=np.abs(self.kernel.astype(np.float64)), bias=bias)


def average_pool(
    shape: Shape, window: Window, name: str = "", kind: np.dtype[Any] | None = None
) -> Conv:
    """The mean over windows; zeros around the image, where there are some, count.

    `kind` is the type of the data, where it is known.
    """
    kernel = np.broadcast_to(1 / math.prod(window.size), (shape[0], 1, *window.size))
    label = name or f"avgpool {window}"
    return Conv(shape, kernel, None, window, shape[0], label, learned=False, kind=kind)


def dense_as_convolution(layer: Dense, image: Shape) -> Conv:
    """A dense layer after the flatten of an image: a convolution as large as the image."""
    channels, height, width = image
    kernel = layer.weight.reshape(len(layer.weight), channels, height, width)
    return Conv(image, kernel, layer.bias, Window((height, width)))
