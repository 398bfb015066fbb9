"""Described stacks: what the words mean, and which are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actcli.errors import UsageError
from actcli.find import find
from actcli.networks.folding.collapse import collapse
from actcli.networks.layers import Dense, Shape, through
from actcli.networks.network import Network
from actcli.networks.stack import stack
from tests.present import present


def net(text: str, **more: Any) -> Network:
    return stack(text.split(), find, **more)


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("784 512 10", [(512,), (10,)]),
        ("32x32x3 conv:8x3x3", [(8, 30, 30)]),
        ("32x32x3 conv:8x3x3,stride=2,pad=1", [(8, 16, 16)]),
        ("32x32x3 conv:8x3x5,pad=1,stride=3", [(8, 11, 10)]),
        ("28x28 avgpool:2 flatten 10", [(1, 14, 14), (196,), (10,)]),
        ("9x9x2 maxpool:2 globalavgpool flatten", [(2, 4, 4), (2, 1, 1), (2,)]),
        ("6 batchnorm dropout softmax layernorm elu:alpha=0.5", [(6,)] * 5),
        ("6 x*tanh(x) torch.relu", [(6,)] * 2),
    ],
)
def test_shapes(text: str, shapes: list[Shape]) -> None:
    layers = net(text).layers
    assert [layer.output_shape for layer in layers] == shapes
    x = np.random.default_rng(0).standard_normal((3, *layers[0].shape))
    for layer, shape in zip(layers, shapes, strict=True):
        x = layer(x)
        assert x.shape == (3, *shape)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("relu 4", "begins with the size"),
        ("4", "an input and its layers"),
        ("0 4", "out of bounds"),
        ("4 0", "width 0"),
        ("99999999999 4", "out of bounds"),
        ("100000 100000", "too many"),
        ("8x8x3 10", r"layer 1 \(10\).*8x8x3 image.*flatten"),
        ("8x8x3 flatten 5 conv:2x3x3", r"layer 3 \(conv:2x3x3\).*row of 5"),
        ("8x8x3 conv:4x9x9", "larger than the 8x8x3 image"),
        ("8x8x3 conv:4x3", "conv:CxKxK"),
        ("8x8x3 conv:4x3x3,stride=0", "at least 1"),
        ("8x8x3 conv:4x3x3,steps=2", "conv:CxKxK"),
        ("8x8x3 conv:4x3x3,pad=1,pad=2", "conv:CxKxK"),
        ("8x8x3 avgpool:0", "avgpool:2"),
        ("8x8x3 avgpool", "avgpool:2"),
        ("8x8x3 flatten:2", "takes nothing"),
        ("4 rellu 3", "did you mean"),
    ],
)
def test_a_slip_is_told(text: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        net(text)


def dense(network: Network) -> Dense:
    layer = network.layers[0]
    assert isinstance(layer, Dense)
    return layer


def test_the_seed_makes_the_network() -> None:
    one, same, other = (dense(net("4 8", seed=seed)).weight for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()
    assert dense(net("4 8", bias=False)).bias is None


def test_weights_are_short_and_of_the_right_size() -> None:
    weight = dense(net("400 300")).weight
    assert np.all(weight * 2**9 == np.rint(weight * 2**9))
    assert weight.std() == pytest.approx(1 / 20, rel=0.02)


def test_a_stack_is_its_matrix() -> None:
    network = net("4 8 8 3")
    (run,) = collapse(network).runs
    x = np.random.default_rng(5).standard_normal((10, 4))
    expected = through(network.layers, x)
    matrix, exact = present(run.matrix), present(run.exact)
    np.testing.assert_allclose(x @ matrix.T + present(run.bias), expected, atol=1e-14)
    assert run.deviation <= run.bound < 1e-12
    assert exact.deviation == exact.matrix_error == 0
    assert (run.rank, run.pays, run.best) == (3, True, [[1, 2, 3]])
    assert (run.multiply_adds_before, run.multiply_adds_after) == (120, 12)
    assert (run.parameters_before, run.parameters_after) == (139, 15)
    values = np.linalg.svd(matrix)[1]
    assert run.condition == pytest.approx(values[0] / values[-1])


def test_runs_end_where_linearity_does() -> None:
    answer = collapse(net("6 5 identity 4 relu 3 2*x 2 tanh tanh"))
    assert [run.layers for run in answer.runs] == [(1, 2, 3), (5, 6, 7)]
    assert [run.form for run in answer.runs] == ["matrix", "matrix"]
    assert present(answer.refutation).by == ["relu", "tanh"]


def test_a_slope_through_three_layers_is_its_cube() -> None:
    (run,) = collapse(net("3 5*x 5*x 5*x")).runs
    np.testing.assert_array_equal(run.matrix, 125 * np.eye(3))
    assert (run.form, run.parameters_after) == ("scale", 1)
    (run,) = collapse(net("3 2*x+1 2*x+1")).runs
    np.testing.assert_array_equal(run.bias, [3, 3, 3])


def test_the_rank_is_that_of_the_bottleneck() -> None:
    (run,) = collapse(net("50 5 50")).runs
    assert (run.rank, run.rank_at_most, run.condition, run.pays) == (5, 5, np.inf, False)
    assert run.best == [[1], [2]]
    assert run.multiply_adds_best == 500


def test_an_image_stack_folds() -> None:
    network = net("16x16x3 conv:8x3x3 avgpool:2 batchnorm flatten 10")
    (run,) = collapse(network).runs
    assert run.matrix_shape == (10, 768)
    assert run.deviation <= run.bound < 1e-9
    (run,) = collapse(net("16x16x3 conv:8x3x3 batchnorm conv:4x1x1")).runs
    assert run.form == "convolution"
    assert run.kernel_shape == (4, 3, 3, 3)


def test_dense_layers_are_convolutions() -> None:
    answer = collapse(net("7x7x16 flatten 24 relu 5"), as_conv=True)
    first, second = answer.as_convolution
    assert (first.kernel_shape, first.weights) == ((24, 16, 7, 7), 24 * 16 * 49)
    assert second.kernel_shape == (5, 24, 1, 1)
    for same in (first, second):
        assert same.deviation <= same.bound
    assert present(first.wrong_layout) > 0.1
    assert second.wrong_layout is None
