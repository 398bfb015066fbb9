"""Windows that slide over an image: the geometry that convolutions and poolings share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from actcli.activation import Array

Pair = tuple[int, int]
Sides = tuple[int, int, int, int]
"""Top, left, bottom, right."""


@dataclass(frozen=True)
class Window:
    """The size of a window, its stride, and the zeros around the image."""

    size: Pair
    stride: Pair = (1, 1)
    pads: Sides = (0, 0, 0, 0)

    def __str__(self) -> str:
        return "x".join(map(str, self.size))

    def output(self, image: tuple[int, ...]) -> Pair:
        """Height and width of the output for an image of this height and width."""
        rows, columns = (
            (image[axis] + self.pads[axis] + self.pads[axis + 2] - self.size[axis])
            // self.stride[axis]
            + 1
            for axis in (0, 1)
        )
        return rows, columns

    @property
    def is_point(self) -> bool:
        """Whether each output sees one pixel, its own."""
        return self.size == (1, 1) and self.stride == (1, 1) and not any(self.pads)

    @property
    def offsets(self) -> list[Pair]:
        """The places of a window, row by row."""
        return [(row, column) for row in range(self.size[0]) for column in range(self.size[1])]

    def views(self, x: Array, output: tuple[int, ...]) -> Iterator[Array]:
        """For each place of the window the pixels that every output sees there."""
        padded = self.pad(x)
        for row, column in self.offsets:
            yield padded[self._seen(row, column, output)]

    def add(self, total: Array, part: Array, offset: Pair) -> None:
        """Add to a padded image what every output sends back to one place of its window."""
        total[self._seen(*offset, part.shape[2:])] += part

    def pad(self, x: Array) -> Array:
        """The batch of images with its zeros around."""
        top, left, bottom, right = self.pads
        return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right))) if any(self.pads) else x

    def crop(self, padded: Array) -> Array:
        """The batch of images without the zeros around."""
        top, left, bottom, right = self.pads
        return padded[:, :, top : padded.shape[2] - bottom, left : padded.shape[3] - right]

    def _seen(
        self, row: int, column: int, output: tuple[int, ...]
    ) -> tuple[slice, slice, slice, slice]:
        down, across = self.stride
        return (
            slice(None),
            slice(None),
            slice(row, row + down * (output[0] - 1) + 1, down),
            slice(column, column + across * (output[1] - 1) + 1, across),
        )

    def after(self, earlier: Window) -> Window:
        """The window of this one applied to what the earlier one makes.

        Zeros around this one are moved before the earlier one: right where that is a point.
        """
        return Window(
            (
                (self.size[0] - 1) * earlier.stride[0] + earlier.size[0],
                (self.size[1] - 1) * earlier.stride[1] + earlier.size[1],
            ),
            (self.stride[0] * earlier.stride[0], self.stride[1] * earlier.stride[1]),
            self.pads if earlier.is_point else earlier.pads,
        )
