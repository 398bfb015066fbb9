"""What ONNX nodes that are no linear layers make of distances between their inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.networks.files.onnx.place import attribute_of
from actcli.networks.files.onnx.run import CannotRunError, Values, alone, run
from actcli.numeric.arrays import Array

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto


ALONG_ONE_AXIS = 13
"""The opset from which on a softmax is along one axis."""


class UnboundedError(Exception):
    """There is no bound; the message says through which node."""


@dataclass(frozen=True)
class Met:
    """A node, the values around it, and how far each of its inputs may be from its value."""

    node: NodeProto
    values: Values
    apart: Sequence[Array | None]
    """None for an input that is what it was."""
    model: ModelProto
    """Of which it is a node."""

    @property
    def name(self) -> str:
        """What the node is called."""
        return f"{self.node.name or self.node.output[0]} ({self.node.op_type})"

    @property
    def farthest(self) -> Array:
        """The distances of the first input that has any."""
        return next((part for part in self.apart if part is not None), np.zeros(()))

    @property
    def opset(self) -> int:
        """The version of ONNX's own operators."""
        own = (e for e in self.model.opset_import if e.domain in ("", "ai.onnx"))
        return int(max(entry.version for entry in own))

    def size(self, place: int) -> Array:
        """The sizes of the numbers of an input."""
        size: Array = np.abs(self.values[self.node.input[place]].astype(np.float64))
        return size


def unchanged(met: Met) -> Array:
    """A function that is nowhere steeper than 1."""
    return met.farthest


def summed(met: Met) -> Array:
    """A sum: all distances together."""
    together: Array = sum((part for part in met.apart if part is not None), np.zeros(()))
    return together


def multiplied(met: Met) -> Array:
    """A product of two: |a| db + |b| da + da db."""
    a, b = met.size(0), met.size(1)
    da, db = (np.zeros(()) if part is None else part for part in met.apart)
    return a * db + b * da + da * db


def softmax(met: Met) -> Array:
    """A share p moves by at most p (e^2r - 1), where inputs move by r."""
    growth = 2 * met.farthest.max(axis=_shared(met), keepdims=True)
    share: Array = met.values[met.node.output[0]] * np.expm1(growth)
    return share


def log_softmax(met: Met) -> Array:
    """The logarithm of a share moves by at most 2 r."""
    growth = 2 * met.farthest.max(axis=_shared(met), keepdims=True)
    return np.broadcast_to(growth, met.farthest.shape)


def _shared(met: Met) -> tuple[int, ...]:
    """The axes along which shares add up to 1: one; before opset 13 all from one on."""
    rank = met.farthest.ndim
    if met.opset >= ALONG_ONE_AXIS:
        return (attribute_of(met.node, "axis", -1) % rank,)
    return tuple(range(attribute_of(met.node, "axis", 1) % rank, rank))


def passed_on(met: Met) -> Array:
    """Numbers moved or chosen: the distances put through the node itself."""
    node = met.node
    if len(node.output) != 1:
        raise UnboundedError(met.name)
    feed = {}
    for name, apart in zip(node.input, met.apart, strict=True):
        if name:
            value = met.values[name]
            distance = np.zeros_like(value) if value.dtype.kind == "f" else value
            feed[name] = (distance if apart is None else apart).astype(value.dtype)
    target = node.output[0]
    try:
        result = run(alone([node], feed, [target], met.model), feed)[target]
    except CannotRunError:
        raise UnboundedError(met.name) from None
    distances: Array = result.astype(np.float64) * (1 + 2.0**-10)
    return distances
