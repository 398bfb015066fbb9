"""The layers of a network, each in its place: it knows the shape of what comes in.

A shape leaves the batch out: `(features,)` or `(channels, height, width)`. Linear layers are affine
maps W x + b that also know their transpose and their magnitude |W| x + |b|: that is all that
folding and its error bounds need, whether W is written out or not.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Activation, Array
from actcli.analysis.windows import Window

Shape = tuple[int, ...]
Weights = NDArray[Any]
"""Weights as the file has them: any real type, possibly mapped."""


def said(shape: Shape) -> str:
    """A shape as people write it: images as height x width x channels."""
    return "x".join(map(str, (*shape[1:], shape[0]) if len(shape) == 3 else shape))


class Layer(ABC):
    """One step of a network, called on a batch: `(batch, *shape)` to `(batch, *output_shape)`."""

    shape: Shape
    parameters: int = 0
    """The numbers the layer keeps."""
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
    def multiply_adds(self) -> int:
        """The work of the layer on one example."""
        return 0

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

    @abstractmethod
    def linear(self, x: Array) -> Array:
        """W x, without the constant."""

    @abstractmethod
    def transposed(self, y: Array) -> Array:
        """W^T y for each y of a batch `(batch, *output_shape)`."""

    @property
    @abstractmethod
    def constant(self) -> Weights | None:
        """B, of a shape that broadcasts against a batch of outputs."""

    @abstractmethod
    def magnitude(self) -> Linear:
        """The layer with |W| and |b|: what bounds the rounding errors of this one."""

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

    def __call__(self, x: Array) -> Array:
        y = self.linear(x)
        return y if self.constant is None else y + _as(self.constant, x.dtype)

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


@dataclass(frozen=True, eq=False)
class Dense(Linear):
    """A dense layer: `weight` is outputs by inputs. It acts on the last axis of its input."""

    shape: Shape
    weight: Weights
    bias: Weights | None = None
    name: str = ""

    @property
    def label(self) -> str:
        return self.name or f"dense {len(self.weight)}"

    @property
    def output_shape(self) -> Shape:
        return (*self.shape[:-1], len(self.weight))

    @property
    def parameters(self) -> int:  # type: ignore[override]
        return self.weight.size + (0 if self.bias is None else self.bias.size)

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
    def kept(self) -> tuple[Weights, ...]:
        return (self.weight,) if self.bias is None else (self.weight, self.bias)

    @property
    def largest(self) -> float:
        return float(np.abs(_as(self.weight, np.float64)).max(initial=0))

    def on_last_axis(self) -> Dense:
        return replace(self, shape=self.shape[-1:])

    def linear(self, x: Array) -> Array:
        product: Array = x @ _as(self.weight, x.dtype).T
        return product

    def transposed(self, y: Array) -> Array:
        product: Array = y @ _as(self.weight, y.dtype)
        return product

    def matrix(self) -> Array:
        return super().matrix() if len(self.shape) > 1 else _as(self.weight, np.float64)

    def magnitude(self) -> Dense:
        bias = None if self.bias is None else np.abs(_as(self.bias, np.float64))
        return replace(self, weight=np.abs(_as(self.weight, np.float64)), bias=bias)


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
    def kept(self) -> tuple[Weights, ...]:
        return self.stored

    @property
    def parameters(self) -> int:  # type: ignore[override]
        return sum(part.size for part in self.stored)

    @property
    def largest(self) -> float:
        return float(np.abs(_as(self.factor, np.float64)).max(initial=0))

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
        product: Array = x * _as(self.factor, x.dtype)
        return product

    def transposed(self, y: Array) -> Array:
        return self.linear(y)

    def magnitude(self) -> Scale:
        offset = self.offset if self.cancelled is None else self.cancelled
        return replace(
            self,
            factor=np.abs(_as(self.factor, np.float64)),
            offset=None if offset is None else np.abs(_as(offset, np.float64)),
        )


def batch_norm(
    shape: Shape,
    gamma: Weights,
    beta: Weights,
    mean: Weights,
    variance: Weights,
    epsilon: float,
    name: str = "batchnorm",
) -> Scale:
    """Batch normalisation in inference, over the first axis of the shape (its channels)."""
    along = (-1, *(1 for _ in shape[1:]))
    g, b, m, v = (_as(part, np.float64).reshape(along) for part in (gamma, beta, mean, variance))
    factor = g / np.sqrt(v + epsilon)
    return Scale(
        shape,
        factor,
        b - m * factor,
        name,
        stored=(gamma, beta, mean, variance),
        cancelled=np.abs(b) + np.abs(m * factor),
        roundings=8,
    )


@dataclass(frozen=True, eq=False)
class Rearrange(Linear):
    """A flatten, reshape or permute: the same numbers in another shape."""

    shape: Shape
    to: Shape
    name: str = "flatten"
    order: tuple[int, ...] | None = None
    """The axes of the input in their new order; None keeps them."""

    @property
    def label(self) -> str:
        return self.name

    @property
    def output_shape(self) -> Shape:
        return self.to

    @property
    def constant(self) -> None:
        return None

    def on_last_axis(self) -> Rearrange | None:
        if self.shape != self.to or self.order not in (None, tuple(range(len(self.shape)))):
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


@dataclass(frozen=True, eq=False)
class Activated(Layer):
    """An activation, elementwise."""

    shape: Shape
    activation: Activation
    refutation: str = ""

    @property
    def label(self) -> str:
        return str(self.activation)

    def __call__(self, x: Array) -> Array:
        return self.activation.sampled.value(x).astype(x.dtype, copy=False)

    def spread(self, x: Array, apart: Array) -> Array:
        """The Lipschitz constant times what the inputs are apart."""
        from actcli.analysis.facts import facts

        return facts(self.activation).lipschitz * apart


@dataclass(frozen=True, eq=False)
class MaxPool(Layer):
    """The maximum over windows: not linear, max(-x) is not -max(x)."""

    shape: Shape
    window: Window
    refutation = "max(1, 0) + max(0, 1) = 2, but max(1, 1) = 1"

    @property
    def label(self) -> str:
        return f"maxpool {self.window}"

    @property
    def output_shape(self) -> Shape:
        return (self.shape[0], *self.window.output(self.shape[1:]))

    def __call__(self, x: Array) -> Array:
        highest: Array = np.maximum.reduce(list(self.window.views(x, self.output_shape[1:])))
        return highest

    def spread(self, x: Array, apart: Array) -> Array:
        """The most that the inputs of a window are apart."""
        return self(apart)


@dataclass(frozen=True, eq=False)
class Softmax(Layer):
    """exp(x) over its sum, along the last axis (along the channels of an image)."""

    shape: Shape
    label = "softmax"
    refutation = "its outputs stay between 0 and 1, and an affine map that does is constant"

    def __call__(self, x: Array) -> Array:
        axis = 1 if len(self.shape) == 3 else -1
        powers = np.exp(x - x.max(axis=axis, keepdims=True))
        quotient: Array = powers / powers.sum(axis=axis, keepdims=True)
        return quotient

    def spread(self, x: Array, apart: Array) -> Array:
        """A share p moves by at most p (e^2r - 1), where inputs move by r."""
        axis = 1 if len(self.shape) == 3 else -1
        share: Array = self(x) * np.expm1(2 * apart.max(axis=axis, keepdims=True))
        return share


@dataclass(frozen=True, eq=False)
class LayerNorm(Layer):
    """Each example less its mean, over its own standard deviation."""

    shape: Shape
    label = "layernorm"
    refutation = "layernorm(2 v) = layernorm(v), but layernorm(0) = 0"
    epsilon = 1e-5

    def __call__(self, x: Array) -> Array:
        axes = tuple(range(1, x.ndim))
        centred = x - x.mean(axis=axes, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=axes, keepdims=True) + self.epsilon)
        quotient: Array = centred / spread
        return quotient


def through(layers: Sequence[Layer], x: Array) -> Array:
    """What a sequence of layers makes of a batch."""
    for layer in layers:
        x = layer(x)
    return x


def _as(weights: Weights, dtype: Any) -> Weights:
    """The weights in a precision; themselves where they have it."""
    return weights if weights.dtype == dtype else weights.astype(dtype)
