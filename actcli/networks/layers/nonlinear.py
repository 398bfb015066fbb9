"""Layers that are not linear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from actcli.activations.base import Activation
from actcli.networks.layers.base import Layer, Shape, Weights
from actcli.networks.layers.sliding_window import SlidingWindow
from actcli.numeric.arrays import Array


@dataclass(frozen=True, eq=False)
class Activated(Layer):
    """An activation, elementwise."""

    shape: Shape
    activation: Activation
    refutation: str = ""

    @property
    def label(self) -> str:
        return str(self.activation)

    @property
    def tensors(self) -> Mapping[str, Weights]:
        return {}

    def __call__(self, x: Array) -> Array:
        return self.activation.sampled.value(x).astype(x.dtype, copy=False)

    def spread(self, x: Array, apart: Array) -> Array:
        """The Lipschitz constant times what the inputs are apart."""
        from actcli.functions.facts import facts

        return facts(self.activation).lipschitz * apart


@dataclass(frozen=True, eq=False)
class MaxPool(Layer):
    """The maximum over windows: not linear, max(-x) is not -max(x)."""

    shape: Shape
    window: SlidingWindow
    refutation = "max(1, 0) + max(0, 1) = 2, but max(1, 1) = 1"

    @property
    def label(self) -> str:
        return f"maxpool {self.window}"

    @property
    def output_shape(self) -> Shape:
        return (self.shape[0], *self.window.output(self.shape[1:]))

    def __call__(self, x: Array) -> Array:
        highest: Array = self.window.over(x).max(axis=(2, 3))
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
