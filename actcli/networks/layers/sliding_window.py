"""Windows that slide over an image: the geometry that convolutions and poolings share.

An image has any number of axes, each with its own size, stride, dilation and zeros around it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from actcli.numeric.arrays import Array

Sizes = tuple[int, ...]
"""One number for each axis of the image."""


@dataclass(frozen=True)
class SlidingWindow:
    """The size of a window, its stride, the zeros around the image, and the step inside it."""

    size: Sizes
    stride: Sizes = ()
    """1 along every axis where it is not given, and so is the dilation."""
    pads: Sizes = ()
    """Before each axis, then after each, as ONNX has them; none where they are not given."""
    dilation: Sizes = ()

    def __post_init__(self) -> None:
        """Fill in what was not given."""
        ones = (1,) * len(self.size)
        object.__setattr__(self, "stride", self.stride or ones)
        object.__setattr__(self, "dilation", self.dilation or ones)
        object.__setattr__(self, "pads", self.pads or (0, 0) * len(self.size))

    def __str__(self) -> str:
        return "x".join(map(str, self.size))

    @property
    def reach(self) -> Sizes:
        """How many pixels there are from the first of a window to its last."""
        return tuple(
            (size - 1) * step + 1 for size, step in zip(self.size, self.dilation, strict=True)
        )

    def output(self, image: Sizes) -> Sizes:
        """The sizes of the output for an image of these sizes."""
        before, after = self.pads[: len(image)], self.pads[len(image) :]
        return tuple(
            (size + left + right - reach) // step + 1
            for size, left, right, reach, step in zip(
                image, before, after, self.reach, self.stride, strict=True
            )
        )

    @property
    def is_dot(self) -> bool:
        """Whether each output sees one pixel."""
        return set(self.size) <= {1}

    @property
    def is_point(self) -> bool:
        """Whether each output sees one pixel, its own."""
        return self.is_dot and set(self.stride) <= {1} and not any(self.pads)

    @property
    def offsets(self) -> Iterator[Sizes]:
        """The places of a window, row by row."""
        return product(*map(range, self.size))

    def over(self, x: Array) -> Array:
        """What every window sees of a batch of images: `(batch, channels, *size, *output)`."""
        return self.slid(self.pad(x))

    def slid(self, padded: NDArray[Any]) -> NDArray[Any]:
        """The same of images with their zeros around: a view, in which windows overlap."""
        axes = tuple(range(2, 2 + len(self.size)))
        every = sliding_window_view(padded, self.reach, axes, writeable=True)
        steps = (slice(None, None, step) for step in (*self.stride, *self.dilation))
        seen = every[(slice(None), slice(None), *steps)]
        return np.moveaxis(seen, axes, [axis + len(axes) for axis in axes])

    def pad(self, x: Array) -> Array:
        """The batch of images with its zeros around."""
        if not any(self.pads):
            return x
        axes = len(self.size)
        around = zip(self.pads[:axes], self.pads[axes:], strict=True)
        return np.pad(x, ((0, 0), (0, 0), *around))

    def crop(self, padded: Array) -> Array:
        """The batch of images without the zeros around."""
        axes = len(self.size)
        inner = (
            slice(before, size - after)
            for before, after, size in zip(
                self.pads[:axes], self.pads[axes:], padded.shape[2:], strict=True
            )
        )
        return padded[(slice(None), slice(None), *inner)]

    def after(self, earlier: SlidingWindow) -> SlidingWindow:
        """The window of this one applied to what the earlier one makes.

        Zeros around this one are moved before the earlier one: right where that is a dot, and where
        it makes zeros of zeros.
        """
        apart = tuple(step * gap for step, gap in zip(earlier.stride, self.dilation, strict=True))
        dilation = tuple(
            math.gcd(far * (many > 1), gap * (few > 1)) or 1
            for far, many, gap, few in zip(
                apart, self.size, earlier.dilation, earlier.size, strict=True
            )
        )
        size = tuple(
            ((many - 1) * far + (few - 1) * gap) // step + 1
            for many, far, few, gap, step in zip(
                self.size, apart, earlier.size, earlier.dilation, dilation, strict=True
            )
        )
        return SlidingWindow(
            size,
            tuple(one * other for one, other in zip(self.stride, earlier.stride, strict=True)),
            tuple(
                own * step + other
                for own, step, other in zip(
                    self.pads, earlier.stride * 2, earlier.pads, strict=True
                )
            ),
            dilation,
        )


def point(axes: int) -> SlidingWindow:
    """The window of one pixel, in an image of so many axes."""
    return SlidingWindow((1,) * axes)
