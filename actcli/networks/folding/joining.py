"""Convolutions in one: of one after the other, of several side by side, and of what is one too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce, singledispatch
from typing import Any

import numpy as np

from actcli.networks.layers import Composed, Linear, Pad, Rearrange, Scale, Shape, Sum, in_a_row
from actcli.networks.layers.convolution import Conv
from actcli.networks.layers.sliding_window import Sizes, SlidingWindow, point
from actcli.numeric.arrays import Array


def outline(layers: Sequence[Linear]) -> Conv | None:
    """The size of the convolution that the layers are, its kernel left empty; None for none.

    One of them must be a convolution: the others may stand where there is no batch of images.
    """
    row = in_a_row(layers)
    return reduce(_outlined, map(_outline_of, row)) if any(map(_slides, row)) else None


def _slides(layer: Linear) -> bool:
    """Whether there is a convolution in it."""
    members = layer.members if isinstance(layer, Composed) else ()
    return isinstance(layer, Conv) or any(map(_slides, members))


def as_convolution(layers: Sequence[Linear]) -> Conv:
    """The convolution that the layers are, where there is an outline of it."""
    first, *rest = in_a_row(layers)
    return reduce(joined, map(_convolution_of, rest), _convolution_of(first))


def by_channel(layers: Sequence[Linear]) -> Array | None:
    """What the layers multiply each channel by; None where they do anything else, shifts aside."""
    factor = np.ones(1)
    for layer in in_a_row(layers):
        conv = _outline_of(layer) if isinstance(layer, Scale) else None
        if conv is None:
            return None
        factor = factor * conv.kernel.reshape(-1).astype(np.float64)
    return factor


def joined(earlier: Conv, later: Conv) -> Conv:
    """The convolution that does what the two do, where there is an outline of it."""
    whole = _outlined(earlier, later)
    assert whole is not None
    groups = whole.groups
    after = _grouped(later, groups).astype(np.float64, copy=False)
    before = _grouped(earlier, groups).astype(np.float64, copy=False)
    kernel = np.zeros((groups, len(whole.kernel) // groups, *whole.kernel.shape[1:]))
    flat = before.reshape(*before.shape[:2], -1)
    gaps = zip(later.window.dilation, earlier.window.stride, strict=True)
    far = tuple(gap * stride for gap, stride in gaps)
    for offset in later.window.offsets:
        part = (after[_place(offset)] @ flat).reshape(*kernel.shape[:3], *earlier.window.size)
        start = tuple(place * step for place, step in zip(offset, far, strict=True))
        kernel[_places(earlier.window, start, whole.window)] += part
    bias = later.bias
    if earlier.bias is not None:
        seen = earlier.bias.astype(np.float64).reshape(groups, -1, 1)
        every = tuple(range(3, after.ndim))
        bias = (after.sum(axis=every) @ seen).reshape(-1) + (0 if bias is None else bias)
    return replace(whole, kernel=kernel.reshape(whole.kernel.shape), bias=bias)


def _outlined(earlier: Conv | None, later: Conv | None) -> Conv | None:
    """The size of the convolution that does what the two do.

    Zeros around the later one must come to the same as zeros around the earlier one.
    """
    if earlier is None or later is None:
        return None
    if any(later.window.pads) and not (earlier.window.is_dot and earlier.bias is None):
        return None
    window = later.window.after(earlier.window)
    groups = math.gcd(later.groups, earlier.groups)
    unbiased = later.bias is None and earlier.bias is None
    return _empty(earlier.shape, len(later.kernel), window, groups, not unbiased)


def _empty(shape: Shape, outputs: int, window: SlidingWindow, groups: int, has_bias: bool) -> Conv:
    kernel = np.broadcast_to(0.0, (outputs, shape[0] // groups, *window.size))
    bias = np.broadcast_to(0.0, (outputs,)) if has_bias else None
    return Conv(shape, kernel, bias, window, groups)


@singledispatch
def _outline_of(layer: Linear) -> Conv | None:
    """The size of the convolution that one layer is."""
    return None


@singledispatch
def _convolution_of(layer: Linear) -> Conv:
    """The convolution that one layer is, where there is an outline of it."""
    whole = _outline_of(layer)
    assert whole is not None
    return whole


@_outline_of.register
def _(layer: Conv) -> Conv:
    return layer


@_outline_of.register
def _(layer: Scale) -> Conv | None:
    if len(layer.shape) < 2:
        return None
    channels, axes = layer.shape[0], len(layer.shape) - 1
    parts = [part for part in (layer.factor, layer.offset) if part is not None]
    if any(len(part) != part.size for part in parts):
        return None
    factor, *offsets = (np.broadcast_to(part.reshape(-1), (channels,)) for part in parts)
    kernel = factor.reshape(channels, 1, *(1,) * axes)
    return Conv(layer.shape, kernel, offsets[0] if offsets else None, point(axes), channels)


@_outline_of.register
def _(layer: Rearrange) -> Conv | None:
    if len(layer.shape) < 2 or not layer.is_nothing:
        return None
    channels, axes = layer.shape[0], len(layer.shape) - 1
    kernel = np.broadcast_to(1.0, (channels, 1, *(1,) * axes))
    return Conv(layer.shape, kernel, None, point(axes), channels)


@_outline_of.register
def _(layer: Pad) -> Conv | None:
    if layer.value or len(layer.shape) < 2 or layer.before[0] or layer.after[0]:
        return None
    channels, axes = layer.shape[0], len(layer.shape) - 1
    window = SlidingWindow((1,) * axes, pads=(*layer.before[1:], *layer.after[1:]))
    kernel = np.broadcast_to(1.0, (channels, 1, *(1,) * axes))
    return Conv(layer.shape, kernel, None, window, channels)


@_outline_of.register
def _(layer: Sum) -> Conv | None:
    rows = [in_a_row([member]) for member in layer.members]
    members = [reduce(_outlined, map(_outline_of, row)) for row in rows]
    found = [member for member in members if member is not None]
    if len(found) < len(members) or len({member.window.stride for member in found}) > 1:
        return None
    groups = math.gcd(*(member.groups for member in found))
    has_bias = any(member.bias is not None for member in found)
    window = _around([member.window for member in found], layer.shape[1:], layer.output_shape[1:])
    return _empty(layer.shape, layer.output_shape[0], window, groups, has_bias)


@_convolution_of.register
def _(layer: Sum) -> Conv:
    whole = _outline_of(layer)
    assert whole is not None
    groups, size = whole.groups, whole.kernel.shape
    kernel = np.zeros((groups, size[0] // groups, *size[1:]))
    bias = None if whole.bias is None else np.zeros(size[0])
    for member, sign in zip(layer.members, layer.signs, strict=True):
        part = as_convolution([member])
        places = _places(part.window, _first(part.window, whole.window), whole.window)
        kernel[places] += sign * _grouped(part, groups).astype(np.float64, copy=False)
        if bias is not None and part.bias is not None:
            bias += sign * part.bias
    return replace(whole, kernel=kernel.reshape(size), bias=bias)


def _around(windows: Sequence[SlidingWindow], image: Sizes, output: Sizes) -> SlidingWindow:
    """The least window that holds all of these, which have one stride and one output."""
    axes = range(len(image))
    before = [max(window.pads[axis] for window in windows) for axis in axes]
    apart = [before[axis] - window.pads[axis] for window in windows for axis in axes]
    size, dilation, after = [], [], []
    for axis in axes:
        gaps = [window.dilation[axis] for window in windows if window.size[axis] > 1]
        step = math.gcd(*gaps, *apart[axis :: len(image)]) or 1
        reach = max(before[axis] - window.pads[axis] + window.reach[axis] for window in windows)
        stride = windows[0].stride[axis]
        size.append((reach - 1) // step + 1)
        dilation.append(step)
        after.append(max(0, (output[axis] - 1) * stride + reach - image[axis] - before[axis]))
    return SlidingWindow(tuple(size), windows[0].stride, (*before, *after), tuple(dilation))


def _first(window: SlidingWindow, whole: SlidingWindow) -> Sizes:
    """How many pixels after the first one of the whole a window begins."""
    axes = len(window.size)
    pairs = zip(whole.pads[:axes], window.pads[:axes], strict=True)
    return tuple(most - own for most, own in pairs)


def _place(offset: Sizes) -> tuple[Any, ...]:
    """An index of one place of a window in a kernel."""
    return (..., *offset)


def _places(window: SlidingWindow, start: Sizes, whole: SlidingWindow) -> tuple[Any, ...]:
    """Where in the kernel of a whole the kernel of a window lies that begins at a pixel."""
    along = (
        slice(at // step, at // step + (size - 1) * max(1, gap // step) + 1, max(1, gap // step))
        for at, step, size, gap in zip(
            start, whole.dilation, window.size, window.dilation, strict=True
        )
    )
    return (..., *along)


def _grouped(conv: Conv, groups: int) -> Array:
    """The kernel as (groups, outputs, inputs, *sizes), in fewer groups where asked."""
    outputs, inputs = len(conv.kernel) // groups, conv.shape[0] // groups
    if groups == conv.groups:
        kernel: Array = conv.kernel.reshape(groups, outputs, inputs, *conv.window.size)
        return kernel
    within = conv.groups // groups
    whole = np.zeros(
        (groups, within, outputs // within, within, inputs // within, *conv.window.size)
    )
    parts = conv.kernel.reshape(groups, within, *whole.shape[2:3], *whole.shape[4:])
    for part in range(within):
        whole[:, part, :, part] = parts[:, part]
    return whole.reshape(groups, outputs, inputs, *conv.window.size)
