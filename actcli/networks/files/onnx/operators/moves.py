"""Operators that move numbers: reshapes, transpositions, zeros around."""

from __future__ import annotations

import math

from actcli.networks.files.onnx.place import Place
from actcli.networks.layers import Linear, Pad, Rearrange, Shape


def identity(place: Place) -> Linear:
    """The layer that does nothing."""
    return Rearrange(place.shape, place.shape)


def dropout(place: Place) -> Linear:
    """Dropout in inference."""
    training = place.constant(2)
    if (training is not None and training.any()) or any(place.node.output[1:]):
        place.refuse("Dropout in training, or with its mask in use")
    return identity(place)


def flatten(place: Place) -> Linear:
    """Flatten that keeps the axes before the layer's."""
    shape, axis, lead = place.shape, place.attribute("axis", 1), place.value.lead
    axis = axis % (lead + len(shape)) if axis < 0 else axis
    if lead == 0:
        return Rearrange(shape, (math.prod(shape[:axis]), math.prod(shape[axis:])))
    if lead != 1 or axis != 1:
        place.refuse("Flatten that does not keep the batch")
    return Rearrange(shape, (math.prod(shape),))


def reshape(place: Place) -> Linear:
    """Reshape that keeps the axes before the layer's."""
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


def transpose(place: Place) -> Linear:
    """Transpose that keeps the axes before the layer's."""
    shape, lead = place.shape, place.value.lead
    axes = range(lead + len(shape))
    order = list(place.attribute("perm", list(reversed(axes))))
    if sorted(order) != list(axes) or order[:lead] != list(range(lead)):
        place.refuse("Transpose that moves the batch")
    return Rearrange.permuted(shape, [axis - lead for axis in order[lead:]])


def squeeze(place: Place) -> Linear:
    """Squeeze of axes of the layer's."""
    shape, lead = place.shape, place.value.lead
    axes = {axis % (lead + len(shape)) - lead for axis in place.axes("axes", 1)}
    kept = tuple(size for axis, size in enumerate(shape) if axis not in axes)
    if not axes or min(axes) < 0 or any(shape[axis] != 1 for axis in axes) or not kept:
        place.refuse("Squeeze that does not keep the batch")
    return Rearrange(shape, kept)


def unsqueeze(place: Place) -> Linear:
    """Unsqueeze among the layer's axes."""
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


def pad(place: Place) -> Linear:
    """Pad with a constant."""
    shape, lead = place.shape, place.value.lead
    rank = lead + len(shape)
    if place.attribute("mode", "constant") != "constant":
        place.refuse("Pad other than with a constant is not supported")
    around = place.constant(1)
    given = place.attribute("pads", []) if around is None else around.reshape(-1)
    value = place.constant(2)
    if value is not None and value.size != 1:
        place.refuse(f"Pad with a constant of shape {value.shape}")
    filler = place.attribute("value", 0.0) if value is None else value.reshape(-1)[0]
    axes = place.axes("axes", 3) or list(range(rank))
    sound = {axis % rank for axis in axes if -rank <= axis < rank}
    if len(given) != 2 * len(axes) or len(sound) != len(axes):
        place.refuse(f"Pad by {len(given)} numbers")
    before, after = [0] * rank, [0] * rank
    for number, axis in enumerate(axes):
        before[axis], after[axis] = int(given[number]), int(given[number + len(axes)])
    if any(before[:lead]) or any(after[:lead]):
        place.refuse("Pad of the batch")
    sides = tuple(before[lead:]), tuple(after[lead:])
    sizes = zip(shape, *sides, strict=True)
    if min(size + one + other for size, one, other in sizes) < 1 or min(*sides[0], *sides[1]) < 0:
        place.refuse("Pad that cuts")
    return Pad(shape, *sides, float(filler), kind=place.value.kind)
