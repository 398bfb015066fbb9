"""Layers as ONNX nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.networks.files.interface import Weights
from actcli.networks.files.onnx.formula import DOUBLE, emit
from actcli.networks.files.onnx.operators.functions import written
from actcli.networks.folding.fold import kept_type
from actcli.networks.layers import (
    Activated,
    Chain,
    Dense,
    Layer,
    Linear,
    Pad,
    Rearrange,
    Scale,
    Softmax,
    Sum,
    in_a_row,
)
from actcli.networks.layers.convolution import Conv
from actcli.networks.layers.transposed_convolution import ConvTranspose

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto, ValueInfoProto

    from actcli.networks.layers.sliding_window import SlidingWindow

USUAL = 17
"""The version of the operators that a new model has where its functions do not need a later one."""


def version_for(layers: Sequence[Layer]) -> int:
    """The version of the operators in which the layers are written."""
    functions = (written(x.activation) for x in layers if isinstance(x, Activated))
    return max([USUAL, *(found[0].since for found in functions if found)])


def type_for(layers: Sequence[Layer]) -> np.dtype[Any]:
    """The type in which ONNX Runtime computes all of the layers: float32 where not float64."""
    kind = kept_type([layer for layer in layers if isinstance(layer, Linear)])
    functions = [layer.activation for layer in layers if isinstance(layer, Activated)]
    is_narrow = kind == np.float64 and not all(map(_is_wide, functions))
    return np.dtype(np.float32) if is_narrow else kind


def _is_wide(activation: Activation) -> bool:
    """Whether ONNX Runtime computes it in float64, and its parameters are kept in that."""
    found = written(activation)
    if found is None:
        _, nodes = emit(activation, "x", "part")
        return not any(node.op_type == "Cast" for node in nodes.made)
    function, attributes = found
    numbers = [value for value in attributes.values() if isinstance(value, float)]
    return function.is_wide and all(value == np.float32(value) for value in numbers)


class Emitter:
    """Writes layers as nodes, under names that are not taken."""

    def __init__(self, taken: set[str], kind: np.dtype[Any] = DOUBLE) -> None:
        """Begin a graph in which these names are taken, of numbers of a type."""
        self._taken = taken
        self._kind = kind
        self.initializers: list[TensorProto] = []
        self._nodes: list[NodeProto] = []
        self._lead = 1

    def nodes(
        self, layers: Sequence[Layer], source: str, target: str, *, name: str, lead: int
    ) -> list[NodeProto]:
        """The nodes that take the value `source` to `target`; the last of them gets the name.

        `lead` is the number of axes before those of the layers' shapes: 1 for a batch.
        """
        self._nodes, self._lead = [], lead
        self._write(layers, source, target)
        self._nodes[-1].name = name
        return self._nodes

    def inputs(self) -> list[ValueInfoProto]:
        """The initializers as inputs, which old versions of the format want."""
        from onnx import helper

        return [
            helper.make_tensor_value_info(t.name, t.data_type, list(t.dims))
            for t in self.initializers
        ]

    def _write(self, layers: Sequence[Layer], source: str, target: str) -> None:
        if _is_from_the_left(layers):
            self._from_the_left(layers[1], source, target)
            return
        for place, layer in enumerate(layers):
            last = place == len(layers) - 1
            out = target if last else self._fresh(f"{target}_{place}")
            write = self._writers.get(type(layer))
            if write is None:
                raise ActcliError(f"{layer.label} is not written as ONNX")
            write(layer, source, out)
            source = out

    @property
    def _writers(self) -> Mapping[type[Layer], Callable[[Any, str, str], None]]:
        return {
            Activated: self._activated,
            Chain: self._chain,
            Conv: self._conv,
            ConvTranspose: self._conv_transpose,
            Dense: self._dense,
            Pad: self._pad,
            Rearrange: self._rearrange,
            Scale: self._scale,
            Softmax: lambda layer, source, out: self._add("Softmax", [source], out, axis=1),
            Sum: self._sum,
        }

    def _add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> None:
        from onnx.helper import make_node

        self._nodes.append(make_node(operator, list(inputs), [output], **attributes))

    def _activated(self, layer: Activated, source: str, target: str) -> None:
        found = written(layer.activation)
        if found is None:
            self._formula(layer.activation, source, target)
        else:
            function, attributes = found
            self._add(function.operator, [source], target, **attributes)

    def _formula(self, activation: Activation, source: str, target: str) -> None:
        """The nodes of a formula."""
        result, made = emit(activation, source, self._fresh(f"{target}_part"), self._kind)
        self._nodes += made.made
        self.initializers += made.initializers
        self._add("Identity", [result], target)

    def _chain(self, layer: Chain, source: str, target: str) -> None:
        self._write(in_a_row([layer]), source, target)

    def _sum(self, layer: Sum, source: str, target: str) -> None:
        total = ""
        for place, (member, sign) in enumerate(zip(layer.members, layer.signs, strict=True)):
            part = self._branch(member, source, f"{target}_branch{place}")
            if not total and sign > 0:
                total = part
                continue
            last = place == len(layer.members) - 1
            out = target if last else self._fresh(f"{target}_sum{place}")
            if total:
                self._add("Add" if sign > 0 else "Sub", [total, part], out)
            else:
                self._add("Neg", [part], out)
            total = out

    def _branch(self, member: Layer, source: str, name: str) -> str:
        """The value of a branch, which is the source where the branch does nothing."""
        row = in_a_row([member])  # type: ignore[list-item]
        if all(isinstance(layer, Rearrange) and layer.is_nothing for layer in row):
            return source
        out = self._fresh(name)
        self._write(row, source, out)
        return out

    def _dense(self, layer: Dense, source: str, target: str) -> None:
        if self._lead + len(layer.shape) == 2:
            inputs = [source, self._constant(target, "weight", layer.weight)]
            if layer.bias is not None:
                inputs.append(self._constant(target, "bias", layer.bias))
            self._add("Gemm", inputs, target, transB=1)
            return
        weight = self._constant(target, "weight", layer.weight.T)
        out = target if layer.bias is None else self._fresh(f"{target}_product")
        self._add("MatMul", [source, weight], out)
        if layer.bias is not None:
            self._add("Add", [out, self._constant(target, "bias", layer.bias)], target)

    def _from_the_left(self, layer: Layer, source: str, target: str) -> None:
        assert isinstance(layer, Dense)
        weight = self._constant(target, "weight", layer.weight)
        out = target if layer.bias is None else self._fresh(f"{target}_product")
        self._add("MatMul", [weight, source], out)
        if layer.bias is not None:
            bias = self._constant(target, "bias", layer.bias[:, None])
            self._add("Add", [out, bias], target)

    def _conv(self, layer: Conv, source: str, target: str) -> None:
        inputs = self._kernel(target, layer.kernel, layer.bias)
        self._add("Conv", [source, *inputs], target, **_sliding(layer.window, layer.groups))

    def _conv_transpose(self, layer: ConvTranspose, source: str, target: str) -> None:
        conv = layer.conv
        inputs = self._kernel(target, conv.kernel, layer.bias)
        window, image, axes = conv.window, conv.shape[1:], len(conv.window.size)
        more = [
            image[axis]
            + window.pads[axis]
            + window.pads[axis + axes]
            - window.reach[axis]
            - window.stride[axis] * (conv.output_shape[axis + 1] - 1)
            for axis in range(axes)
        ]
        attributes = _sliding(window, conv.groups) | ({"output_padding": more} if any(more) else {})
        self._add("ConvTranspose", [source, *inputs], target, **attributes)

    def _kernel(self, target: str, kernel: Weights, bias: Weights | None) -> list[str]:
        inputs = [self._constant(target, "weight", kernel)]
        return inputs if bias is None else [*inputs, self._constant(target, "bias", bias)]

    def _pad(self, layer: Pad, source: str, target: str) -> None:
        still = [0] * self._lead
        around = [*still, *layer.before, *still, *layer.after]
        pads = self._constant(target, "pads", np.array(around, np.int64))
        value = np.array(layer.value, layer.kind or np.float64)
        self._add("Pad", [source, pads, self._constant(target, "value", value)], target)

    def _scale(self, layer: Scale, source: str, target: str) -> None:
        factor = self._constant(target, "factor", layer.factor)
        out = target if layer.offset is None else self._fresh(f"{target}_product")
        self._add("Mul", [source, factor], out)
        if layer.offset is not None:
            self._add("Add", [out, self._constant(target, "offset", layer.offset)], target)

    def _rearrange(self, layer: Rearrange, source: str, target: str) -> None:
        lead = self._lead
        if layer.is_nothing:
            self._add("Identity", [source], target)
        elif layer.is_permutation and layer.order is not None:
            order = [*range(lead), *(axis + lead for axis in layer.order)]
            self._add("Transpose", [source], target, perm=order)
        elif layer.order is not None:
            raise ActcliError(f"{layer.label} is not written as ONNX")
        elif lead == len(layer.to) == 1:
            self._add("Flatten", [source], target, axis=1)
        else:
            shape = self._constant(target, "shape", np.array([*[0] * lead, *layer.to], np.int64))
            self._add("Reshape", [source, shape], target)

    def _constant(self, owner: str, role: str, value: Weights) -> str:
        from onnx import numpy_helper

        name = self._fresh(f"{owner}_{role}")
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _fresh(self, name: str) -> str:
        number, free = 1, name
        while free in self._taken:
            number += 1
            free = f"{name}_{number}"
        self._taken.add(free)
        return free


def _sliding(window: SlidingWindow, groups: int) -> dict[str, Any]:
    """The attributes that say how a window slides."""
    attributes = {
        "kernel_shape": window.size,
        "strides": window.stride,
        "pads": window.pads,
        "group": groups,
    }
    return (
        attributes if set(window.dilation) <= {1} else {**attributes, "dilations": window.dilation}
    )


def _is_from_the_left(layers: Sequence[Layer]) -> bool:
    """Whether they turn the last two axes, multiply, and turn them back: W x for every matrix x."""
    if len(layers) != 3:
        return False
    turn, dense, back = layers
    if not (isinstance(turn, Rearrange) and isinstance(back, Rearrange)):
        return False
    last = len(turn.shape) - 1
    order = (*range(last - 1), last, last - 1)
    return isinstance(dense, Dense) and turn.order == back.order == order
