"""Sums and means over axes."""

from __future__ import annotations

import math

import numpy as np

from actcli.networks.files.onnx.place import Place
from actcli.networks.layers import Chain, Dense, Linear, Rearrange


def reduce_sum(place: Place) -> Linear:
    """The sum over axes."""
    return _reduced(place, is_mean=False)


def reduce_mean(place: Place) -> Linear:
    """The mean over axes."""
    return _reduced(place, is_mean=True)


def _reduced(place: Place, *, is_mean: bool) -> Linear:
    shape, lead = place.shape, place.value.lead
    rank = lead + len(shape)
    given = place.axes("axes", 1)
    if not given or any(not -rank <= axis < rank for axis in given):
        place.refuse(f"{place.node.op_type} over the batch too")
    axes = sorted({axis % rank - lead for axis in given})
    kept = [axis for axis in range(len(shape)) if axis not in axes]
    keeps_axes = place.attribute("keepdims", 1)
    to = [1 if axis in axes else shape[axis] for axis in range(len(shape))]
    to = to if keeps_axes else [shape[axis] for axis in kept]
    if axes[0] < 0 or not to:
        place.refuse(f"{place.node.op_type} over the batch too")
    count = math.prod(shape[axis] for axis in axes)
    share = np.full((1, count), 1 / count if is_mean else 1.0, place.value.kind)
    rows = tuple(shape[axis] for axis in kept)
    return Chain(
        (
            Rearrange.permuted(shape, [*kept, *axes]),
            Rearrange(tuple(shape[axis] for axis in [*kept, *axes]), (*rows, count)),
            Dense((*rows, count), share, learned=False),
            Rearrange((*rows, 1), tuple(to)),
        )
    )
