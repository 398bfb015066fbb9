"""The bound on what rounding moves, against rational numbers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import pytest

from actcli.networks.folding.fold import fold
from actcli.networks.folding.proof.error_bound import UNITS, error_bound
from actcli.networks.layers import Dense, Linear, Scale, through
from actcli.networks.layers.convolution import Conv
from tests.networks.folding.runs import RUNS, chain
from tests.present import present


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
