"""The layers of a network, each in its place: it knows the shape of what comes in.

A shape leaves the batch out: `(features,)` or `(channels, height, width)`. Linear layers are affine
maps W x + b that also know their transpose and their magnitude |W| x + |b|: that is all that
folding and its error bounds need, whether W is written out or not.
"""

from __future__ import annotations

from actcli.networks.layers.any_size import AnySize, at_size
from actcli.networks.layers.base import (
    Layer,
    Linear,
    Shape,
    Weights,
    at_zero,
    in_type,
    shape_text,
    through,
)
from actcli.networks.layers.composed import Chain, Composed, Sum, in_a_row
from actcli.networks.layers.dense import Dense
from actcli.networks.layers.nonlinear import Activated, LayerNorm, MaxPool, Softmax
from actcli.networks.layers.pad import Pad
from actcli.networks.layers.rearrange import Rearrange
from actcli.networks.layers.scale import Scale, batch_norm
from actcli.networks.layers.tidying import tidied

__all__ = [
    "Activated",
    "AnySize",
    "Chain",
    "Composed",
    "Dense",
    "Layer",
    "LayerNorm",
    "Linear",
    "MaxPool",
    "Pad",
    "Rearrange",
    "Scale",
    "Shape",
    "Softmax",
    "Sum",
    "Weights",
    "at_size",
    "at_zero",
    "batch_norm",
    "in_a_row",
    "in_type",
    "shape_text",
    "through",
    "tidied",
]
