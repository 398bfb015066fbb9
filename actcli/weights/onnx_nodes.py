"""ONNX nodes as linear layers, each in its place; or why a node is none."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from actcli.analysis.convolution import Conv, average_pool
from actcli.analysis.layers import Dense, Linear, Rearrange, Scale, Shape, batch_norm
from actcli.analysis.windows import Window
from actcli.weights.interface import Weights
from actcli.weights.onnx_constants import Constants

if TYPE_CHECKING:
    from onnx import NodeProto

FLOATS = {"float16", "bfloat16", "float32", "float64"}


def attribute_of(node: NodeProto, name: str, default: Any) -> Any:
    """An attribute of a node, or what it is where the node does not say."""
    from onnx import helper

    for attribute in node.attribute:
        if attribute.name == name:
            value = helper.get_attribute_value(attribute)
            return value.decode() if isinstance(value, bytes) else value
    return default


class NotFoldedError(Exception):
    """The node is no linear layer; the message says why, as `Relu is not linear`."""


@dataclass(frozen=True)
class Place:
    """What is known of a node before it is read."""

    node: NodeProto
    constants: Constants
    shape: Shape | None
    """Of the data that comes in, without the batch: (features,) or (channels, height, width)."""
    rank: int | None
    """How many axes the data has, with those of the batch."""
    batch: int | None
    """The size of its first axis, where it is fixed."""

    @property
    def data(self) -> str:
        """The one input that is not constant.

        Raises:
            NotFoldedError: there is another number of them.
        """
        changing: list[str] = [
            name for name in self.node.input if name and self.constants[name] is None
        ]
        if len(changing) != 1:
            raise NotFoldedError(f"{self.node.op_type} of {len(changing)} computed values")
        return changing[0]

    def layer(self) -> Linear:
        """The layer that the node is.

        Raises:
            NotFoldedError: it is none.
        """
        read = _READERS.get(self.node.op_type)
        if read is None or self.node.domain not in ("", "ai.onnx"):
            self.refuse(f"{self.node.op_type} is no linear layer")
        if self.data != self.node.input[0] and self.node.op_type not in ("Add", "Mul", "Sub"):
            self.refuse(f"{self.node.op_type} with its data on the other side")
        layer = read(self)
        return replace(layer, name=self.node.name or self.node.output[0])  # type: ignore[type-var]

    def refuse(self, why: str) -> NoReturn:
        """Say why the node is no linear layer."""
        raise NotFoldedError(why)

    def attribute(self, name: str, default: Any) -> Any:
        """An attribute of the node, or what it is where the node does not say."""
        return attribute_of(self.node, name, default)

    def constant(self, place: int) -> Weights | None:
        """The input at a place, None where it is left out."""
        if place >= len(self.node.input) or not self.node.input[place]:
            return None
        value = self.constants[self.node.input[place]]
        if value is None:
            self.refuse(f"{self.node.op_type} with computed weights")
        return value

    def weights(self, place: int) -> Weights:
        """The input at a place, which must be there and of floats."""
        value = self.constant(place)
        if value is None or value.dtype.name not in FLOATS or not value.size:
            self.refuse(f"{self.node.op_type} without weights of floats")
        return value

    def needed_shape(self) -> Shape:
        """The shape, which must be known."""
        if self.shape is None or 0 in self.shape:
            self.refuse(f"{self.node.op_type} of a value whose shape is not known")
        return self.shape

    def image(self) -> tuple[int, int, int]:
        """Channels, height and width, which must be known."""
        shape = self.needed_shape()
        if len(shape) != 3:
            self.refuse(f"{self.node.op_type} not of images")
        return shape[0], shape[1], shape[2]


def _mat_mul(place: Place) -> Linear:
    weight = place.weights(1)
    if weight.ndim != 2:
        place.refuse(f"MatMul by a constant of {weight.ndim} axes")
    return Dense((len(weight),), weight.T)


def _gemm(place: Place) -> Linear:
    alpha, beta = place.attribute("alpha", 1.0), place.attribute("beta", 1.0)
    if place.attribute("transA", 0):
        place.refuse("Gemm of a transposed input")
    weight, bias = place.weights(1), place.constant(2)
    weight = weight if place.attribute("transB", 0) else weight.T
    if bias is not None:
        bias = _row(place, bias, len(weight))
        bias = bias if beta == 1 else bias * bias.dtype.type(beta)
    if alpha != 1:
        weight = weight * weight.dtype.type(alpha)
    return Dense((weight.shape[1],), weight, bias)


def _row(place: Place, value: Weights, size: int) -> Weights:
    """A constant as one number for each feature."""
    if (value.size != 1 and value.shape[-1:] != (value.size,)) or value.size not in (1, size):
        place.refuse(f"{place.node.op_type} of a constant of shape {value.shape}")
    return np.broadcast_to(value.reshape(-1), (size,))


def _along(place: Place, value: Weights) -> Weights:
    """A constant as a factor for the shape: one for each feature or channel, or one for all."""
    shape = place.needed_shape()
    if value.dtype.name not in FLOATS:
        place.refuse(f"{place.node.op_type} of a constant that holds no floats")
    if value.ndim > max(1, place.rank or 0):
        place.refuse(f"{place.node.op_type} of a constant of more axes than the data")
    if len(shape) == 1:
        return value.reshape(1) if value.size == 1 else _row(place, value, shape[0])
    inner = value.shape[-3:] if value.ndim >= 3 else (1,) * (3 - value.ndim) + value.shape
    if math.prod(inner) != value.size or inner not in ((shape[0], 1, 1), (1, 1, 1)):
        place.refuse(f"{place.node.op_type} of a constant of shape {value.shape} to images")
    return value.reshape(inner)


def _ones(like: Weights) -> Weights:
    return np.ones((1,) * like.ndim, like.dtype)


def _elementwise(place: Place) -> Linear:
    shape = place.needed_shape()
    first = place.constants[place.node.input[0]]
    value = _along(place, first if first is not None else place.weights(1))
    match place.node.op_type:
        case "Add":
            return Scale(shape, _ones(value), value, stored=(value,))
        case "Sub" if first is not None:
            return Scale(shape, -_ones(value), value, stored=(value,))
        case "Sub":
            return Scale(shape, _ones(value), -value, stored=(value,))
        case "Div":
            if not value.all():
                place.refuse("Div by a constant that holds 0")
            inverse = 1 / value.astype(np.float64)
            return Scale(shape, inverse, stored=(value,))
    return Scale(shape, value, stored=(value,))


def _conv(place: Place) -> Linear:
    kernel, bias = place.weights(1), place.constant(2)
    if kernel.ndim != 4:
        place.refuse(f"Conv of {kernel.ndim - 2} dimensions")
    if any(step != 1 for step in place.attribute("dilations", [1, 1])):
        place.refuse("Conv with dilations")
    shape = place.image()
    window = _window(place, kernel.shape[2:])
    return Conv(shape, kernel, bias, window, place.attribute("group", 1))


def _window(place: Place, size: Sequence[int]) -> Window:
    stride = place.attribute("strides", [1, 1])
    pads = place.attribute("pads", [0, 0, 0, 0])
    if place.attribute("auto_pad", "NOTSET") not in ("NOTSET", "VALID"):
        place.refuse(f"{place.node.op_type} with automatic padding")
    window = Window(tuple(size), tuple(stride), tuple(pads))  # type: ignore[arg-type]
    if min(window.output(place.image()[1:])) < 1:
        place.refuse(f"{place.node.op_type} with a window larger than its image")
    return window


def _average_pool(place: Place) -> Linear:
    size = place.attribute("kernel_shape", [])
    if len(size) != 2:
        place.refuse(f"AveragePool of {len(size)} dimensions")
    if place.attribute("ceil_mode", 0):
        place.refuse("AveragePool with ceil_mode")
    if any(step != 1 for step in place.attribute("dilations", [1, 1])):
        place.refuse("AveragePool with dilations")
    window = _window(place, size)
    if any(window.pads) and not place.attribute("count_include_pad", 0):
        place.refuse("AveragePool that does not count its padding")
    return average_pool(place.image(), window)


def _global_average_pool(place: Place) -> Linear:
    _, height, width = shape = place.image()
    return average_pool(shape, Window((height, width), (height, width)))


def _batch_normalization(place: Place) -> Linear:
    if place.attribute("training_mode", 0) or len(place.node.output) > 1:
        place.refuse("BatchNormalization in training")
    parts = [place.weights(index) for index in range(1, 5)]
    shape = place.needed_shape()
    if any(part.shape != shape[:1] for part in parts):
        place.refuse("BatchNormalization over another axis")
    gamma, beta, mean, variance = parts
    return batch_norm(shape, gamma, beta, mean, variance, place.attribute("epsilon", 1e-5))


def _identity(place: Place) -> Linear:
    shape = place.needed_shape()
    return Rearrange(shape, shape)


def _dropout(place: Place) -> Linear:
    training = place.constant(2)
    if (training is not None and training.any()) or any(place.node.output[1:]):
        place.refuse("Dropout in training, or with its mask in use")
    return _identity(place)


def _flatten(place: Place) -> Linear:
    shape = place.needed_shape()
    if place.attribute("axis", 1) != 1:
        place.refuse("Flatten that does not keep the batch")
    return Rearrange(shape, (math.prod(shape),))


def _reshape(place: Place) -> Linear:
    kept = _reshaped(place)
    if kept is None:
        place.refuse("Reshape that does not keep the batch, or to an unusual shape")
    return Rearrange(place.needed_shape(), kept)


def _reshaped(place: Place) -> Shape | None:
    """The shape asked for without the batch; None where the batch is not kept."""
    shape, wanted = place.needed_shape(), place.constant(1)
    if wanted is None or wanted.size < 2 or place.attribute("allowzero", 0):
        return None
    first, *rest = (int(size) for size in wanted)
    rest = [
        shape[axis] if size == 0 and axis < len(shape) else size for axis, size in enumerate(rest)
    ]
    if first != -1 and -1 in rest:
        known = -math.prod(rest)
        rest = [math.prod(shape) // max(known, 1) if size == -1 else size for size in rest]
    keeps = first in (0, -1, place.batch) and math.prod(rest) == math.prod(shape)
    return tuple(rest) if keeps and len(rest) in (1, 3) and min(rest) > 0 else None


def _transpose(place: Place) -> Linear:
    shape = place.needed_shape()
    order = place.attribute("perm", [])
    if sorted(order) != list(range(len(shape) + 1)) or order[0] != 0:
        place.refuse("Transpose that moves the batch")
    axes = tuple(axis - 1 for axis in order[1:])
    return Rearrange(shape, tuple(shape[axis] for axis in axes), order=axes)


_READERS: dict[str, Callable[[Place], Linear]] = {
    "MatMul": _mat_mul,
    "Gemm": _gemm,
    "Add": _elementwise,
    "Sub": _elementwise,
    "Mul": _elementwise,
    "Div": _elementwise,
    "Conv": _conv,
    "BatchNormalization": _batch_normalization,
    "AveragePool": _average_pool,
    "GlobalAveragePool": _global_average_pool,
    "Identity": _identity,
    "Dropout": _dropout,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Transpose": _transpose,
}


def absorbed(layer: Linear, constant: Linear) -> Linear | None:
    """The layer with the constant that is added after it as its own; None where it has one."""
    if not isinstance(constant, Scale) or constant.offset is None or layer.constant is not None:
        return None
    if constant.factor.size > 1 or constant.factor.reshape(-1)[0] != 1:
        return None
    offset = constant.offset
    match layer:
        case Dense(shape=(_,)):
            return replace(layer, bias=np.broadcast_to(offset.reshape(-1), (layer.size_out,)))
        case Conv(learned=True):
            return replace(layer, bias=np.broadcast_to(offset.reshape(-1), layer.output_shape[:1]))
        case Scale():
            return replace(layer, offset=offset, stored=(*layer.stored, offset))
    return None
