"""Convolutions: applied, transposed, and two of them folded into one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from actcli.activation import Array
from actcli.analysis.layers import Dense, Linear, Scale, Shape, Weights
from actcli.analysis.windows import Sizes, Window, point

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
    """The type of the data of a pooling, where it is known."""

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


def as_convolution(layer: Linear) -> Conv | None:
    """The layer as a convolution of images; None where it is none."""
    if isinstance(layer, Conv):
        return layer
    if isinstance(layer, Scale) and len(layer.shape) > 1:
        channels = layer.shape[0]
        parts = [part for part in (layer.factor, layer.offset) if part is not None]
        if any(len(part) != part.size for part in parts):
            return None
        factor, *offsets = (np.broadcast_to(part.reshape(-1), (channels,)) for part in parts)
        image = len(layer.shape) - 1
        kernel = factor.reshape(channels, 1, *(1,) * image)
        bias = offsets[0] if offsets else None
        return Conv(layer.shape, kernel, bias, point(image), channels)
    return None


def dense_as_convolution(layer: Dense, image: Shape) -> Conv:
    """A dense layer after the flatten of an image: a convolution as large as the image."""
    channels, height, width = image
    kernel = layer.weight.reshape(len(layer.weight), channels, height, width)
    return Conv(image, kernel, layer.bias, Window((height, width)))


def outline(later: Conv, earlier: Conv) -> Conv | None:
    """The size of the convolution that does what the two do, its kernel left empty; None for none.

    Zeros around the later one must come to the same as zeros around the earlier one.
    """
    window = later.window.after(earlier.window)
    if any(later.window.pads) and not (earlier.window.is_dot and earlier.bias is None):
        return None
    groups = math.gcd(later.groups, earlier.groups)
    shape = (len(later.kernel), earlier.shape[0] // groups, *window.size)
    unbiased = later.bias is None and earlier.bias is None
    bias = None if unbiased else np.broadcast_to(0.0, shape[:1])
    return Conv(earlier.shape, np.broadcast_to(0.0, shape), bias, window, groups)


def joined(later: Conv, earlier: Conv) -> Conv:
    """The one convolution that does what the two do, where there is an outline of it."""
    whole = outline(later, earlier)
    assert whole is not None
    groups = whole.groups
    after = _grouped(later, groups).astype(np.float64, copy=False)
    before = _grouped(earlier, groups).astype(np.float64, copy=False)
    kernel = np.zeros((groups, len(whole.kernel) // groups, *whole.kernel.shape[1:]))
    flat = before.reshape(*before.shape[:2], -1)
    apart = _apart(later.window.dilation, earlier.window.stride, whole.window.dilation)
    within = _apart(earlier.window.dilation, (1,) * len(apart), whole.window.dilation)
    for offset in later.window.offsets:
        part = (after[(..., *offset)] @ flat).reshape(*kernel.shape[:3], *earlier.window.size)
        seen = (
            slice(place * far, place * far + (size - 1) * gap + 1, gap)
            for place, far, size, gap in zip(
                offset, apart, earlier.window.size, within, strict=True
            )
        )
        kernel[(..., *seen)] += part
    bias = later.bias
    if earlier.bias is not None:
        seen = earlier.bias.astype(np.float64).reshape(groups, -1, 1)
        bias = (after.sum(axis=tuple(range(3, after.ndim))) @ seen).reshape(-1) + (0 if bias is None else bias)
    return replace(whole, kernel=kernel.reshape(whole.kernel.shape), bias=bias)


def _apart(gap: Sizes, stride: Sizes, step: Sizes) -> Sizes:
    """How many places of a kernel of that step lie from one pixel of a window to the next."""
    return tuple(max(1, g * s // d) for g, s, d in zip(gap, stride, step, strict=True))


def _grouped(conv: Conv, groups: int = 0) -> Array:
    """The kernel as (groups, outputs, inputs, *sizes), in fewer groups where asked."""
    groups = groups or conv.groups
    outputs, inputs = len(conv.kernel) // groups, conv.shape[0] // groups
    if groups == conv.groups:
        kernel: Array = conv.kernel.reshape(groups, outputs, inputs, *conv.window.size)
        return kernel
    within = conv.groups // groups
    whole = np.zeros(
        (groups, within, outputs // within, within, inputs // within, *conv.window.size)
    )
    parts = conv.kernel.reshape(groups, within, *whole.shape[2:3], *whole.shape[4:])
    for part in range(within):
        whole[:, part, :, part] = parts[:, part]
    return whole.reshape(groups, outputs, inputs, *conv.window.size)
