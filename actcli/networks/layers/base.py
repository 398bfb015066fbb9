"""What a layer is, and what a linear one knows beside."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.numeric.arrays import Array

Shape = tuple[int, ...]
Weights = NDArray[Any]
"""Weights as the file has them: any real type, possibly mapped."""


def shape_text(shape: Shape) -> str:
    """A shape as people write it: images as height x width x channels."""
    return "x".join(map(str, (*shape[1:], shape[0]) if len(shape) == 3 else shape))


class Layer(ABC):
    """One step of a network, called on a batch: `(batch, *shape)` to `(batch, *output_shape)`."""

    shape: Shape
    refutation: str | None = None
    """Why the layer is not linear, by an example to be checked by hand; None where it is."""

    @property
    @abstractmethod
    def label(self) -> str:
        """What the layer is called in a report."""

    @property
    def output_shape(self) -> Shape:
        """The shape of what goes out."""
        return self.shape

    @property
    def parameters(self) -> int:
        """How many numbers the layer keeps."""
        return 0

    @property
    def multiply_adds(self) -> int:
        """The work of the layer on one example."""
        return 0

    @property
    def weight_and_bias(self) -> tuple[Weights | None, Weights | None]:
        """What it multiplies by, and what it adds, where these are numbers of its own."""
        return None, None

    @property
    def tensors(self) -> Mapping[str, Weights] | None:
        """What a file of weights holds of the layer, by name; None where it holds no such layer."""
        return None

    @abstractmethod
    def __call__(self, x: Array) -> Array:
        """The layer's output, computed in the precision of x."""

    def spread(self, x: Array, apart: Array) -> Array | None:
        """How far outputs are apart at most, for inputs at x that are `apart`; None if unknown."""
        return None

    @property
    def size_in(self) -> int:
        """How many numbers come in."""
        return math.prod(self.shape)

    @property
    def size_out(self) -> int:
        """How many numbers go out."""
        return math.prod(self.output_shape)


class Linear(Layer):
    """An affine layer, x -> W x + b."""

    mixes = True
    """Whether an output may be a sum of several inputs: a row of W has more than one number."""
    kind: np.dtype[Any] | None = None
    """The type of its data, where it is known and the layer keeps no numbers that tell it."""
    is_written_out = True
    """Whether `matrix()` holds the very numbers that the layer multiplies by."""

    @property
    def keeps_its_numbers(self) -> bool:
        """Whether it multiplies by the very numbers that its file keeps, and by no others."""
        return False

    @property
    def arithmetic(self) -> int:
        """How many layers of arithmetic it is made of: what moves numbers is none."""
        return int(self.multiply_adds > 0)

    @abstractmethod
    def linear(self, x: Array) -> Array:
        """W x, without the constant."""

    @abstractmethod
    def transposed(self, y: Array) -> Array:
        """W^T y for each y of a batch `(batch, *output_shape)`."""

    @property
    @abstractmethod
    def constant(self) -> Weights | None:
        """The constant b, of a shape that broadcasts against a batch of outputs."""

    @abstractmethod
    def magnitude(self) -> Linear:
        """The layer with |W| and |b|: what bounds the rounding errors of this one."""

    @property
    def adds_only(self) -> bool:
        """Whether it is x + b."""
        return False

    @property
    def largest(self) -> float:
        """The largest number in W, without its sign."""
        return 1.0

    def on_last_axis(self) -> Linear | None:
        """The layer for each row of its last axis; None where it touches another axis."""
        return None

    @property
    def terms(self) -> int:
        """How many roundings meet in one output: the n of gamma_n = n u / (1 - n u)."""
        return 0

    @property
    def kept(self) -> tuple[Weights, ...]:
        """The numbers of the layer as its file keeps them: a fold is rounded to their type."""
        return ()

    @property
    def parameters(self) -> int:
        return sum(part.size for part in self.kept)

    @property
    def types(self) -> set[np.dtype[Any]]:
        """The types of these and of the data, as far as they are known."""
        return {weights.dtype for weights in self.kept} | ({self.kind} if self.kind else set())

    def rounded(self, kind: np.dtype[Any]) -> Linear:
        """The layer with its numbers in a type."""
        return self

    def shifted(self, offset: Weights) -> Linear | None:
        """The layer with a constant, of as many axes as its output, that is added to it taken in.

        None where it has one, or cannot have this one.
        """
        return None

    def __call__(self, x: Array) -> Array:
        y, constant = self.linear(x), self.constant
        return y if constant is None else y + in_type(constant, x.dtype)

    def spread(self, x: Array, apart: Array) -> Array:
        """|W| times what the inputs are apart."""
        return self.magnitude().linear(apart)

    def matrix(self) -> Array:
        """W written out, outputs by inputs, from the cheaper side."""
        if self.size_out <= self.size_in:
            unit = np.eye(self.size_out).reshape(-1, *self.output_shape)
            return self.transposed(unit).reshape(self.size_out, self.size_in)
        unit = np.eye(self.size_in).reshape(-1, *self.shape)
        return self.linear(unit).reshape(self.size_in, self.size_out).T


def through(layers: Sequence[Layer], x: Array) -> Array:
    """What a sequence of layers makes of a batch."""
    for layer in layers:
        x = layer(x)
    return x


def at_zero(layers: Sequence[Linear]) -> list[Array]:
    """What each layer gives where a zero comes into the first, as batches of one."""
    first, *others = layers
    constant = 0.0 if first.constant is None else in_type(first.constant, np.float64)
    outputs = [np.zeros((1, *first.output_shape)) + constant]
    for layer in others:
        outputs.append(layer(outputs[-1]))
    return outputs


def largest_of(weights: Weights) -> float:
    """The largest of the numbers, without its sign; 0 of none."""
    return max(float(weights.max()), -float(weights.min())) if weights.size else 0.0


def in_type(weights: Weights, dtype: Any) -> Weights:
    """The weights in a precision; themselves where they have it."""
    return weights if weights.dtype == dtype else weights.astype(dtype)
