"""Operators with windows that slide over an image: convolutions and average poolings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from actcli.networks.files.interface import Weights
from actcli.networks.files.onnx.place import Place
from actcli.networks.layers import Chain, Linear, Scale
from actcli.networks.layers.convolution import Conv, average_pool
from actcli.networks.layers.sliding_window import SlidingWindow
from actcli.networks.layers.transposed_convolution import ConvTranspose


def conv(place: Place) -> Linear:
    """A convolution of an image of any number of axes."""
    kernel, bias, groups = _kernel(place)
    shape = place.image
    if kernel.shape[1] * groups != shape[0] or len(kernel) % groups:
        place.refuse(f"Conv of {shape[0]} channels by a kernel of shape {kernel.shape}")
    if bias is not None and bias.shape != kernel.shape[:1]:
        place.refuse(f"Conv with a bias of shape {bias.shape}")
    return Conv(shape, kernel, bias, _window(place, kernel.shape[2:]), groups)


def conv_transpose(place: Place) -> Linear:
    """A transposed convolution whose padding is given."""
    kernel, bias, groups = _kernel(place)
    shape, size = place.image, kernel.shape[2:]
    if len(kernel) != shape[0] or shape[0] % groups:
        place.refuse(f"ConvTranspose of {shape[0]} channels by a kernel of shape {kernel.shape}")
    outputs = kernel.shape[1] * groups
    if bias is not None and bias.shape != (outputs,):
        place.refuse(f"ConvTranspose with a bias of shape {bias.shape}")
    if place.attribute("output_shape", []) or place.attribute("auto_pad", "NOTSET") != "NOTSET":
        place.refuse("ConvTranspose with automatic padding is not supported")
    window = _sound(place, size, place.attribute("pads", [0, 0] * len(size)))
    more = place.attribute("output_padding", [0] * len(size))
    if len(more) != len(size) or any(
        not 0 <= extra < step for extra, step in zip(more, window.stride, strict=True)
    ):
        place.refuse(f"ConvTranspose with an output padding of {more}")
    image = tuple(
        step * (count - 1) + extra + reach - before - after
        for step, count, extra, reach, before, after in zip(
            window.stride,
            shape[1:],
            more,
            window.reach,
            window.pads[: len(size)],
            window.pads[len(size) :],
            strict=True,
        )
    )
    if min(image) < 1:
        place.refuse("ConvTranspose to an empty image")
    return ConvTranspose(Conv((outputs, *image), kernel, None, window, groups), bias)


def _kernel(place: Place) -> tuple[Weights, Weights | None, int]:
    kernel = place.weights(1)
    bias = place.weights(2) if place.constant(2) is not None else None
    groups = place.attribute("group", 1)
    if kernel.ndim != len(place.image) + 1 or groups < 1:
        place.refuse(f"{place.node.op_type} by a kernel of shape {kernel.shape}")
    return kernel, bias, groups


def _window(place: Place, size: Sequence[int]) -> SlidingWindow:
    """The window of a node, its padding worked out where that is automatic."""
    automatic = place.attribute("auto_pad", "NOTSET")
    image = place.image[1:]
    none = [0, 0] * len(size)
    if automatic in ("SAME_UPPER", "SAME_LOWER"):
        window = _sound(place, size, none)
        if place.value.any_size and set(window.stride) != {1}:
            place.refuse(f"{place.node.op_type} padded by the size of an image that is open")
        pads = _same(image, window, is_lower=automatic == "SAME_LOWER")
    else:
        pads = place.attribute("pads", none) if automatic == "NOTSET" else none
    window = _sound(place, size, pads)
    if min(window.output(image)) < 1:
        place.refuse(f"{place.node.op_type} with a window larger than its image")
    return window


def _same(image: Sequence[int], window: SlidingWindow, *, is_lower: bool) -> list[int]:
    """The zeros around an image that make as many outputs as there are strides in it."""
    before, after = [], []
    for size, step, reach in zip(image, window.stride, window.reach, strict=True):
        total = max(0, (-(-size // step) - 1) * step + reach - size)
        less = total // 2
        before.append(total - less if is_lower else less)
        after.append(less if is_lower else total - less)
    return before + after


def _sound(place: Place, size: Sequence[int], pads: Sequence[int]) -> SlidingWindow:
    """A window of sizes that can be."""
    ones = [1] * len(size)
    stride, gaps = place.attribute("strides", ones), place.attribute("dilations", ones)
    fits = len(size) == len(stride) == len(gaps) == len(place.image) - 1
    if not fits or len(pads) != 2 * len(size) or min(*size, *stride, *gaps) < 1 or min(pads) < 0:
        place.refuse(f"{place.node.op_type} with a window of {size} by {stride} in {pads}")
    return SlidingWindow(tuple(size), tuple(stride), tuple(pads), tuple(gaps))


def pool(place: Place) -> Linear:
    """An average pooling; where zeros around do not count, each place is scaled by what does."""
    shape, size = place.image, place.attribute("kernel_shape", [])
    if place.attribute("ceil_mode", 0):
        place.refuse("AveragePool with ceil_mode is not supported")
    window = _window(place, size)
    if any(pad >= reach for pad, reach in zip(window.pads, window.reach * 2, strict=True)):
        place.refuse("AveragePool of a window that sees padding only")
    mean = average_pool(shape, window, kind=place.value.kind)
    if not any(window.pads) or place.attribute("count_include_pad", 0):
        return mean
    share = average_pool((1, *shape[1:]), window)(np.ones((1, 1, *shape[1:])))[0]
    return Chain((mean, Scale(mean.output_shape, 1 / share)))


def global_pool(place: Place) -> Linear:
    """The mean of an image."""
    shape = place.image
    return average_pool(shape, SlidingWindow(shape[1:], shape[1:]), kind=place.value.kind)
