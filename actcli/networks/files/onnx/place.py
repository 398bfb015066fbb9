"""What is known of an ONNX node before it is read: its data's shape and type, its constants."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from actcli.networks.files.interface import Weights
from actcli.networks.files.onnx.constants import Constants
from actcli.networks.layers import Shape
from actcli.networks.layers.any_size import STAND_IN

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, ValueInfoProto

FLOATS = {"float16", "bfloat16", "float32", "float64"}

Dims = tuple[int | None, ...]
"""The sizes of a value's axes; None where one is open."""


class NotFoldedError(Exception):
    """The node is no linear layer; the message says why, as `Relu is not linear`."""


@dataclass(frozen=True)
class Value:
    """The shape and type of a value, as far as the model says."""

    dims: Dims | None
    """None where not even the number of axes is known."""
    kind: np.dtype[Any] | None
    lead: int = 1
    """How many axes, the first ones, no layer of a run touches: the batch, and all up to the last
    open one. What comes after them is the shape on which a layer acts."""
    any_size: bool = False
    """Whether the sizes of an image after its channels stand for open ones."""

    @staticmethod
    def of(dims: Dims | None, kind: np.dtype[Any] | None) -> Value:
        """A value from which a run may start."""
        opened = [axis for axis, size in enumerate(dims or ()) if size is None]
        return Value(dims, kind, max(1, 1 + max(opened, default=0)))

    @property
    def shape(self) -> Shape | None:
        """The sizes after the leading axes; None where there is none, or they are not known."""
        if self.dims is None or self.lead >= len(self.dims):
            return None
        sizes = tuple(size for size in self.dims[self.lead :] if size and size > 0)
        return sizes if len(sizes) == len(self.dims) - self.lead else None

    def __str__(self) -> str:
        return "x".join("?" if size is None else str(size) for size in self.dims or ())

    @property
    def rank(self) -> int | None:
        """How many axes there are."""
        return None if self.dims is None else len(self.dims)

    @property
    def bytes(self) -> int:
        """How many it takes up; 0 where that is not known."""
        if self.kind is None or self.dims is None:
            return 0
        return math.prod(size or 0 for size in self.dims) * self.kind.itemsize

    def after(self, shape: Shape) -> Value:
        """The value that a layer makes of this one, given the shape that it puts out."""
        assert self.dims is not None
        return replace(self, dims=(*self.dims[: self.lead], *shape))

    def as_image(self) -> Value:
        """An image of open size with one in its place; itself where it is none."""
        if self.dims is None or len(self.dims) < 3 or not self.dims[1] or None not in self.dims[2:]:
            return self
        sizes = (STAND_IN if size is None else size for size in self.dims[2:])
        return Value((*self.dims[:2], *sizes), self.kind, any_size=True)


UNKNOWN = Value(None, None)


def known_values(model: ModelProto) -> dict[str, Value]:
    """Shapes and types by ONNX's shape inference; an axis of symbolic size is open."""
    from onnx import shape_inference

    try:
        graph = shape_inference.infer_shapes(model, data_prop=True).graph
    except Exception:  # whatever it is, the values are then of unknown shape
        graph = model.graph
    values = [*graph.input, *graph.value_info, *graph.output]
    return {value.name: _known(value) for value in values}


def _known(value: ValueInfoProto) -> Value:
    from onnx import helper

    tensor = value.type.tensor_type
    if not value.type.HasField("tensor_type") or not tensor.elem_type:
        return UNKNOWN
    try:
        kind = helper.tensor_dtype_to_np_dtype(tensor.elem_type)
    except KeyError:  # a type that numpy does not know
        return UNKNOWN
    if not tensor.HasField("shape"):
        return Value(None, kind)
    sizes = [dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim]
    return Value.of(tuple(sizes), kind)


@dataclass(frozen=True)
class Place:
    """A node, and the data that comes into it."""

    node: NodeProto
    constants: Constants
    value: Value

    @staticmethod
    def data_of(node: NodeProto, constants: Constants) -> str:
        """The one input that is not constant.

        Raises:
            NotFoldedError: there is another number of them.
        """
        changing: list[str] = [name for name in node.input if name and constants[name] is None]
        if len(changing) != 1:
            raise NotFoldedError(f"{node.op_type} of {len(changing)} computed values")
        return changing[0]

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
        """The input at a place, which must be there, of the data's type."""
        value = self.constant(place)
        if value is None or value.dtype.name not in FLOATS or not value.size:
            self.refuse(f"{self.node.op_type} without weights of floats")
        if value.dtype != self.value.kind:
            self.refuse(f"{self.node.op_type} by {value.dtype.name} of data of another type")
        return value

    @property
    def shape(self) -> Shape:
        """The shape on which the node acts, without the leading axes; it must be known."""
        if self.value.shape is None:
            self.refuse(f"{self.node.op_type} of a value whose shape is not known")
        return self.value.shape

    @property
    def batched(self) -> Shape:
        """The shape where the batch is the only leading axis, so that the next one is in it."""
        shape = self.shape
        if self.value.lead != 1:
            self.refuse(f"{self.node.op_type} of a value whose axis 1 is open or before one")
        return shape

    @property
    def image(self) -> Shape:
        """Channels, and the sizes of the image, which must be known."""
        shape = self.batched
        if len(shape) < 2:
            self.refuse(f"{self.node.op_type} of no image")
        return shape

    def axes(self, name: str, place: int) -> list[int]:
        """Axes that the node names, by an attribute or, later, by an input."""
        by_input = self.constant(place)
        given = self.attribute(name, []) if by_input is None else by_input.reshape(-1)
        return [int(axis) for axis in given]


def attribute_of(node: NodeProto, name: str, default: Any) -> Any:
    """An attribute of a node, or what it is where the node does not say."""
    from onnx import helper

    for attribute in node.attribute:
        if attribute.name == name:
            value = helper.get_attribute_value(attribute)
            return value.decode() if isinstance(value, bytes) else value
    return default
