"""Graphs of images and the operators that their folds leave: nodes, constants, input, rank."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.networks.files.folds_of_rows import Graph, norm, normed, number, sequence, whole
from tests.networks.files.models import node, weights

IMAGE: tuple[list[str | int], int] = (["N", 4, 8, 7], 4)
"""The shape of an input, and how many axes the output has."""


def after_a_conv(kind: str, constant: np.ndarray, **attributes: Any) -> Graph:
    """A convolution, then something elementwise."""
    attributes = {"strides": [2, 3], "pads": [0, 1, 2, 1]} | attributes
    nodes = [node("Conv", "x k c", "h", **attributes), node(kind, "h s", "y")]
    return nodes, {"k": weights(6, 4, 3, 2), "c": weights(6), "s": constant}, *IMAGE


def conv_norm(kernel: tuple[int, ...], shape: list[str | int], **attributes: Any) -> Graph:
    nodes = [node("Conv", "x k", "h", **attributes), normed("h", "y")]
    return nodes, {"k": weights(*kernel), **norm(kernel[0])}, shape, len(shape)


def transposed_norm(kernel: tuple[int, ...], **attributes: Any) -> Graph:
    outputs = kernel[1] * attributes.get("group", 1)
    nodes = [node("Mul", "x s", "g"), node("ConvTranspose", "g k c", "h", **attributes)]
    constants = {"s": weights(4, 1, 1), "k": weights(*kernel), "c": weights(outputs)}
    return [*nodes, normed("h", "y")], constants | norm(outputs), *IMAGE


IMAGES: dict[str, tuple[Graph, str]] = {
    "a conv, then a norm": (conv_norm((6, 4, 3, 3), IMAGE[0], strides=[2, 1]), "Conv"),
    "a conv of 1 axis, then a norm": (conv_norm((5, 4, 3), ["N", 4, 9], pads=[2, 1]), "Conv"),
    "a conv of 3 axes, then a norm": (
        conv_norm((6, 2, 3, 1, 2), ["N", 4, 5, 4, 3], group=2, strides=[2, 1, 1], pads=[1] * 6),
        "Conv",
    ),
    "a conv with dilations": (
        conv_norm((6, 4, 3, 2), IMAGE[0], dilations=[2, 3], pads=[1, 0, 0, 2]),
        "Conv",
    ),
    "padding worked out, more at the end": (
        conv_norm((6, 4, 3, 2), IMAGE[0], auto_pad="SAME_UPPER", strides=[2, 3]),
        "Conv",
    ),
    "padding worked out, more at the beginning": (
        conv_norm((6, 4, 2, 4), IMAGE[0], auto_pad="SAME_LOWER"),
        "Conv",
    ),
    "no padding": (conv_norm((6, 4, 3, 3), IMAGE[0], auto_pad="VALID"), "Conv"),
    "a conv, then Mul": (after_a_conv("Mul", weights(1, 6, 1, 1)), "Conv"),
    "a conv, then Mul by a number": (after_a_conv("Mul", number(0.3)), "Conv"),
    "a conv, then Add": (after_a_conv("Add", weights(6, 1, 1)), "Conv"),
    "a conv, then Sub of a number": (after_a_conv("Sub", number(2)), "Conv"),
    "a conv, then Div": (after_a_conv("Div", 1 + weights(6, 1, 1) ** 2), "Conv"),
    "a pad, then a conv that pads": (
        sequence(
            node("Pad", "x p", "a"),
            node("Conv", "a k", "h", pads=[1, 0, 0, 1], strides=[2, 1]),
            normed("h", "y"),
            shape=IMAGE[0],
            rank=4,
            p=whole(0, 0, 1, 2, 0, 0, 0, 1),
            k=weights(6, 4, 3, 3),
            **norm(6),
        ),
        "Conv",
    ),
    "a transposed conv, then a norm": (
        transposed_norm((4, 6, 3, 2), strides=[2, 1], pads=[1, 0, 0, 1], output_padding=[1, 0]),
        "ConvTranspose",
    ),
    "a transposed conv in groups": (
        transposed_norm((4, 3, 2, 2), group=2, dilations=[2, 1]),
        "ConvTranspose",
    ),
    "three branches of convs": (
        sequence(
            node("Conv", "x k3", "a", pads=[1] * 4),
            normed("a", "a2"),
            node("Conv", "x k1 c", "b"),
            normed("b", "b2", "1"),
            normed("x", "d", "2"),
            node("Add", "a2 b2", "e"),
            node("Add", "e d", "z"),
            node("Relu", "z", "y"),
            shape=IMAGE[0],
            rank=4,
            k3=weights(4, 4, 3, 3),
            k1=weights(4, 4, 1, 1),
            c=weights(4),
            **norm(4),
            **norm(4, "1"),
            **norm(4, "2"),
        ),
        "Conv Relu",
    ),
    "branches with strides, in groups": (
        sequence(
            node("Conv", "x k3", "a", pads=[1, 2, 0, 2], strides=[2, 2], dilations=[1, 2], group=2),
            node("Conv", "x k1 c", "b", strides=[2, 2], group=4),
            node("Sub", "a b", "y"),
            shape=("N", 4, 7, 7),
            rank=4,
            k3=weights(4, 2, 2, 3),
            k1=weights(4, 1, 1, 1),
            c=weights(4),
        ),
        "Conv",
    ),
    "the mean of an image": (
        sequence(
            node("ReduceMean", "x", "a", axes=[2, -1], keepdims=0),
            node("Gemm", "a w", "h"),
            node("Gemm", "h w2", "y"),
            shape=IMAGE[0],
            rank=2,
            w=weights(4, 30),
            w2=weights(30, 3),
        ),
        "ReduceMean Gemm",
    ),
    "Einsum by channels": (
        sequence(
            node("Einsum", "w x", "h", equation="oc,nchw->nhwo"),
            node("Einsum", "h v", "y", equation="nhwo,ko->nkhw"),
            shape=IMAGE[0],
            rank=4,
            w=weights(9, 4),
            v=weights(3, 9),
        ),
        "Transpose MatMul Transpose",
    ),
    "a pooling that does not count its padding": (
        sequence(
            node("AveragePool", "x", "a", kernel_shape=[3, 3], pads=[1] * 4, strides=[3, 3]),
            node("Flatten", "a", "f"),
            node("Gemm", "f w", "h"),
            node("Gemm", "h v", "y"),
            shape=("N", 1, 4, 4),
            rank=2,
            w=weights(4, 3),
            v=weights(3, 2),
        ),
        "Flatten Gemm",
    ),
}
