"""ONNX nodes as linear layers, each in its place; or why a node is none."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from actcli.analysis.convolution import Conv, average_pool
from actcli.analysis.layers import Dense, Linear, Rearrange, Scale, Shape, batch_norm
from actcli.analysis.windows import Window
from actcli.weights.interface import Weights
from actcli.weights.onnx_place import FLOATS, Place

OLDEST = 7
"""The first version of the operators in which constants broadcast as in numpy."""


def layer_of(place: Place, data: str, opset: int) -> Linear:
    """The layer that the node is.

    Raises:
        NotFoldedError: it is none.
    """
    node = place.node
    read = _READERS.get(node.op_type)
    if read is None or node.domain not in ("", "ai.onnx"):
        place.refuse(f"{node.op_type} is no linear layer")
    if opset < OLDEST:
        place.refuse(f"{node.op_type} of opset {opset} (read from {OLDEST} on)")
    if place.value.kind is None or place.value.kind.name not in FLOATS:
        place.refuse(f"{node.op_type} of data that are no floats, or of an unknown type")
    if data != node.input[0] and node.op_type not in ("Add", "Mul", "Sub"):
        place.refuse(f"{node.op_type} with its data on the other side")
    layer = read(place)
    return replace(layer, name=node.name or node.output[0])  # type: ignore[type-var]


def _mat_mul(place: Place) -> Linear:
    weight = place.weights(1)
    if weight.ndim != 2:
        place.refuse(f"MatMul by a constant of {weight.ndim} axes")
    return _dense(place, weight.T, None)


def _gemm(place: Place) -> Linear:
    alpha, beta = place.attribute("alpha", 1.0), place.attribute("beta", 1.0)
    if place.attribute("transA", 0):
        place.refuse("Gemm of a transposed input")
    weight = place.weights(1)
    bias = place.weights(2) if place.constant(2) is not None else None
    if weight.ndim != 2:
        place.refuse(f"Gemm by a constant of {weight.ndim} axes")
    weight = weight if place.attribute("transB", 0) else weight.T
    if bias is not None:
        bias = _row(place, bias, len(weight))
        bias = bias if beta == 1 else bias * bias.dtype.type(beta)
    if alpha != 1:
        weight = weight * weight.dtype.type(alpha)
    return _dense(place, weight, bias)


def _dense(place: Place, weight: Weights, bias: Weights | None) -> Linear:
    shape = place.shape
    if shape[-1] != weight.shape[1]:
        place.refuse(f"{place.node.op_type} of {shape[-1]} numbers by {weight.shape[1]}")
    return Dense(shape, weight, bias)


def _row(place: Place, value: Weights, size: int) -> Weights:
    """A constant as one number for each feature."""
    if (value.size != 1 and value.shape[-1:] != (value.size,)) or value.size not in (1, size):
        place.refuse(f"{place.node.op_type} of a constant of shape {value.shape}")
    return np.broadcast_to(value.reshape(-1), (size,))


def _along(place: Place, value: Weights) -> Weights:
    """A constant with as many axes as the shape, which it neither enlarges nor tells its batch."""
    shape, rank = place.shape, place.value.rank or 0
    axes = (1,) * (rank - value.ndim) + value.shape
    lead, inner = axes[: rank - len(shape)], axes[rank - len(shape) :]
    fits = all(size in (1, wanted) for size, wanted in zip(inner, shape, strict=False))
    if value.ndim > rank or any(size != 1 for size in lead) or not fits:
        place.refuse(f"{place.node.op_type} of a constant of shape {value.shape}")
    return value.reshape(inner)


def _ones(like: Weights) -> Weights:
    return np.ones((1,) * like.ndim, like.dtype)


def _elementwise(place: Place) -> Linear:
    shape = place.shape
    is_first = place.constants[place.node.input[0]] is not None
    value = _along(place, place.weights(0 if is_first else 1))
    match place.node.op_type:
        case "Add":
            return Scale(shape, _ones(value), value, stored=(value,))
        case "Sub" if is_first:
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
    kernel = place.weights(1)
    bias = place.weights(2) if place.constant(2) is not None else None
    shape, groups = place.image, place.attribute("group", 1)
    if kernel.ndim != 4:
        place.refuse(f"Conv of {kernel.ndim - 2} dimensions")
    if groups < 1 or kernel.shape[1] * groups != shape[0] or len(kernel) % groups:
        place.refuse(f"Conv of {shape[0]} channels by a kernel of shape {kernel.shape}")
    if bias is not None and bias.shape != kernel.shape[:1]:
        place.refuse(f"Conv with a bias of shape {bias.shape}")
    window = _window(place, kernel.shape[2:])
    return Conv(shape, kernel, bias, window, groups)


def _window(place: Place, size: Sequence[int]) -> Window:
    stride = place.attribute("strides", [1, 1])
    pads = place.attribute("pads", [0, 0, 0, 0])
    if place.attribute("auto_pad", "NOTSET") not in ("NOTSET", "VALID"):
        place.refuse(f"{place.node.op_type} with automatic padding")
    if any(step != 1 for step in place.attribute("dilations", [1, 1])):
        place.refuse(f"{place.node.op_type} with dilations")
    sound = len(size) == len(stride) == 2 and len(pads) == 4
    if not sound or min(*size, *stride) < 1 or min(pads) < 0:
        place.refuse(f"{place.node.op_type} with a window of {size} by {stride} in {pads}")
    window = Window(tuple(size), tuple(stride), tuple(pads))
    if min(window.output(place.image[1:])) < 1:
        place.refuse(f"{place.node.op_type} with a window larger than its image")
    return window


def _average_pool(place: Place) -> Linear:
    shape, size = place.image, place.attribute("kernel_shape", [])
    if place.attribute("ceil_mode", 0):
        place.refuse("AveragePool with ceil_mode")
    window = _window(place, size)
    if any(window.pads) and not place.attribute("count_include_pad", 0):
        place.refuse("AveragePool that does not count its padding")
    return average_pool(shape, window, kind=place.value.kind)


def _global_average_pool(place: Place) -> Linear:
    _, height, width = shape = place.image
    window = Window((height, width), (height, width))
    return average_pool(shape, window, kind=place.value.kind)


def _batch_normalization(place: Place) -> Linear:
    if place.attribute("training_mode", 0) or any(place.node.output[1:]):
        place.refuse("BatchNormalization in training")
    if not place.attribute("spatial", 1):
        place.refuse("BatchNormalization of each place on its own")
    parts = [place.weights(index) for index in range(1, 5)]
    shape = place.batched
    if any(part.shape != shape[:1] for part in parts):
        place.refuse("BatchNormalization of another number of channels")
    gamma, beta, mean, variance = parts
    epsilon = place.attribute("epsilon", 1e-5)
    if not (variance.astype(np.float64) + epsilon > 0).all():
        place.refuse("BatchNormalization with a variance that is not positive")
    return batch_norm(shape, gamma, beta, mean, variance, epsilon)


def _identity(place: Place) -> Linear:
    return Rearrange(place.shape, place.shape)


def _dropout(place: Place) -> Linear:
    training = place.constant(2)
    if (training is not None and training.any()) or any(place.node.output[1:]):
        place.refuse("Dropout in training, or with its mask in use")
    return _identity(place)


def _flatten(place: Place) -> Linear:
    shape, axis = place.batched, place.attribute("axis", 1)
    if axis % (len(shape) + 1) != 1:
        place.refuse("Flatten that does not keep the batch")
    return Rearrange(shape, (math.prod(shape),))


def _reshape(place: Place) -> Linear:
    kept = _reshaped(place)
    if kept is None:
        place.refuse("Reshape that does not keep the batch, or to an unknown shape")
    return Rearrange(place.shape, kept)


def _reshaped(place: Place) -> Shape | None:
    """The shape asked for without the leading axes; None where it does not keep these."""
    shape, wanted, dims = place.shape, place.constant(1), place.value.dims
    lead = place.value.lead
    if wanted is None or wanted.ndim != 1 or place.attribute("allowzero", 0) or dims is None:
        return None
    first, rest = [int(n) for n in wanted[:lead]], [int(n) for n in wanted[lead:]]
    if not rest or any(size == 0 and lead + axis >= len(dims) for axis, size in enumerate(rest)):
        return None
    rest = [dims[lead + axis] or 0 if size == 0 else size for axis, size in enumerate(rest)]
    if rest.count(-1) == 1 and -1 not in first:
        rest[rest.index(-1)] = math.prod(shape) // max(-math.prod(rest), 1)
    stay = all(size in (0, -1, dims[axis]) for axis, size in enumerate(first))
    if not stay or min(rest) < 1 or math.prod(rest) != math.prod(shape):
        return None
    return tuple(rest)


def _transpose(place: Place) -> Linear:
    shape, lead = place.shape, place.value.lead
    axes = range(lead + len(shape))
    order = list(place.attribute("perm", list(reversed(axes))))
    if sorted(order) != list(axes) or order[:lead] != list(range(lead)):
        place.refuse("Transpose that moves the batch")
    inner = tuple(axis - lead for axis in order[lead:])
    return Rearrange(shape, tuple(shape[axis] for axis in inner), order=inner)


def _squeeze(place: Place) -> Linear:
    shape, lead = place.shape, place.value.lead
    axes = {axis % (lead + len(shape)) - lead for axis in place.axes("axes", 1)}
    kept = tuple(size for axis, size in enumerate(shape) if axis not in axes)
    if not axes or min(axes) < 0 or any(shape[axis] != 1 for axis in axes) or not kept:
        place.refuse("Squeeze that does not keep the batch")
    return Rearrange(shape, kept)


def _unsqueeze(place: Place) -> Linear:
    shape, lead = place.shape, place.value.lead
    given = place.axes("axes", 1)
    total = lead + len(shape) + len(given)
    axes = {axis % total - lead for axis in given}
    if len(axes) != len(given) or min(axes, default=-1) < 0:
        place.refuse("Unsqueeze that does not keep the batch")
    sizes = iter(shape)
    return Rearrange(
        shape, tuple(1 if axis in axes else next(sizes) for axis in range(total - lead))
    )


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
    "Squeeze": _squeeze,
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
}


def absorbed(layer: Linear, constant: Linear) -> Linear | None:
    """The layer with the constant that is added after it as its own; None where it has one."""
    if not isinstance(constant, Scale) or constant.offset is None or layer.constant is not None:
        return None
    if constant.factor.size > 1 or constant.factor.reshape(-1)[0] != 1:
        return None
    offset = constant.offset
    match layer:
        case Dense() if offset.shape[-1] == offset.size:
            return replace(layer, bias=np.broadcast_to(offset.reshape(-1), (len(layer.weight),)))
        case Conv(learned=True) if len(offset) == offset.size:
            return replace(layer, bias=np.broadcast_to(offset.reshape(-1), layer.output_shape[:1]))
        case Scale():
            return replace(layer, offset=offset, stored=(*layer.stored, offset))
    return None
