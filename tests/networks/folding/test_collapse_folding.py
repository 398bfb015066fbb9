"""Folding, its order and its bounds, against plain matrix products and scipy."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, reduce
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import correlate

from actcli.networks.folding import product as products
from actcli.networks.folding.association import cheapest_cuts, cheapest_order, multiplied
from actcli.networks.folding.fold import fold, groups_that_pay
from actcli.networks.folding.product import best_order, product
from actcli.networks.folding.proof.error_bound import UNITS, error_bound
from actcli.networks.folding.proof.exact import exact_proof
from actcli.networks.layers import Dense, Linear, Rearrange, Scale, Shape, batch_norm, through
from actcli.networks.layers.convolution import Conv, average_pool, dense_as_convolution
from actcli.networks.layers.sliding_window import SlidingWindow
from tests.present import present


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


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_a_layer_is_its_matrix(layer: Linear) -> None:
    """Forward, transposed and magnitude all agree with f(e_i) - f(0)."""
    zero = layer(np.zeros((1, *layer.shape)))
    units = np.eye(layer.size_in).reshape(-1, *layer.shape)
    matrix = (layer(units) - zero).reshape(layer.size_in, -1).T
    np.testing.assert_allclose(layer.matrix(), matrix, atol=1e-12)
    y = np.eye(layer.size_out).reshape(-1, *layer.output_shape)
    back = layer.transposed(y).reshape(layer.size_out, -1)
    np.testing.assert_allclose(back, matrix, atol=1e-12)
    np.testing.assert_allclose(layer.magnitude().matrix(), np.abs(matrix), atol=1e-12)


@pytest.mark.parametrize("name", ["conv", "strided", "padded"])
def test_convolutions_are_those_of_scipy(name: str) -> None:
    layer = LAYERS[name]
    assert isinstance(layer, Conv)
    x = rng.standard_normal(layer.shape)
    top, left, bottom, right = layer.window.pads
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right)))
    down, across = layer.window.stride
    for output, kernel in enumerate(layer.kernel):
        expected = (
            correlate(padded, kernel, "valid")[0, ::down, ::across] + present(layer.bias)[output]
        )
        np.testing.assert_allclose(layer(x[None])[0, output], expected, atol=1e-12)


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


@pytest.mark.parametrize(("layers", "form"), RUNS.values(), ids=RUNS)
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_a_fold_is_its_layers(
    layers: Sequence[Linear], form: type[Linear], kind: type[np.floating[Any]]
) -> None:
    layers = [stored_as(kind, layer) for layer in layers]
    folded = fold(layers)
    assert isinstance(folded.core, form)
    x = np.random.default_rng(0).standard_normal((8, *layers[0].shape)).astype(kind)
    apart = np.abs(through(layers, x) - through(folded.layers, x))
    assert apart.dtype == kind
    bound = error_bound(layers, folded.layers, x.astype(float), float(np.finfo(kind).epsneg))
    assert (apart <= bound).all()
    assert bound.max() < 2e7 * np.finfo(kind).epsneg


def stored_as(kind: type[np.floating[Any]], layer: Linear) -> Linear:
    """The layer with the numbers it keeps rounded to a type."""
    match layer:
        case Dense() if layer.bias is not None:
            return replace(layer, weight=layer.weight.astype(kind), bias=layer.bias.astype(kind))
        case Conv(learned=True) if layer.bias is not None:
            return replace(layer, kernel=layer.kernel.astype(kind), bias=layer.bias.astype(kind))
        case Conv(learned=True):
            return replace(layer, kernel=layer.kernel.astype(kind))
        case Scale():
            return replace(layer, stored=tuple(part.astype(kind) for part in layer.stored))
    return layer


def enlarged(layer: Linear) -> Linear:
    """The layer with weights that are wrong in the fourth digit."""
    if isinstance(layer, Conv):
        return replace(layer, kernel=1.0001 * layer.kernel)
    assert isinstance(layer, Dense)
    return replace(layer, weight=1.0001 * layer.weight)


@pytest.mark.parametrize("name", ["dense", "to classes", "conv and conv"])
def test_a_wrong_fold_breaks_its_bound(name: str) -> None:
    layers, _ = RUNS[name]
    folded = fold(layers)
    wrong = [enlarged(layer) if layer is folded.core else layer for layer in folded.layers]
    x = np.random.default_rng(0).standard_normal((8, *layers[0].shape))
    apart = np.abs(through(layers, x) - through(wrong, x))
    assert (apart > error_bound(layers, wrong, x)).any()


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_rounding_comes_near_its_bound(kind: type[np.floating[Any]]) -> None:
    """At numbers just above 1, where a rounding is the largest part: a third of the bound."""
    rng = np.random.default_rng(5)
    a, b = rng.uniform(1, 1.1, (2, 2000)).astype(kind)
    layers = [Scale((2000,), factor, stored=(factor,), roundings=1) for factor in (a, b)]
    x = rng.uniform(1, 1.1, (300, 2000)).astype(kind)
    folded = fold(layers).layers
    apart = np.abs(through(layers, x).astype(float) - through(folded, x))
    bound = error_bound(layers, folded, x.astype(float), float(np.finfo(kind).epsneg))
    assert 0.25 < (apart / bound).max() <= 1


@pytest.mark.parametrize(("width", "unit"), [(100, 2.0**-8), (200, 2.0**-8), (900, 2.0**-11)])
def test_a_bound_in_sixteen_bits_holds_for_any_rounding(width: int, unit: float) -> None:
    """Of positive numbers each layer may enlarge its output by 1 + gamma_n, whatever came in."""
    layers = [Dense((width,), np.ones((width, width))), Dense((width,), np.ones((1, width)))]
    share = width * unit / (1 - width * unit)
    x = np.ones((1, width))
    bound = error_bound(layers, fold(layers).layers, x, unit)
    assert bound[0, 0] >= ((1 + share) ** 2 - 1) * width**2


def rationals(array: np.ndarray) -> np.ndarray:
    """The doubles as fractions."""
    return np.asarray(np.vectorize(Fraction, otypes=[object])(array))


@pytest.mark.parametrize("kind", ["float64", "float32"])
def test_the_bound_is_the_sum_of_its_terms(kind: str) -> None:
    """Each layer's rounding carried by the product of those after it, in rational numbers.

    Float64's counts twice, in the layers and in the folding; the rest of 3 is for the second order.
    """
    layers = chain(5, 4, 6, 3, seed=4)
    x = np.random.default_rng(1).standard_normal((7, 5))
    unit = UNITS[kind]
    weights = [rationals(layer.weight) for layer in layers]
    biases = [rationals(present(layer.bias)) for layer in layers]
    products = [
        reduce(lambda whole, w: w @ whole, weights[k:], np.eye(len(w.T), dtype=int))
        for k, w in enumerate(weights)
    ] + [np.eye(3, dtype=int)]
    h, terms = rationals(x), 0
    for k, (w, b) in enumerate(zip(weights, biases, strict=True)):
        size = abs(h) @ abs(w).T + abs(b)
        terms = terms + Fraction(unit) * (len(w.T) + 1) * size @ abs(products[k + 1]).T
        h = h @ w.T + b
    folded = fold(layers)
    assert isinstance(folded.core, Dense)
    one = rationals(folded.core.weight), rationals(present(folded.core.bias))
    terms = terms + Fraction(unit) * 6 * (abs(rationals(x)) @ abs(one[0]).T + abs(one[1]))
    bound = error_bound(layers, folded.layers, x, unit)
    ratio = (rationals(bound) / terms).astype(float)
    assert ratio.min() >= 1
    assert ratio.max() <= 3


def test_where_every_digit_may_be_lost_there_is_no_bound() -> None:
    layers = [Dense((300,), np.ones((4, 300))), Dense((4,), np.ones((1, 4)))]
    bound = error_bound(layers, fold(layers).layers, np.ones((1, 300)), 2.0**-8)
    assert np.isinf(bound).all()


def test_the_bound_of_a_deep_stack_says_something() -> None:
    """|W_n| ... |W_1| is 5e112 here."""
    layers = chain(*[128] * 81, bias=False)
    folded = fold(layers)
    x = np.random.default_rng(0).standard_normal((4, 128))
    apart = np.abs(through(layers, x) - through(folded.layers, x)).max()
    assert apart <= error_bound(layers, folded.layers, x).max() < 1e-8


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_rounding_is_done_once(kind: type[np.floating[Any]]) -> None:
    exact = chain(20, 30, 10)
    layers = [Dense(x.shape, x.weight.astype(kind), present(x.bias).astype(kind)) for x in exact]
    folded = fold(layers).core
    assert isinstance(folded, Dense)
    first, second = (x.weight.astype(float) for x in layers)
    np.testing.assert_array_equal(folded.weight, (second @ first).astype(kind))
    assert folded.weight.dtype == present(folded.bias).dtype == kind


@pytest.mark.parametrize("sizes", [(4, 8, 8, 3), (32,) * 11, (784, 128, 10)])
def test_in_integers_nothing_is_left(sizes: tuple[int, ...]) -> None:
    layers = chain(*sizes)
    if sizes[0] == 784:
        layers = [
            Dense(x.shape, np.rint(x.weight * 64), np.rint(present(x.bias) * 8)) for x in layers
        ]
    folded = fold(layers)
    proof = exact_proof(layers, folded.core.matrix(), np.random.default_rng(0))
    assert proof is not None
    assert proof.deviation == 0
    assert present(proof.matrix_error) < 1e-14


def test_the_exact_proof_finds_an_error_in_the_matrix() -> None:
    layers = chain(4, 8, 3)
    wrong = fold(layers).core.matrix() + 1e-10
    proof = exact_proof(layers, wrong, np.random.default_rng(0))
    assert present(proof).matrix_error == pytest.approx(1e-10, rel=1e-5)


def test_integers_beyond_reason_are_not_tried() -> None:
    assert exact_proof(chain(300, 300, 300), None, np.random.default_rng(0)) is None


def test_extreme_exponents_are_exact() -> None:
    weights = np.array([[1e300, 5e-324], [1.0, -1e-300]])
    layers = [Dense((2,), weights), Dense((2,), weights.T / 1e10)]
    proof = present(exact_proof(layers, None, np.random.default_rng(0)))
    assert proof.deviation == 0
    assert proof.bits > 2000


def test_a_dense_layer_is_a_convolution_and_the_layout_matters() -> None:
    dense = chain(3 * 4 * 5, 7)[0]
    image = np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    same = dense_as_convolution(dense, (3, 4, 5))
    assert same.kernel.shape == (7, 3, 4, 5)
    expected = dense(image.reshape(2, -1))
    np.testing.assert_allclose(same(image).reshape(2, -1), expected, atol=1e-12)
    other = dense(image.transpose(0, 2, 3, 1).reshape(2, -1))
    assert np.abs(other - expected).max() > 0.1
