"""The table of ONNX operators: one row says how each is read and what it makes of distances.

Its rows stand in the modules of this package: what multiplies, scales, slides, moves or sums, and
the functions of the catalogue, which are written by their rows too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from actcli.networks.files.onnx.operators import (
    elementwise,
    functions,
    images,
    means,
    moves,
    products,
    spreads,
)
from actcli.networks.files.onnx.operators.operator import Operator, Reader
from actcli.networks.files.onnx.place import FLOATS, Place
from actcli.networks.layers import Linear, Rearrange, Scale
from actcli.networks.layers.convolution import Conv

if TYPE_CHECKING:
    from onnx import NodeProto

OLDEST = 7
"""The first version of the operators in which constants broadcast as in numpy."""

_MOVED = Operator(spread=spreads.passed_on, is_exact=True)
_CHOSEN = Operator(spread=spreads.passed_on, is_exact=True, is_linear=False)
_BENT = Operator(is_linear=False)


def _moving(read: Reader) -> Operator:
    return replace(_MOVED, read=read)


TABLE: Mapping[str, Operator] = {
    **dict(functions.rows()),
    "Add": Operator(elementwise.add, spreads.summed, (0, 1), (1,), any_size=True),
    "AveragePool": Operator(images.pool, any_size=True),
    "BatchNormalization": Operator(elementwise.batch_normalization, any_size=True),
    "Clip": Operator(spread=spreads.unchanged, is_linear=False),
    "Concat": _MOVED,
    "Conv": Operator(images.conv, any_size=True),
    "ConvTranspose": Operator(images.conv_transpose),
    "Div": Operator(elementwise.divide, any_size=True),
    "Dropout": Operator(moves.dropout, any_size=True),
    "Einsum": Operator(products.einsum, sides=(0, 1)),
    "Expand": _MOVED,
    "Flatten": _moving(moves.flatten),
    "Gather": _MOVED,
    "Gemm": Operator(products.gemm),
    "GlobalAveragePool": Operator(images.global_pool),
    "GlobalMaxPool": _CHOSEN,
    "Hardmax": _BENT,
    "Identity": replace(_moving(moves.identity), any_size=True),
    "InstanceNormalization": _BENT,
    "LRN": _BENT,
    "LayerNormalization": _BENT,
    "Log": _BENT,
    "LogSoftmax": Operator(spread=spreads.log_softmax, is_linear=False),
    "MatMul": Operator(products.mat_mul, sides=(0, 1)),
    "MaxPool": _CHOSEN,
    "Mul": Operator(elementwise.multiply, spreads.multiplied, (0, 1), any_size=True),
    "Neg": Operator(elementwise.negate, spreads.unchanged, any_size=True),
    "PRelu": _BENT,
    "Pad": _moving(moves.pad),
    "Pow": _BENT,
    "Reciprocal": _BENT,
    "ReduceMax": _CHOSEN,
    "ReduceMean": Operator(means.reduce_mean),
    "ReduceSum": Operator(means.reduce_sum),
    "Reshape": _moving(moves.reshape),
    "Slice": _MOVED,
    "Softmax": Operator(spread=spreads.softmax, is_linear=False),
    "Split": _MOVED,
    "Sqrt": _BENT,
    "Squeeze": _moving(moves.squeeze),
    "Sub": Operator(elementwise.subtract, spreads.summed, (0, 1), (1, -1), any_size=True),
    "Sum": Operator(spread=spreads.summed, signs=(1,)),
    "Transpose": _moving(moves.transpose),
    "Unsqueeze": _moving(moves.unsqueeze),
}


def row_of(node: NodeProto) -> Operator | None:
    """The row of a node's operator; None where there is none."""
    return TABLE.get(node.op_type) if node.domain in ("", "ai.onnx") else None


def layer_of(place: Place, data: str, opset: int) -> Linear:
    """The layer that the node is.

    Raises:
        NotFoldedError: it is none.
    """
    node, row = place.node, row_of(place.node)
    if row is None or (row.read is None and row.is_linear):
        place.refuse(f"{node.op_type} is not supported")
    if row.read is None:
        place.refuse(f"{node.op_type} is no linear layer")
    if opset < OLDEST:
        place.refuse(f"{node.op_type} of opset {opset} (read from {OLDEST} on)")
    if place.value.kind is None or place.value.kind.name not in FLOATS:
        place.refuse(f"{node.op_type} of data that are no floats, or of an unknown type")
    if data not in [node.input[side] for side in row.sides if side < len(node.input)]:
        place.refuse(f"{node.op_type} with its data on the other side")
    if place.value.any_size and not row.any_size:
        place.refuse(f"{node.op_type} of an image of open size is not supported")
    layer = row.read(place)
    if place.value.any_size and not _is_of_any_size(layer):
        place.refuse(f"{node.op_type} that depends on the size of an image, which is open")
    return replace(layer, name=node.name or node.output[0])  # type: ignore[type-var]


def _is_of_any_size(layer: Linear) -> bool:
    """Whether it treats every pixel alike."""
    if isinstance(layer, Scale):
        parts = (layer.factor, layer.offset)
        return all(part is None or set(part.shape[1:]) <= {1} for part in parts)
    return isinstance(layer, Conv) or (isinstance(layer, Rearrange) and layer.is_nothing)


def signs_of(node: NodeProto) -> Sequence[int]:
    """1 or -1 for each input of a sum; none where the node is no sum."""
    row = row_of(node)
    signs = row.signs if row else ()
    return (*signs, *signs[-1:] * (len(node.input) - len(signs)))
