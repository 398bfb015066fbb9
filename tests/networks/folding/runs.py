"""Linear layers of every kind, and runs of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from actcli.networks.layers import Dense, Linear, Rearrange, Scale, Shape, batch_norm
from actcli.networks.layers.convolution import Conv, average_pool
from actcli.networks.layers.sliding_window import SlidingWindow


def chain(*sizes: int, bias: bool = True, seed: int = 0) -> list[Dense]:
    rng = np.random.default_rng(seed)
    return [
        Dense(
            (before,),
            rng.standard_normal((after, before)) / before**0.5,
            rng.standard_normal(after) if bias else None,
        )
        for before, after in pairwise(sizes)
    ]


IMAGE = (3, 9, 8)
rng = np.random.default_rng(3)


def conv(
    shape: Shape, outputs: int, window: SlidingWindow, groups: int = 1, bias: bool = True
) -> Conv:
    kernel = rng.standard_normal((outputs, shape[0] // groups, *window.size))
    return Conv(shape, kernel, rng.standard_normal(outputs) if bias else None, window, groups)


def norm(shape: Shape, more: float = 0.0) -> Scale:
    gamma, beta, mean, variance = rng.random((4, shape[0])) + more
    return batch_norm(shape, gamma, beta, mean, variance, 1e-5)


LAYERS: dict[str, Linear] = {
    "conv": conv(IMAGE, 4, SlidingWindow((3, 2))),
    "strided": conv(IMAGE, 4, SlidingWindow((3, 3), (2, 3))),
    "padded": conv(IMAGE, 4, SlidingWindow((3, 3), (2, 1), (1, 0, 2, 1))),
    "grouped": conv((4, 6, 6), 6, SlidingWindow((3, 3)), groups=2),
    "pooled": average_pool(IMAGE, SlidingWindow((2, 3), (2, 3))),
    "normed": norm(IMAGE, 0.5),
    "permuted": Rearrange(IMAGE, (9, 8, 3), order=(1, 2, 0)),
    "flattened": Rearrange(IMAGE, (216,)),
    "dense": chain(7, 5)[0],
    "dense on sequences": Dense((6, 7), rng.standard_normal((5, 7))),
}


def after(
    layers: list[Linear], outputs: int, window: SlidingWindow, groups: int = 1
) -> list[Linear]:
    return [*layers, conv(layers[-1].output_shape, outputs, window, groups)]


POINT, SQUARE = SlidingWindow((1, 1)), SlidingWindow((3, 3))
FIRST = [LAYERS["padded"]]
POOLED = [*FIRST, average_pool(FIRST[0].output_shape, SlidingWindow((2, 2), (2, 2)))]
RUNS: dict[str, tuple[Sequence[Linear], type[Linear]]] = {
    "conv and conv": (after(FIRST, 5, SlidingWindow((2, 2), (2, 1))), Conv),
    "conv and point": (after(FIRST, 5, POINT), Conv),
    "conv, norm": (
        [*FIRST, norm(FIRST[0].output_shape)],
        Conv,
    ),
    "norm, conv": (
        [LAYERS["normed"], conv(IMAGE, 4, SQUARE)],
        Conv,
    ),
    "conv and pool": (POOLED, Conv),
    "grouped and grouped": (after([LAYERS["grouped"]], 4, POINT, groups=2), Conv),
    "point without bias and padded": (
        [
            conv(IMAGE, 2, POINT, bias=False),
            conv((2, 9, 8), 4, SlidingWindow((3, 3), (1, 1), (1, 1, 1, 1))),
        ],
        Conv,
    ),
    "point with bias and padded": (
        [conv(IMAGE, 2, POINT), conv((2, 9, 8), 4, SlidingWindow((3, 3), (1, 1), (1, 1, 1, 1)))],
        Dense,
    ),
    "norm and norm": ([LAYERS["normed"]] * 2, Scale),
    "to classes": (
        [
            *POOLED,
            Rearrange(POOLED[-1].output_shape, (POOLED[-1].size_out,)),
            *chain(POOLED[-1].size_out, 6, 4),
        ],
        Dense,
    ),
    "through a transpose": (
        [LAYERS["permuted"], Rearrange((9, 8, 3), (216,)), *chain(216, 4, 3)],
        Dense,
    ),
    "dense": (chain(30, 20, 25, 10), Dense),
    "one": (chain(5, 4), Dense),
}
