"""Transposed convolutions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from actcli.networks.layers import Linear, Shape, Weights, in_type
from actcli.networks.layers.convolution import Conv
from actcli.numeric.arrays import Array


@dataclass(frozen=True, eq=False)
class ConvTranspose(Linear):
    """The transpose of a convolution, and a bias: what comes in is what that puts out."""

    conv: Conv
    """Of the output of this layer, without a bias."""
    bias: Weights | None = None
    name: str = ""

    @property
    def shape(self) -> Shape:  # type: ignore[override]
        """The shape of what comes in."""
        return self.conv.output_shape

    @property
    def label(self) -> str:
        return self.name or f"transposed {self.conv.label}"

    @property
    def output_shape(self) -> Shape:
        return self.conv.shape

    @property
    def kernel(self) -> Weights:
        """The weights: (inputs, outputs / groups, *sizes), as in PyTorch."""
        return self.conv.kernel

    @property
    def kept(self) -> tuple[Weights, ...]:
        return (self.conv.kernel,) if self.bias is None else (self.conv.kernel, self.bias)

    @property
    def multiply_adds(self) -> int:
        return self.conv.multiply_adds

    @property
    def terms(self) -> int:
        return self.conv.kernel[:, 0].size + 1

    @property
    def largest(self) -> float:
        return self.conv.largest

    @property
    def constant(self) -> Weights | None:
        ones = (1,) * len(self.conv.window.size)
        return None if self.bias is None else self.bias.reshape(-1, *ones)

    def linear(self, x: Array) -> Array:
        return self.conv.transposed(x)

    def transposed(self, y: Array) -> Array:
        return self.conv.linear(y)

    def matrix(self) -> Array:
        return self.conv.matrix().T

    def magnitude(self) -> ConvTranspose:
        bias = None if self.bias is None else np.abs(self.bias)
        return replace(self, conv=self.conv.magnitude(), bias=bias)

    def shifted(self, offset: Weights) -> ConvTranspose | None:
        if self.bias is not None or len(offset) != offset.size:
            return None
        return replace(self, bias=np.broadcast_to(offset.reshape(-1), self.output_shape[:1]))

    def rounded(self, kind: np.dtype[Any]) -> ConvTranspose:
        bias = None if self.bias is None else in_type(self.bias, kind)
        return replace(self, conv=self.conv.rounded(kind), bias=bias)

    def scaled(self, inputs: Array, outputs: Array) -> ConvTranspose:
        """The layer with a factor for each channel that comes in, and for each that goes out."""
        groups, conv = self.conv.groups, self.conv
        ones = (1,) * len(conv.window.size)
        after = outputs.reshape(groups, 1, -1, *ones)
        before = inputs.reshape(groups, -1, 1, *ones)
        kernel = in_type(conv.kernel, np.float64).reshape(groups, -1, *conv.kernel.shape[1:])
        whole = (kernel * before * after).reshape(conv.kernel.shape)
        bias = None if self.bias is None else self.bias * outputs
        return replace(self, conv=replace(conv, kernel=whole), bias=bias)
