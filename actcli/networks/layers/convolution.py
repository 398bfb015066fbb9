"""Convolutions: applied, and transposed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.networks.layers import Dense, Linear, Shape, Weights, in_type
from actcli.networks.layers.base import largest_of
from actcli.networks.layers.sliding_window import SlidingWindow, point
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
    window: SlidingWindow = POINT
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
    def weight_and_bias(self) -> tuple[Weights | None, Weights | None]:
        return (self.kernel, self.bias) if self.learned else (None, None)

    @property
    def kept(self) -> tuple[Weights, ...]:
        if not self.learned:
            return ()
        return (self.kernel,) if self.bias is None else (self.kernel, self.bias)

    @property
    def largest(self) -> float:
        return largest_of(self.kernel)

    @property
    def keeps_its_numbers(self) -> bool:
        return self.learned

    def linear(self, x: Array) -> Array:
        kernel = self._rows(x.dtype)
        total = np.empty((len(x), *self.output_shape), x.dtype)
        windows = self.window.over(x)
        for some, rows in self._strips(len(x)):
            part = total[some, :, rows]
            every = (slice(None),) * (1 + len(self.window.size))
            index: tuple[Any, ...] = (some, *every, rows)
            seen = windows[index].reshape(len(part), self.groups, kernel.shape[2], -1)
            part[...] = (kernel @ seen).reshape(part.shape)
        return total

    def transposed(self, y: Array) -> Array:
        kernel = self._rows(y.dtype).swapaxes(1, 2)
        total = self.window.pad(np.zeros((len(y), *self.shape), y.dtype))
        windows, axes = self.window.slid(total), len(self.window.size)
        for some, rows in self._strips(len(y)):
            sent = y[some, :, rows]
            back = kernel @ sent.reshape(len(sent), self.groups, kernel.shape[2], -1)
            back = back.reshape(len(sent), *windows.shape[1:-axes], *sent.shape[2:])
            for place in self.window.offsets:
                index: tuple[Any, ...] = (slice(None), slice(None), *place)
                windows[index][some, :, rows] += back[index]
        return self.window.crop(total)

    def matrix(self) -> Array:
        kernel = self._rows(np.float64)
        padded = self.window.pad(np.zeros((1, *self.shape))).shape[1:]
        seen: NDArray[Any] = self.window.slid(np.arange(math.prod(padded)).reshape(1, *padded))
        seen = seen.reshape(self.groups, 1, kernel.shape[2], -1).swapaxes(2, 3)
        whole = np.zeros((*kernel.shape[:2], seen.shape[2], math.prod(padded)))
        np.put_along_axis(whole, seen, kernel[:, :, None], -1)
        inner = self.window.crop(whole.reshape(self.size_out, *padded))
        return inner.reshape(self.size_out, self.size_in)

    def _rows(self, kind: Any) -> Array:
        """The kernel as (groups, outputs, inputs and places), in a precision."""
        rows = self.kernel.reshape(self.groups, len(self.kernel) // self.groups, -1)
        return rows.astype(kind, copy=False)

    def _strips(self, count: int) -> Iterator[tuple[slice, slice]]:
        """A batch, and the rows of its outputs, in parts whose windows are not too many numbers."""
        rows = self.output_shape[1]
        row = math.prod((self.shape[0], *self.window.size, *self.output_shape[2:]))
        height = max(1, WINDOWS // (rows * row))
        for start in range(0, count, height):
            some = slice(start, min(count, start + height))
            step = rows if height > 1 else max(1, WINDOWS // row)
            for first in range(0, rows, step):
                yield some, slice(first, first + step)

    def shifted(self, offset: Weights) -> Conv | None:
        if self.bias is not None or not self.learned or len(offset) != offset.size:
            return None
        return replace(self, bias=np.broadcast_to(offset.reshape(-1), self.output_shape[:1]))

    def rounded(self, kind: np.dtype[Any]) -> Conv:
        bias = None if self.bias is None else in_type(self.bias, kind)
        return replace(self, kernel=in_type(self.kernel, kind), bias=bias)

    def magnitude(self) -> Conv:
        bias = None if self.bias is None else np.abs(self.bias)
        return replace(self, kernel=np.abs(self.kernel), bias=bias)


def average_pool(
    shape: Shape, window: SlidingWindow, name: str = "", kind: np.dtype[Any] | None = None
) -> Conv:
    """The mean over windows; zeros around the image, where there are some, count.

    `kind` is the type of the data, where it is known.
    """
    kernel = np.broadcast_to(1 / math.prod(window.size), (shape[0], 1, *window.size))
    label = name or f"avgpool {window}"
    return Conv(shape, kernel, window=window, groups=shape[0], name=label, learned=False, kind=kind)


def dense_as_convolution(layer: Dense, image: Shape) -> Conv:
    """A dense layer after the flatten of an image: a convolution as large as the image."""
    channels, height, width = image
    kernel = layer.weight.reshape(len(layer.weight), channels, height, width)
    return Conv(image, kernel, layer.bias, SlidingWindow((height, width)))
