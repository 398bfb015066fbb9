"""The rarer nodes of random graphs: branches that meet again, windows turned round, sums over axes.

Each takes a `Maker` and adds to its graph, or leaves it as it is where its data do not fit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from onnx import helper

if TYPE_CHECKING:
    from tests.networks.files.random_graphs import Maker


def negate(maker: Maker) -> None:
    maker.add("Neg", [])


def pad(maker: Maker) -> None:
    """Zeros, or another number, around all axes but the batch."""
    before, after = (
        [0, *(int(n) for n in maker.rng.integers(0, 3, len(maker.shape) - 1))] for _ in range(2)
    )
    more = [maker.constant(whole=[*before, *after])]
    if maker.rng.integers(3) == 0:
        more.append(maker.constant())
    maker.add("Pad", more)
    sizes = zip(maker.shape, before, after, strict=True)
    maker.shape = tuple(size + one + other for size, one, other in sizes)


def reduce(maker: Maker) -> None:
    """A sum or a mean over some axes, at times over the batch too."""
    rank = len(maker.shape)
    first = 0 if maker.rng.integers(8) == 0 else 1
    axes = sorted({int(axis) for axis in maker.rng.integers(first, rank, 2)})
    keeps = bool(maker.rng.integers(2)) or rank - len(axes) < 2
    asked = [axis - rank if maker.rng.integers(2) else axis for axis in axes]
    if maker.rng.integers(2):
        maker.add("ReduceSum", [maker.constant(whole=asked)], keepdims=int(keeps))
    else:
        maker.add("ReduceMean", [], axes=asked, keepdims=int(keeps))
    if 0 in axes and not keeps:
        maker.open_batch = False
    maker.shape = tuple(
        1 if place in axes else size
        for place, size in enumerate(maker.shape)
        if keeps or place not in axes
    )


def conv_transpose(maker: Maker) -> None:
    if len(maker.shape) < 3:
        return
    axes = len(maker.shape) - 2
    size = [int(n) for n in maker.rng.integers(1, 4, axes)]
    strides = [int(n) for n in maker.rng.integers(1, 3, axes)]
    gaps = [int(n) for n in maker.rng.integers(1, 3, axes)]
    more = [int(maker.rng.integers(0, max(step, 1))) for step in strides]
    pads = [int(n) for n in maker.rng.integers(0, 2, 2 * axes)]
    image = [
        strides[i] * (maker.shape[2 + i] - 1)
        + more[i]
        + (size[i] - 1) * gaps[i]
        + 1
        - pads[i]
        - pads[i + axes]
        for i in range(axes)
    ]
    channels = maker.shape[1]
    group = channels if maker.rng.integers(3) == 0 else 1
    outputs = int(maker.rng.integers(1, 4))
    if min(image) < 1 or math.prod(image) * outputs * group > 800:
        return
    weights = [maker.constant(channels, outputs, *size)]
    if maker.rng.integers(2):
        weights.append(maker.constant(outputs * group))
    maker.add(
        "ConvTranspose",
        weights,
        kernel_shape=size,
        strides=strides,
        dilations=gaps,
        pads=pads,
        output_padding=more,
        group=group,
    )
    maker.shape = (maker.shape[0], outputs * group, *image)


def same_conv(maker: Maker) -> None:
    """A convolution that works out its padding, or has dilations."""
    if len(maker.shape) < 3:
        return
    axes = len(maker.shape) - 2
    outputs = int(maker.rng.integers(1, 4))
    size = [int(n) for n in maker.rng.integers(1, 4, axes)]
    kernel = maker.constant(outputs, maker.shape[1], *size)
    if maker.rng.integers(2):
        strides = [int(n) for n in maker.rng.integers(1, 4, axes)]
        way = str(maker.rng.choice(["SAME_UPPER", "SAME_LOWER"]))
        maker.add("Conv", [kernel], kernel_shape=size, auto_pad=way, strides=strides)
        image = [-(-maker.shape[2 + i] // strides[i]) for i in range(axes)]
    else:
        gaps = [int(n) for n in maker.rng.integers(1, 4, axes)]
        pads = [(size[i % axes] - 1) * gaps[i % axes] for i in range(2 * axes)]
        maker.add("Conv", [kernel], kernel_shape=size, dilations=gaps, pads=pads)
        image = [maker.shape[2 + i] + pads[i] for i in range(axes)]
    maker.shape = (maker.shape[0], outputs, *image)


def left_product(maker: Maker) -> None:
    """A matrix on the left of the data."""
    if len(maker.shape) < 3 and maker.open_batch:
        return
    size = int(maker.rng.integers(1, 6))
    maker.add("MatMul", [maker.constant(size, maker.shape[-2])], first=False)
    maker.shape = (*maker.shape[:-2], size, maker.shape[-1])


def einsum(maker: Maker) -> None:
    """An axis, or two, contracted with a matrix, and the new ones anywhere but first."""
    rank = len(maker.shape)
    data = "nabcd"[:rank]
    count = min(rank - 1, int(maker.rng.integers(1, 3)))
    chosen = maker.rng.permutation(range(1, rank))[:count]
    summed = [data[int(place)] for place in chosen]
    new = list("xy"[: int(maker.rng.integers(1, 3))])
    size = {label: int(maker.rng.integers(1, 4)) for label in new}
    size |= dict(zip(data, maker.shape, strict=True))
    other = [str(label) for label in maker.rng.permutation([*summed, *new])]
    rest = [str(label) for label in maker.rng.permutation([*(set(data[1:]) - set(summed)), *new])]
    if len(rest) > 4:
        return
    out = ["n", *sorted(rest)]
    weight = maker.constant(*(size[label] for label in other))
    first = bool(maker.rng.integers(2))
    terms = [data, "".join(other)] if first else ["".join(other), data]
    maker.add("Einsum", [weight], first=first, equation=f"{','.join(terms)}->{''.join(out)}")
    maker.shape = tuple(size[label] for label in out)


def branches(maker: Maker) -> None:
    """Ways that part at one value and are added, subtracted or summed."""
    start, shape = maker.value, maker.shape
    ends = []
    outputs = int(maker.rng.integers(1, 6)) if maker.rng.integers(2) else shape[-1]
    for _ in range(int(maker.rng.integers(2, 4))):
        maker.value, maker.shape = start, shape
        if outputs != shape[-1] or maker.rng.integers(3):
            inner = int(maker.rng.integers(1, 4))
            if maker.rng.integers(2):
                maker.add("MatMul", [maker.constant(shape[-1], inner)])
                maker.add("MatMul", [maker.constant(inner, outputs)])
            else:
                maker.add("MatMul", [maker.constant(shape[-1], outputs)])
            maker.shape = (*shape[:-1], outputs)
        if maker.rng.integers(3) == 0:
            maker.add("Add", [maker.constant(outputs)])
        ends.append(maker.value)
    _meet(maker, ends)


def image_branches(maker: Maker) -> None:
    """Convolutions side by side, with strides in common and what makes their outputs meet."""
    if len(maker.shape) < 3:
        return
    start, shape, ends = maker.value, maker.shape, []
    axes = len(shape) - 2
    stride = int(maker.rng.integers(1, 3))
    for half in (0, 1, 0)[: int(maker.rng.integers(2, 4))]:
        maker.value = start
        size, gap = 2 * half + 1, int(maker.rng.integers(1, 3))
        group = shape[1] if maker.rng.integers(2) else 1
        maker.add(
            "Conv",
            [maker.constant(shape[1], shape[1] // group, *[size] * axes)],
            kernel_shape=[size] * axes,
            strides=[stride] * axes,
            dilations=[gap] * axes,
            pads=[half * gap] * 2 * axes,
            group=group,
        )
        maker.shape = (*shape[:2], *((size - 1) // stride + 1 for size in shape[2:]))
        if maker.rng.integers(2):
            maker.batch_norm()
        ends.append(maker.value)
    if stride == 1 and maker.rng.integers(2):
        ends.append(start)
    _meet(maker, ends)


def _meet(maker: Maker, ends: list[str]) -> None:
    if maker.rng.integers(3) == 0:
        maker.nodes.append(helper.make_node("Sum", ends, [f"v{len(maker.nodes)}"]))
        maker.value = f"v{len(maker.nodes) - 1}"
        return
    maker.value, *others = ends
    for other in others:
        maker.add("Add" if maker.rng.integers(2) else "Sub", [other])


RARER = {
    "negate": negate,
    "pad": pad,
    "reduce": reduce,
    "conv_transpose": conv_transpose,
    "same_conv": same_conv,
    "left_product": left_product,
    "einsum": einsum,
    "branches": branches,
    "branches again": branches,
    "image_branches": image_branches,
}
