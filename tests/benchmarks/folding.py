"""Folding against `numpy.linalg.multi_dot`, side by side: `python -m tests.benchmarks.folding`.

Prints ratios of medians, the two taken in turns; below 1 the fold is the faster.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from actcli.networks.folding.product import best_order, product
from actcli.networks.layers import Dense

CHAINS = {
    "50 dense 1024x1024": [1024] * 51,
    "bottleneck 2000-10-2000-10-2000-2000": [2000, 10, 2000, 10, 2000, 2000],
    "funnel 784-512-512-256-10": [784, 512, 512, 256, 10],
    "widening 10-256-1024-2048": [10, 256, 1024, 2048],
}


def left_to_right(sizes: list[int]) -> int:
    """The multiply-adds of the product in the order of the layers."""
    return sum(sizes[0] * before * after for before, after in pairwise(sizes[1:]))


def seconds(work: Callable[[Any], Any], argument: Any) -> float:
    start = perf_counter()
    work(argument)
    return perf_counter() - start


def main(rounds: int) -> None:
    rng = np.random.default_rng(0)
    print(f"{'chain':40} {'fold s':>10} {'multi_dot s':>12} {'ratio':>7} {'order saves':>12}")
    for name, sizes in CHAINS.items():
        weights = [
            rng.standard_normal((after, before)) / before**0.5 for before, after in pairwise(sizes)
        ]
        layers = [Dense((weight.shape[1],), weight) for weight in weights]
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(seconds(product, layers))
            theirs.append(seconds(np.linalg.multi_dot, weights[::-1]))
        saved = left_to_right(sizes) / best_order(layers).multiply_adds
        print(
            f"{name:40} {median(ours):10.4f} {median(theirs):12.4f} "
            f"{median(ours) / median(theirs):7.3f} {saved:11.1f}x"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
