"""Layers as ONNX nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from actcli.analysis.convolution import Conv
from actcli.analysis.layers import Activated, Dense, Layer, Rearrange, Scale, Softmax
from actcli.errors import ActcliError
from actcli.weights.interface import Weights

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto, ValueInfoProto

OPERATORS = {
    "relu": "Relu",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "abs": "Abs",
    "elu": "Elu",
    "exp": "Exp",
    "sin": "Sin",
    "cos": "Cos",
    "erf": "Erf",
}
"""The operators that are, with their own defaults, an activation with its defaults."""


class Emitter:
    """Writes layers as nodes, under names that are not taken."""

    def __init__(self, taken: set[str]) -> None:
        """Begin a graph in which these names are taken."""
        self._taken = taken
        self.initializers: list[TensorProto] = []

    def nodes(
        self, layers: Sequence[Layer], source: str, target: str, *, name: str, lead: int
    ) -> list[NodeProto]:
        """The nodes that take the value `source` to `target`; the last of them gets the name.

        `lead` is the number of axes before those of the layers' shapes: 1 for a batch.
        """
        made: list[NodeProto] = []
        for place, layer in enumerate(layers):
            last = place == len(layers) - 1
            out = target if last else self._fresh(f"{target}_{place}")
            made += self._layer(layer, source, out, lead)
            source = out
        made[-1].name = name
        return made

    def inputs(self) -> list[ValueInfoProto]:
        """The initializers as inputs, which old versions of the format want."""
        from onnx import helper

        return [
            helper.make_tensor_value_info(t.name, t.data_type, list(t.dims))
            for t in self.initializers
        ]

    def _layer(self, layer: Layer, source: str, target: str, lead: int) -> list[NodeProto]:
        from onnx.helper import make_node

        match layer:
            case Dense():
                return self._dense(layer, source, target, lead)
            case Conv() if lead == 1:
                return [self._conv(layer, source, target)]
            case Scale():
                return self._scale(layer, source, target)
            case Rearrange(order=None):
                return [self._reshape(layer, source, target, lead)]
            case Softmax():
                return [make_node("Softmax", [source], [target], axis=1)]
            case Activated() if str(layer.activation) in OPERATORS:
                operator = OPERATORS[str(layer.activation)]
                return [make_node(operator, [source], [target])]
        raise ActcliError(f"{layer.label} is not written as ONNX")

    def _dense(self, layer: Dense, source: str, target: str, lead: int) -> list[NodeProto]:
        from onnx.helper import make_node

        if lead + len(layer.shape) == 2:
            inputs = [source, self._constant(target, "weight", layer.weight)]
            if layer.bias is not None:
                inputs.append(self._constant(target, "bias", layer.bias))
            return [make_node("Gemm", inputs, [target], transB=1)]
        weight = self._constant(target, "weight", layer.weight.T)
        if layer.bias is None:
            return [make_node("MatMul", [source, weight], [target])]
        product = self._fresh(f"{target}_product")
        bias = self._constant(target, "bias", layer.bias)
        return [
            make_node("MatMul", [source, weight], [product]),
            make_node("Add", [product, bias], [target]),
        ]

    def _conv(self, layer: Conv, source: str, target: str) -> NodeProto:
        from onnx.helper import make_node

        inputs = [source, self._constant(target, "weight", layer.kernel)]
        if layer.bias is not None:
            inputs.append(self._constant(target, "bias", layer.bias))
        window = layer.window
        return make_node(
            "Conv",
            inputs,
            [target],
            kernel_shape=window.size,
            strides=window.stride,
            pads=window.pads,
            group=layer.groups,
        )

    def _scale(self, layer: Scale, source: str, target: str) -> list[NodeProto]:
        from onnx.helper import make_node

        factor = self._constant(target, "factor", layer.factor)
        if layer.offset is None:
            return [make_node("Mul", [source, factor], [target])]
        product = self._fresh(f"{target}_product")
        offset = self._constant(target, "offset", layer.offset)
        return [
            make_node("Mul", [source, factor], [product]),
            make_node("Add", [product, offset], [target]),
        ]

    def _reshape(self, layer: Rearrange, source: str, target: str, lead: int) -> NodeProto:
        from onnx.helper import make_node

        if lead == len(layer.to) == 1:
            return make_node("Flatten", [source], [target], axis=1)
        shape = self._constant(target, "shape", np.array([*[0] * lead, *layer.to], np.int64))
        return make_node("Reshape", [source, shape], [target])

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
