"""The order of the products, and what is folded at all, against all orders."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from functools import cache, reduce
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.networks.folding import product as products
from actcli.networks.folding.association import cheapest_cuts, cheapest_order, multiplied
from actcli.networks.folding.fold import groups_that_pay
from actcli.networks.folding.product import best_order, product
from actcli.networks.layers import Dense
from tests.networks.folding.runs import chain


def least_work(sizes: Sequence[int], work: Sequence[int]) -> int:
    """The least work over all orders, straight from the definition."""

    @cache
    def cost(i: int, j: int) -> int:
        if i == j:
            matrix = sizes[i] * sizes[i + 1]
            return 0 if work[i] >= matrix else min(sizes[i], sizes[i + 1]) * work[i]
        ends = [sizes[j + 1] * work[i] + cost(i + 1, j), sizes[i] * work[j] + cost(i, j - 1)]
        middle = [
            cost(i, k) + cost(k + 1, j) + sizes[i] * sizes[k + 1] * sizes[j + 1]
            for k in range(i, j)
        ]
        return min(ends + middle)

    return cost(0, len(work) - 1)


@given(st.lists(st.integers(1, 30), min_size=2, max_size=8), st.data())
def test_the_order_is_the_cheapest(sizes: list[int], data: st.DataObject) -> None:
    work = [data.draw(st.integers(0, a * b)) for a, b in pairwise(sizes)]
    assert cheapest_order(sizes, work).multiply_adds == least_work(sizes, work)


@given(st.lists(st.integers(1, 6), min_size=2, max_size=9))
def test_every_order_gives_the_product(sizes: list[int]) -> None:
    rng = np.random.default_rng(len(sizes))
    factors = [rng.integers(-3, 4, (b, a)) for a, b in pairwise(sizes)]
    order = cheapest_order(sizes, [a * b for a, b in pairwise(sizes)])
    expected = reduce(lambda whole, factor: factor @ whole, factors)
    np.testing.assert_array_equal(multiplied(order, factors), expected)
    layers = [Dense((f.shape[1],), f.astype(float)) for f in factors]
    np.testing.assert_array_equal(product(layers), expected)
    names = {f"W{n + 1}": factor for n, factor in enumerate(factors)}
    text = str(order).replace(" ", "@")
    np.testing.assert_array_equal(eval(text, {}, names), expected)


def test_the_order_of_a_net_for_digits() -> None:
    order = best_order(chain(784, 512, 512, 256, 10))
    assert (order.name, order.multiply_adds) == ("from the output", 7_946_240)
    assert best_order(chain(10, 256, 1024, 2048)).name == "from the input"


def test_products_are_made_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "STRIP", 300 * 50)
    layers = chain(*[300] * 20, bias=False)
    tracemalloc.start()
    product(layers)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.5 * 300 * 300 * 8


@pytest.mark.parametrize("strip", [1, 300 * 70, 1 << 21])
def test_products_in_place_leave_the_weights_alone(
    monkeypatch: pytest.MonkeyPatch, strip: int
) -> None:
    monkeypatch.setattr(products, "STRIP", strip)
    layers = chain(*[300] * 4, bias=False)
    for layer in layers:
        layer.weight.flags.writeable = False
    expected = reduce(lambda whole, layer: layer.weight @ whole, layers[1:], layers[0].weight)
    np.testing.assert_allclose(product(layers), expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ((784, 512, 256, 10), [range(3)]),
        ((1000, 10, 1000), [range(1), range(1, 2)]),
        ((1000, 10, 1000, 1000), [range(1), range(1, 3)]),
        ((4, 4, 4), [range(2)]),
        ((3,) * 2, [range(1)]),
    ],
)
def test_only_what_shrinks_the_work_is_folded(sizes: tuple[int, ...], groups: list[range]) -> None:
    assert groups_that_pay(chain(*sizes)) == groups


@given(st.lists(st.integers(1, 9), min_size=1, max_size=7), st.randoms())
def test_cuts_cost_least(costs: list[int], random: Random) -> None:
    table = {
        (i, j): (random.randint(0, 9), random.randint(1, 3))
        for i in range(8)
        for j in range(i + 1, 9)
    }
    cuts = cheapest_cuts(len(costs), lambda i, j: table[i, j])
    assert [place for cut in cuts for place in cut] == list(range(len(costs)))

    @cache
    def best(end: int) -> tuple[int, int]:
        """The least work of all plans, and of these the fewest layers."""
        plans = [(best(i)[0] + table[i, end][0], best(i)[1] + table[i, end][1]) for i in range(end)]
        return min(plans, default=(0, 0))

    chosen = [table[cut[0], cut[-1] + 1] for cut in cuts]
    assert tuple(map(sum, zip(*chosen, strict=True))) == best(len(costs))
