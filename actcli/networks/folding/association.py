"""In which order a chain of matrices is multiplied, and which neighbours are worth multiplying.

Both questions have an exact answer by dynamic programming over the sub-chains. A chain is described
by its sizes d_0 ... d_n (layer k, counted from 0, takes d_k numbers to d_k+1) and by the work of
each layer on one vector: d_k d_k+1 for a dense layer, less for one whose matrix is not written out.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Times = Callable[[Any, Any], Any]
"""The product of two matrices."""


@dataclass(frozen=True)
class Growth:
    """A product as it is made: a core, then single layers multiplied onto it one by one."""

    core: int | tuple[range, range]
    """One layer, or the layers of the left and of the right factor."""
    onto: Sequence[int]
    """The layers in their order: one after the core from the left, one before it from the right."""


@dataclass(frozen=True)
class Association:
    """An order in which a chain is multiplied.

    `split[i, j]` says how the product of layers i to j is made: i and j stand for that layer
    alone multiplied onto the product of the others, what lies between is the last layer of the
    right factor.
    """

    split: NDArray[np.intp]
    multiply_adds: int

    def growth(self, first: int, last: int) -> Growth:
        """How the product of the layers first to last is made."""
        onto = []
        while first < last:
            cut = int(self.split[first, last])
            if cut == first:
                onto.append(first)
                first += 1
            elif cut == last:
                onto.append(last)
                last -= 1
            else:
                return Growth((range(cut + 1, last + 1), range(first, cut + 1)), onto[::-1])
        return Growth(first, onto[::-1])

    @property
    def name(self) -> str:
        """From the output, from the input, or mixed."""
        last = len(self.split) - 1
        growth = self.growth(0, last)
        begun = {growth.core, *growth.onto[:1]}
        if begun <= {last, last - 1}:
            return "from the output"
        return "from the input" if begun <= {0, 1} else "mixed"

    def __str__(self) -> str:
        """The product as in `(W3 W2) W1`."""
        return self._product(0, len(self.split) - 1)

    def _product(self, first: int, last: int) -> str:
        growth = self.growth(first, last)
        if isinstance(growth.core, int):
            low = high = growth.core
            text = f"W{low + 1}"
        else:
            left, right = growth.core
            low, high = right[0], left[-1]
            text = f"({self._product(left[0], high)}) ({self._product(low, right[-1])})"
        for layer in growth.onto:
            whole = text if low == high else f"({text})"
            text = f"W{layer + 1} {whole}" if layer > high else f"{whole} W{layer + 1}"
            low, high = min(low, layer), max(high, layer)
        return text


def cheapest_order(sizes: Sequence[int], work: Sequence[int]) -> Association:
    """The order of least work; where orders tie, the one from the output.

    A single layer is multiplied onto a product at its own work a row or column, without its matrix.
    """
    count = len(work)
    d, load = np.array(sizes, float), np.array(work, float)
    cost = np.zeros((count, count))
    split = np.zeros((count, count), np.intp)
    for layer in range(count):
        written_out = work[layer] >= sizes[layer] * sizes[layer + 1]
        cost[layer, layer] = 0 if written_out else min(d[layer], d[layer + 1]) * work[layer]
    for length in range(1, count):
        i = np.arange(count - length)
        j = i + length
        cuts = i[:, None] + np.arange(1, length - 1)
        each = np.empty((len(i), cuts.shape[1] + 2))
        each[:, 0] = cost[i + 1, j] + d[j + 1] * load[i]
        each[:, 1:-1] = (
            cost[i[:, None], cuts]
            + cost[cuts + 1, j[:, None]]
            + (d[i] * d[j + 1])[:, None] * d[cuts + 1]
        )
        each[:, -1] = cost[i, j - 1] + d[i] * load[j]
        cheapest = each.argmin(axis=1)
        split[i, j] = np.where(cheapest == each.shape[1] - 1, j, i + cheapest)
        cost[i, j] = each.min(axis=1)
    return Association(split, int(cost[0, -1]))


def cheapest_cuts(count: int, cost: Callable[[int, int], tuple[int, int]]) -> list[range]:
    """The groups of neighbours to fold so that the whole chain costs least.

    `cost(i, j)` is the work of layers i to j - 1 folded into one, and how many layers that is.
    Where plans are the same work, the one of fewer layers; where these tie, that of fewer folds.
    """
    best: list[tuple[int, int, int, list[range]]] = [(0, 0, 0, [])]
    for end in range(1, count + 1):
        plans = []
        for start, (work, layers, folds, groups) in enumerate(best):
            more, further = cost(start, end)
            plans.append(
                (
                    work + more,
                    layers + further,
                    folds + end - start - 1,
                    [*groups, range(start, end)],
                )
            )
        best.append(min(plans, key=lambda plan: plan[:3]))
    return best[count][3]


def multiplied(order: Association, factors: Sequence[Any], times: Times = operator.matmul) -> Any:
    """The product of the factors, first to last from the right, in that order of association."""

    def part(layers: range) -> Any:
        growth = order.growth(layers[0], layers[-1])
        if isinstance(growth.core, int):
            core, whole = growth.core, factors[growth.core]
        else:
            left, right = growth.core
            core, whole = left[0], times(part(left), part(right))
        for layer in growth.onto:
            left_to_right = (whole, factors[layer]) if layer < core else (factors[layer], whole)
            whole = times(*left_to_right)
        return whole

    return part(range(len(factors)))
