"""A fold is its layers, against plain matrix products and scipy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.signal import correlate

from actcli.networks.folding.fold import fold
from actcli.networks.folding.proof.error_bound import error_bound
from actcli.networks.layers import Dense, Linear, Scale, through
from actcli.networks.layers.convolution import Conv, dense_as_convolution
from tests.networks.folding.runs import LAYERS, RUNS, chain, rng
from tests.present import present


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


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_rounding_is_done_once(kind: type[np.floating[Any]]) -> None:
    exact = chain(20, 30, 10)
    layers = [Dense(x.shape, x.weight.astype(kind), present(x.bias).astype(kind)) for x in exact]
    folded = fold(layers).core
    assert isinstance(folded, Dense)
    first, second = (x.weight.astype(float) for x in layers)
    np.testing.assert_array_equal(folded.weight, (second @ first).astype(kind))
    assert folded.weight.dtype == present(folded.bias).dtype == kind


def test_a_dense_layer_is_a_convolution_and_the_layout_matters() -> None:
    dense = chain(3 * 4 * 5, 7)[0]
    image = np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    same = dense_as_convolution(dense, (3, 4, 5))
    assert same.kernel.shape == (7, 3, 4, 5)
    expected = dense(image.reshape(2, -1))
    np.testing.assert_allclose(same(image).reshape(2, -1), expected, atol=1e-12)
    other = dense(image.transpose(0, 2, 3, 1).reshape(2, -1))
    assert np.abs(other - expected).max() > 0.1
